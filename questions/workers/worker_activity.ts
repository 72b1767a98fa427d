import type { Database } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { type Interval, outside, within } from "./intervals.ts";
import {
  gapsOf,
  nameOf,
  readWorkers,
  type Worker,
  type WorkerName,
  type WorkerOptions,
} from "./workers.ts";

/** Activity of a worker, or the cause of its waiting. */
export type WorkerState =
  | "busy"
  | "nothing queued"
  | "dispatch"
  | "manager"
  | "unknown";

/** An interval of a worker's life: a row of {@linkcode workerActivity}. */
export interface WorkerActivity extends WorkerName {
  /** Its activity in that time. */
  state: WorkerState;
  /** Unix seconds. */
  start: number;
  /** Unix seconds, at which the next interval begins. */
  end: number;
  /** Length. */
  seconds: number;
  /** Parsl's number of the task it is busy with; null if unknown. */
  task: string | null;
  /** The number of the try. */
  try: string | null;
}

/**
 * Lists the activity of each worker from its start to its end and, while it had
 * no task, the cause of its waiting: rows for a timeline of workers or for your
 * own sums.
 *
 * The intervals of a worker's life have no gaps. They are in the order of run,
 * executor, block, manager, worker and start; see {@linkcode WorkerActivity}
 * for the columns. The states:
 *
 * - "busy": it has a task, from receiving it until all is finished;
 * - "manager": its manager has a task that no worker has received yet;
 * - "dispatch": otherwise, a task of its executor is launched or queued, and not
 *   yet sent to any manager;
 * - "nothing queued": otherwise, if a log shows when tasks waited;
 * - "unknown": otherwise.
 *
 * A gap between two tasks can be divided among several of them. All idle workers
 * of an executor wait for the same queued task.
 *
 * Workers that write logs, as those of the high throughput executor do, have
 * rows only if these logs exist. They start with their first line and end with
 * their last one or the last of their manager's log, because a waiting worker
 * logs nothing. The dispatch of a task to a manager is in the interchange's
 * log, or else, later, in the manager's; its waiting is in parsl.log, or in the
 * interchange's log since 2026. Without either, "dispatch" and "nothing queued"
 * are "unknown". A task that never finished keeps its worker busy until the
 * next one or to the end.
 *
 * Workers of a queue come from its transaction log, from connection to
 * disconnection: busy while at least one task runs, otherwise waiting for
 * "dispatch" if one is queued. They have no block and no manager. A thread pool
 * logs no workers and has no rows.
 *
 * Components have their own clocks: between hosts, their difference is part of
 * the waiting. Takes O(n log n) time for n tasks, and time in proportion to the
 * rows: w workers that are idle while the queue of their executor empties and
 * fills again k times have w times k rows. {@linkcode workerIdleTime} computes
 * its sums without them.
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { workerActivity } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/wq/runinfo");
 *
 * const [first, second] = workerActivity(db);
 * assert.equal(first!.state, "dispatch");
 * assert.equal(second!.state, "busy");
 * assert.equal(second!.start, first!.end);
 * ```
 */
export function workerActivity(
  db: Database,
  options: WorkerOptions = {},
): WorkerActivity[] {
  return answer(
    readWorkers(db, options).flatMap(stretchesOf),
    ["run", "worker_id", "end"],
  );
}

function stretchesOf(worker: Worker): WorkerActivity[] {
  const { queued, held } = worker;
  const name = nameOf(worker);
  const stretches: WorkerActivity[] = [];
  const add = (
    state: WorkerState,
    intervals: readonly Interval[],
    of: { task: string | null; try: string | null } = noTask,
  ) => {
    for (const [start, end] of intervals) {
      const { task, try: tryNumber } = of;
      stretches.push({
        ...name,
        state,
        start,
        end,
        seconds: end - start,
        task,
        try: tryNumber,
      });
    }
  };
  for (const { interval, ...of } of worker.work) add("busy", [interval], of);
  for (const gap of gapsOf(worker)) {
    add("manager", within(gap, held));
    for (const rest of outside(gap, held)) {
      add("dispatch", within(rest, queued ?? []));
      add(queued ? "nothing queued" : "unknown", outside(rest, queued ?? []));
    }
  }
  return stretches.sort((a, b) => a.start - b.start);
}

const noTask = { task: null, try: null };
