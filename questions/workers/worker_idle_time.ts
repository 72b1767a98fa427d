import type { Database } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { coveredSeconds, type Interval, within } from "./intervals.ts";
import {
  gapsOf,
  nameOf,
  readWorkers,
  type Worker,
  type WorkerName,
  type WorkerOptions,
} from "./workers.ts";

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
    busy: work.reduce((sum, { interval: [from, to] }) => sum + to - from, 0),
    nothing_queued: worker.queued ? rest : 0,
    waiting_for_dispatch: Math.max(0, sums.dispatch),
    waiting_for_manager: sums.manager,
    unknown: worker.queued ? 0 : rest,
    tasks: work.length,
    gaps: sums.gaps,
    longest_gap: sums.longest,
  };
}
