import { checkQuestion } from "../../display/text/mistakes.ts";
import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { checkExecutor } from "../runs/check_executor.ts";
import { nameOfRun, runLabels } from "../runs/find_run.ts";
import type { RunOptions } from "./critical_path.ts";
import queueLengthsText from "./queue_lengths.sql" with { type: "text" };

/** Selects the executors of {@linkcode queueLengths}. */
export interface QueueLengthsOptions extends RunOptions {
  /** Only the executor with this label. */
  executor?: string;
}

/** The length of a queue at a time: a row of {@linkcode queueLengths}. */
export interface QueueLength {
  /** Label of the run, such as "000"; if it has none, its id or directory. */
  run: string;
  /** The label of the executor. */
  executor: string;
  /**
   * "in the interchange", or the name of another executor's queue; "in manager
   * 9fec5171ac0d" for the tasks of a manager that no worker has received yet.
   */
  queue: string;
  /** Unix seconds. */
  time: number;
  /** Number of tasks. */
  length: number;
  /** "logged" if a log has this number, "implicit" if it follows from events. */
  source: "logged" | "implicit";
}

/**
 * Lists how long the queues of executors were over time: of tasks that wait in
 * the executor, and in each of its managers.
 *
 * Each queue has up to two accounts. If a log reports its length, each reading
 * is a row with the source "logged": the interchange's and the managers' lines,
 * the statistics of Work Queue and TaskVine. The other account counts the tasks
 * that came and went, by the events of the component itself: a row with the
 * source "implicit" for each time at which the length changes.
 *
 * The rows are in the order of run, executor, queue, source and time; see
 * {@linkcode QueueLength} for the columns. Takes O(n log n) time for n tasks.
 *
 * @throws {RangeError} for a name that fits no run, or several; for an unknown
 * executor
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { queueLengths } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/wq/runinfo");
 *
 * const lengths = queueLengths(db).filter(({ source }) => source === "implicit");
 * assert.equal(lengths[0]!.queue, "in Work Queue");
 * assert.equal(lengths.at(-1)!.length, 0);
 * ```
 */
export function queueLengths(
  db: Database,
  options: QueueLengthsOptions = {},
): QueueLength[] {
  checkQuestion("queueLengths", db, options, { run: true, executor: true });
  const { run: name, executor } = options;
  const run = nameOfRun(db, name);
  const isRun = run === undefined
    ? sql`1 = 1`
    : sql`${run} IN (span.attributes ->> 'run', span.attributes ->> 'rundir')`;
  const isExecutor = executor === undefined
    ? sql`1 = 1`
    : sql`span.attributes ->> 'executor' = ${executor}`;
  const labels = runLabels(db);
  const rows = db.query<QueueLength>(
    sql.module(queueLengthsText, {
      is_wanted: sql`${isRun} AND ${isExecutor}`,
    }),
  ).map(({ run, ...row }) => ({
    run: labels.get(run) ?? run,
    ...row,
  }));
  if (rows.length === 0) checkExecutor(db, executor);
  // A sort is stable: each run keeps its order.
  rows.sort((a, b) => compare(a.run, b.run));
  return answer(rows, [], { kinds: { length: "count" } });
}

const { compare } = new Intl.Collator("en", { numeric: true });
