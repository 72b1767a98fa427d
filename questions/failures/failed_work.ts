import { spanSql as sql } from "../../sql/mod.ts";
import { keyOf, runOf, type RunRow } from "../workers/place_rows.ts";
import type { readModel } from "../workers/read_workers.ts";
import type { Attempt } from "../workers/worker.ts";
import { causeOf, type Failed } from "./failed.ts";
import ownExceptionsText from "./own_exceptions.sql" with { type: "text" };

interface OwnRow extends RunRow {
  span_id: number;
  executor: string | null;
  name: string | null;
  kind: string;
  app: string | null;
  exception: string | null;
  message: string | null;
  result: string | null;
  exit_code: string | null;
  limits: string | null;
  ended: number | null;
}

/** Ends of an attempt that is lost, in words. */
const losses: Partial<Record<Attempt["ended_by"], string>> = {
  disconnected: "its worker disconnected",
  "worker died": "its worker died",
  "manager ended": "its manager ended",
  "manager lost": "its manager was lost",
  "block ended": "its block ended",
};

/** Ends of an attempt that did not fail: the run was over. */
const over: ReadonlySet<Attempt["ended_by"]> = new Set([
  "executor shut down",
  "run ended",
  "end of manager log",
  "last known time",
]);

/**
 * Reads the work that failed without a failed try of Parsl: in executors that
 * Parsl did not use, and attempts that a queue repeated by itself.
 *
 * @param attempts those of no failed try
 */
export function readFailedWork(
  { runs, read }: ReturnType<typeof readModel>,
  attempts: readonly Attempt[],
  hosts: ReadonlySet<string>,
): Failed[] {
  const isDone = new Set(
    attempts.filter(({ outcome }) => outcome === "done").map(taskKey),
  );
  const bySpan = Map.groupBy(
    attempts.filter(({ outcome, ended_by }) =>
      outcome === "failed" || outcome === "lost" && !over.has(ended_by)
    ),
    ({ span_id }) => span_id,
  );
  const spans = JSON.stringify([...bySpan.keys()]);
  const rows = read<OwnRow>(sql.module(ownExceptionsText, { attempts: spans }));
  return rows.flatMap((row): Failed[] => {
    const found = bySpan.get(row.span_id) ?? [];
    return (found.length > 0 ? found : [undefined]).map((attempt): Failed => {
      const [exception, message] = reasonOf(row, attempt);
      const task = attempt?.task ?? null;
      return {
        ...causeOf(exception, message, hosts),
        run: runs.get(runOf(row))?.label || runOf(row) || null,
        kind: "work",
        name: task === null
          ? `${row.kind.replaceAll("_", " ")} ${row.name}`
          : `task ${task}`,
        task,
        try: attempt?.try ?? null,
        app: attempt?.app ?? row.app,
        executor: row.executor,
        ended: attempt?.end ?? row.ended,
        attempts: attempt ? [attempt] : [],
        outcome: attempt && isDone.has(taskKey(attempt))
          ? "recovered"
          : "failed",
        isDependent: false,
        runId: runOf(row),
      };
    });
  }).toArray();
}

const taskKey = ({ run, executor, task, executor_task, span_id }: Attempt) =>
  keyOf(run, executor, task, executor_task ?? String(span_id));

function reasonOf(
  { exception, message, result, exit_code, limits }: OwnRow,
  attempt: Attempt | undefined,
): [exception: string | null, message: string | null] {
  if (exception !== null || message !== null) return [exception, message];
  const code = exit_code === null || exit_code === "0" || exit_code === "-1"
    ? null
    : `exit code ${exit_code}`;
  const isSuccess = result === null || result === "SUCCESS";
  const loss = attempt?.outcome === "lost"
    ? losses[attempt.ended_by] ?? "its worker was lost"
    : undefined;
  const reasons = [
    isSuccess ? loss : undefined,
    limits && `limits exceeded: ${amountsIn(limits)}`,
    code,
  ];
  return [
    isSuccess ? null : result,
    reasons.filter(Boolean).join("; ") || null,
  ];
}

/** {"memory":[512,"MB"]} as "memory 512 MB". */
function amountsIn(json: string): string {
  const limits: unknown = JSON.parse(json);
  return typeof limits === "object" && limits !== null
    ? Object.entries(limits)
      .map(([name, amount]) => [name, amount].flat().join(" ")).join(", ")
    : String(limits);
}
