// @ts-types="npm:@types/d3-array@3.2.2"
import { sum } from "d3-array";
import { checkQuestion } from "../../display/text/mistakes.ts";
import type { Database } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { lengthOf } from "./intervals.ts";
import { gapsOf } from "./lanes.ts";
import type { EndReason } from "./lives.ts";
import { waitingTimes } from "./waiting_times.ts";
import { readWorkers } from "./read_workers.ts";
import {
  nameOf,
  type WorkerName,
  workerOptionNames,
  type WorkerOptions,
} from "./worker.ts";

/** The time use of a worker: a row of {@linkcode workerIdleTime}. */
export interface WorkerIdleTime extends WorkerName {
  /** Name of its node. */
  host: string | null;
  /** Unix seconds. */
  start: number;
  /** Unix seconds. */
  end: number;
  /**
   * The proof of its end, or "last known time" if no log has one: it then counts
   * until the last moment that the logs of its run know.
   */
  ended_by: EndReason;
  /** Number of its slots: tasks that it can have at once. */
  slots: number;
  /** Seconds of life of all its slots: the sum of the seven below. */
  life: number;
  /** Seconds with a task. */
  busy: number;
  /** Seconds without a task because none was queued for its executor. */
  nothing_queued: number;
  /** Seconds without a task because the executor's tasks waited for others. */
  waiting_for_dependencies: number;
  /**
   * Seconds without a task because tasks were queued but not yet sent to a
   * manager or worker.
   */
  waiting_for_dispatch: number;
  /**
   * Seconds without a task because its manager had tasks that no worker had
   * received yet.
   */
  waiting_for_manager: number;
  /** Seconds without a task while files were sent or received. */
  transfer: number;
  /** Seconds without a task for an unknown reason. */
  unknown: number;
  /** Number of its attempts at tasks. */
  tasks: number;
  /** Number of gaps before, between and after its tasks. */
  gaps: number;
  /** The longest gap, in seconds; 0 without any. */
  longest_gap: number;
}

const secondary = ("manager life tasks waiting_for_manager unknown " +
  "transfer longest_gap ended_by slots executor host gaps start end").split(
    " ",
  );

/**
 * Computes how long each worker was idle, and why, with one row per worker in
 * the order of run, executor, block, manager and worker; see
 * {@linkcode WorkerIdleTime} for the columns. They are sums over
 * `workerActivity(db)`, which describes the causes. Takes O(n log n) time
 * for n tasks.
 *
 * @throws {RangeError} for a name that fits no run, or several; for an unknown
 * executor
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
 * const waiting = worker!.waiting_for_dispatch + worker!.waiting_for_manager +
 *   worker!.waiting_for_dependencies;
 * assert.ok(
 *   Math.abs(life - busy - nothing_queued - waiting - unknown) < 1e-6,
 * );
 * ```
 */
export function workerIdleTime(
  db: Database,
  options: WorkerOptions = {},
): WorkerIdleTime[] {
  checkQuestion("workerIdleTime", db, options, workerOptionNames);
  const waitingOf = waitingTimes();
  return answer(
    readWorkers(db, options).map((worker): WorkerIdleTime => {
      const waits = waitingOf(worker);
      const gaps = worker.lanes.flatMap(gapsOf).map(lengthOf);
      const life = sum(worker.lanes, ({ life }) => lengthOf(life));
      return {
        ...nameOf(worker),
        host: worker.host,
        start: worker.life[0],
        end: worker.life[1],
        ended_by: worker.ended_by,
        slots: worker.lanes.length,
        life,
        busy: life - sum(gaps),
        nothing_queued: waits["nothing queued"],
        waiting_for_dependencies: waits.dependencies,
        waiting_for_dispatch: waits.dispatch,
        waiting_for_manager: waits.manager,
        transfer: waits.transfer,
        unknown: waits.unknown,
        tasks: worker.attempts.length,
        gaps: gaps.length,
        longest_gap: gaps.reduce((a, b) => Math.max(a, b), 0),
      };
    }),
    secondary,
  );
}
