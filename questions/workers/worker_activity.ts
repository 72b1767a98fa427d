import type { Database } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { coveredSeconds, type Interval, outside, within } from "./intervals.ts";
import {
  busyTimes,
  gapsOf,
  nameOf,
  readWorkers,
  type Work,
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
  /** Unix seconds, at which the next interval begins if none is in it. */
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
 * The intervals of a worker's life have no gaps. Only tasks overlap, if a worker
 * of a queue has several at once. They are in the order of run,
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
 * Workers of a queue come from its transaction log. Their life begins when they
 * connect, and ends when they disconnect, or with the queue's manager, or with
 * the log. They are busy while at least one task runs, and otherwise wait for
 * "dispatch" if a task is queued. They have no block and no manager. A thread pool
 * logs no workers and has no rows.
 *
 * Components have their own clocks: between hosts, their difference is part of
 * the waiting. Takes O(n log n) time for n tasks, and time in proportion to the
 * rows: w workers that are idle while the queue of their executor empties and
 * fills again k times have w times k rows. {@linkcode workerIdleTime} computes
 * its sums without them.
 *
 * @throws {RangeError} for a name that fits no run, or several
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
    of: Omit<Work, "interval"> = { task: null, try: null },
  ) => {
    for (const [start, end] of intervals) {
      const seconds = end - start;
      stretches.push({ ...name, state, start, end, seconds, ...of });
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

/** The time use of a worker: a row of {@linkcode workerIdleTime}. */
export interface WorkerIdleTime extends WorkerName {
  /** Unix seconds. */
  start: number;
  /** Unix seconds. */
  end: number;
  /** Its life, in seconds: the sum of the five below. */
  life: number;
  /** Seconds with a task. */
  busy: number;
  /** Seconds without a task because none was queued for its executor. */
  nothing_queued: number;
  /**
   * Seconds without a task because tasks were queued but not yet sent to a
   * manager.
   */
  waiting_for_dispatch: number;
  /**
   * Seconds without a task because its manager had tasks that no worker had
   * received yet.
   */
  waiting_for_manager: number;
  /** Seconds without a task for an unknown reason. */
  unknown: number;
  /** Number of its tasks. */
  tasks: number;
  /** Number of gaps before, between and after its tasks. */
  gaps: number;
  /** The longest gap, in seconds; 0 without any. */
  longest_gap: number;
}

/**
 * Computes how long each worker was idle, and why, with one row per worker in
 * the order of run, executor, block, manager and worker; see
 * {@linkcode WorkerIdleTime} for the columns. They are sums over
 * {@linkcode workerActivity}, which describes the causes and the logs that they
 * come from. Takes O(n log n) time for n tasks.
 *
 * @throws {RangeError} for a name that fits no run, or several
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { workerIdleTime } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo", {
 *   timeZone: "America/New_York",
 * });
 *
 * const [worker] = workerIdleTime(db);
 * assert.equal(worker!.tasks, 41);
 * const { life, busy, nothing_queued, unknown } = worker!;
 * const waiting = worker!.waiting_for_dispatch + worker!.waiting_for_manager;
 * assert.ok(
 *   Math.abs(life - busy - nothing_queued - waiting - unknown) < 1e-6,
 * );
 * ```
 */
export function workerIdleTime(
  db: Database,
  options: WorkerOptions = {},
): WorkerIdleTime[] {
  const queues = new Map<readonly Interval[], (gap: Interval) => number>();
  return answer(
    readWorkers(db, options).map((worker) => {
      const { queued = [] } = worker;
      const inQueue = queues.getOrInsertComputed(queued, coveredSeconds);
      return sumOf(worker, inQueue);
    }),
    ["run", "executor", "gaps", "worker_id", "start", "end"],
  );
}

function sumOf(
  worker: Worker,
  inQueue: (gap: Interval) => number,
): WorkerIdleTime {
  const { life: [start, end], work, queued = [], held } = worker;
  const isHeld = coveredSeconds(held);
  const isBoth = coveredSeconds(
    held.flatMap((interval) => within(interval, queued)),
  );
  const sums = { gaps: 0, idle: 0, manager: 0, dispatch: 0, longest: 0 };
  for (const gap of gapsOf(worker)) {
    const seconds = gap[1] - gap[0];
    sums.gaps++;
    sums.idle += seconds;
    sums.manager += isHeld(gap);
    sums.dispatch += inQueue(gap) - isBoth(gap);
    sums.longest = Math.max(sums.longest, seconds);
  }
  const rest = Math.max(0, sums.idle - sums.manager - sums.dispatch);
  return {
    ...nameOf(worker),
    start,
    end,
    life: end - start,
    busy: busyTimes(worker).reduce((sum, [from, to]) => sum + to - from, 0),
    nothing_queued: worker.queued ? rest : 0,
    waiting_for_dispatch: Math.max(0, sums.dispatch),
    waiting_for_manager: sums.manager,
    unknown: worker.queued ? 0 : rest,
    tasks: work.length,
    gaps: sums.gaps,
    longest_gap: sums.longest,
  };
}
