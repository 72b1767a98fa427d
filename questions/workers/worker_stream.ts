import { checkQuestion } from "../../display/text/mistakes.ts";
import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { keyOf, runOf, type RunRow } from "./place_rows.ts";
import librariesText from "./libraries.sql" with { type: "text" };
import { placed, readModel } from "./read_workers.ts";
import {
  type Attempt,
  byName,
  nameOf,
  type Worker,
  type WorkerName,
  workerOptionNames,
  type WorkerOptions,
} from "./worker.ts";

/** What a worker did, or what took place on it: a row of {@linkcode workerStream}. */
export interface WorkerStreamRow extends
  WorkerName,
  Pick<
    Attempt,
    "host" | "app" | "task" | "try" | "executor_task" | "start" | "end"
  > {
  /** "task" for an attempt; see {@linkcode workerStream} for the others. */
  state: "task" | "waiting" | "transfer" | "library";
  /** Length. */
  seconds: number;
  /** How the attempt ended; null for the others. */
  outcome: Attempt["outcome"] | null;
  /** 1 if the task was tried again afterwards, otherwise 0. */
  retried: 0 | 1;
  /** The number of the library; null for the others. */
  library: string | null;
}

/**
 * Lists what took place on each worker: rows for `taskStream` of dnpc/plots. These
 * are the attempts, and, where a log has them:
 *
 * - "waiting": before an attempt, its task waited with its manager while the slot of
 *   the worker was free;
 * - "transfer": the worker sent or received files, of Work Queue or TaskVine;
 * - "library": a process on a worker of TaskVine that serves calls, to its end or
 *   that of the worker.
 *
 * The rows are in the order of run, executor, block, manager and worker, and of
 * their start; see {@linkcode WorkerStreamRow} for the columns.
 *
 * @throws {RangeError} for a name that fits no run, or several; for an unknown
 * executor
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { attempts, workerStream } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/wq/runinfo");
 *
 * const tasks = workerStream(db).filter(({ state }) => state === "task");
 * assert.equal(tasks.length, attempts(db).length);
 * ```
 */
export function workerStream(
  db: Database,
  options: WorkerOptions = {},
): WorkerStreamRow[] {
  checkQuestion("workerStream", db, options, workerOptionNames);
  const { workers, runs, read } = readModel(db, options);
  const placeOf = (one: Pick<WorkerName, "run" | "executor" | "worker">) =>
    keyOf(one.run, one.executor, one.worker);
  const libraries = Map.groupBy(
    read<Library>(sql.module(librariesText, {})),
    (row) => placeOf({ ...row, run: runs.get(runOf(row))?.label ?? row.run }),
  );
  const rows = placed(workers).toSorted(byName).flatMap((worker) => {
    const { life: [first, last] } = worker;
    const own = libraries.get(placeOf(worker))?.filter(({ begin }) =>
      first <= begin && begin <= last
    ) ?? [];
    return [
      ...worker.lanes.flatMap(({ attempts }) =>
        tasksOf(attempts)
      ),
      ...worker.transfers.map(([start, end]) =>
        rowOf(worker, "transfer", start, Math.min(end, last))
      ),
      ...own.map(({ begin, until, library }) => ({
        ...rowOf(worker, "library", begin, until ?? last),
        library,
      })),
    ].sort((a, b) => a.start - b.start);
  });
  return answer(rows, ["library", "executor_task", "host", "end", "try"], {
    noun: "attempt",
  });
}

interface Library extends RunRow {
  executor: string | null;
  worker: string | null;
  library: string;
  begin: number;
  until: number | null;
}

const rowOf = (
  of: Worker | Attempt,
  state: WorkerStreamRow["state"],
  start: number,
  end: number,
): WorkerStreamRow => ({
  ...nameOf(of),
  host: of.host,
  state,
  app: null,
  task: null,
  try: null,
  executor_task: null,
  start,
  end,
  seconds: end - start,
  outcome: null,
  retried: 0,
  library: null,
});

/** The attempts of a slot, each after the time that its task waited for the slot. */
function tasksOf(attempts: readonly Attempt[]): WorkerStreamRow[] {
  let free = -Infinity;
  return attempts.flatMap((attempt) => {
    const { start, end, received, app, task, executor_task } = attempt;
    const since = Math.max(received ?? start, free);
    free = Math.max(free, end);
    const own = { app, task, try: attempt.try, executor_task };
    return [
      ...since < start
        ? [{ ...rowOf(attempt, "waiting", since, start), ...own }]
        : [],
      {
        ...rowOf(attempt, "task", start, end),
        ...own,
        outcome: attempt.outcome,
        retried: attempt.retried,
      },
    ];
  });
}
