import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { keyOf, runOf } from "../workers/place_rows.ts";
import type { BlockLife } from "../workers/read_blocks.ts";
import type { readModel } from "../workers/read_workers.ts";
import badStatesText from "./bad_states.sql" with { type: "text" };
import { type Cause, causeOf, type Failed } from "./failed.ts";
import { badStateOf, type BadStateRow } from "./failed_tries.ts";

/** The reason why Parsl gave up an executor. */
interface BadState {
  run: string | null;
  cause: Cause;
  time: number;
  traceback: string;
  /** Those of the tries that failed with it, if any did. */
  executors: ReadonlySet<string | null> | undefined;
}

const failedStates: ReadonlySet<string | null> = new Set([
  "FAILED",
  "MISSING",
  "TIMEOUT",
  // Of Slurm.
  "BOOT_FAIL",
  "DEADLINE",
  "NODE_FAIL",
  "OUT_OF_MEMORY",
  "PREEMPTED",
]);

// Parsl ends blocks by SIGTERM.
const terminated = 128 + 15;

const hasFailed = (
  { state, job_state, ended_by, exit_code }: BlockLife,
): boolean =>
  [job_state, ended_by, state].some((one) => failedStates.has(one)) ||
  ended_by === null && exit_code !== null && exit_code !== 0 &&
    exit_code !== terminated;

/** How the failed blocks ended with which workers of tries were lost. */
export function noteLostBlocks(
  { blocks }: ReturnType<typeof readModel>,
  tries: readonly Failed[],
): void {
  for (const one of tries) {
    const lost = one.attempts.findLast(({ outcome }) => outcome === "lost");
    const block = lost &&
      blocks.get(keyOf(one.runId, lost.executor, lost.block));
    if (block && hasFailed(block)) one.blockEnd = endOf(block);
  }
}

/**
 * Reads the blocks that failed. If Parsl gave up their executor for it, that is
 * their cause, as it is the cause of the tries that failed with it.
 */
export function readFailedBlocks(
  db: Database,
  { blocks, runs, read }: ReturnType<typeof readModel>,
  tries: readonly Failed[],
  hosts: ReadonlySet<string>,
): Failed[] {
  const failed = blocks.values().filter(hasFailed).toArray();
  const labelOf = (run: string) => runs.get(run)?.label || run || null;
  const rowOf = (
    kind: Failed["kind"],
    run: string | null,
    executor: string | null,
    name: string,
    ended: number | null,
    cause: Cause,
    output: () => string | null,
  ): Failed => ({
    ...cause,
    run,
    kind,
    name,
    task: null,
    try: null,
    app: null,
    executor,
    ended,
    attempts: [],
    outcome: "unknown",
    isDependent: false,
    output,
    runId: "",
  });
  const executors = new Map<string, Set<string | null>>();
  for (const { executor, ...one } of tries) {
    executors.getOrInsertComputed(causeKey(one), () => new Set()).add(executor);
  }
  const giveUps = new Map(
    tries.filter(({ exception }) => exception === "TooManyJobFailuresError")
      .map(({ run, executor, exception, message, example }) =>
        [keyOf(run, executor), { exception, message, example }] as const
      ),
  );
  // Parsl may say it several times.
  const given = new Map<string, BadState>();
  for (const row of read<BadStateRow>(sql.module(badStatesText, {}))) {
    const run = labelOf(runOf(row));
    const cause = causeOf(...badStateOf(row), hosts);
    const key = causeKey({ run, ...cause });
    const { time, traceback } = row;
    given.getOrInsert(
      key,
      { run, cause, time, traceback, executors: executors.get(key) },
    );
  }
  const badStates = Map.groupBy(given.values(), ({ run }) => run);
  const explained = new Set<BadState>();
  const rows = failed.map((block): Failed => {
    const run = labelOf(runOf(block));
    const bad = badStates.get(run)?.find(({ executors }, _, all) =>
      executors?.has(block.executor) ?? all.length === 1
    );
    if (bad) explained.add(bad);
    // Monitoring does not say when Parsl gave up an executor.
    const cause = bad?.cause ?? giveUps.get(keyOf(run, block.executor)) ??
      causeOf(null, `block ended: ${endOf(block)}`, hosts);
    const row = rowOf(
      "block",
      run,
      block.executor,
      `block ${block.block} of ${block.executor}`,
      block.ended ?? bad?.time ?? null,
      cause,
      () => bad?.traceback ?? errorsOf(db, block),
    );
    return { ...row, blockEnd: endOf(block) };
  });
  // An executor may be given up although no block ever started.
  const others = given.values().filter((bad) =>
    bad.executors === undefined && !explained.has(bad)
  ).map(({ run, time, cause, traceback }) =>
    rowOf("executor", run, null, "an executor", time, cause, () => traceback)
  );
  return [...rows, ...others];
}

const causeKey = (
  { run, exception, message }: Pick<Failed, "run" | "exception" | "message">,
) => keyOf(run, exception, message);

function endOf({ state, job_state, ended_by, exit_code }: BlockLife): string {
  const how = [job_state, ended_by, state].find((one) => failedStates.has(one));
  return [how, exit_code && `exit code ${exit_code}`].filter(Boolean)
    .join(", ");
}

/** The end of the error output of a block's submit script. */
function errorsOf(db: Database, block: BlockLife): string | null {
  const [row] = db.query<{ more: string | null }>(sql`
    SELECT event_row.attributes ->> 'more' AS more
    FROM span JOIN span_kind USING (type)
      JOIN event_row ON event_row.span_id = span.id
      JOIN event_type ON event_type.id = type_id
    WHERE role = 'block' AND event_type.type IN ('stderr', 'stdout')
      AND ${block.rundir} = span.attributes ->> 'rundir'
      AND ${block.executor} = span.attributes ->> 'executor'
      AND ${block.block} = span.attributes ->> 'block'
      AND more <> ''
    ORDER BY event_type.type LIMIT 1`);
  return row?.more ?? null;
}
