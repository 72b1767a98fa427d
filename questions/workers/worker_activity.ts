import { checkQuestion } from "../../display/text/mistakes.ts";
import type { Database } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { type Interval, outside, within } from "./intervals.ts";
import { gapsOf, type Lane } from "./lanes.ts";
import { readWorkers } from "./read_workers.ts";
import {
  type Attempt,
  nameOf,
  type Outcome,
  type Worker,
  type WorkerName,
  workerOptionNames,
  type WorkerOptions,
} from "./worker.ts";

/** Activity of a worker, or the cause of its waiting. */
export type WorkerState =
  | "busy"
  | "transfer"
  | "manager"
  | "dispatch"
  | "dependencies"
  | "nothing queued"
  | "unknown";

/** The cause of a worker's waiting. */
export type WaitState = Exclude<WorkerState, "busy">;

/** An interval of a worker's life: a row of {@linkcode workerActivity}. */
export interface WorkerActivity extends WorkerName {
  /** The number of the slot, from 0. Absent if no worker has several. */
  slot?: number;
  /** Name of its node. */
  host: string | null;
  /** Its activity in that time. */
  state: WorkerState;
  /** Unix seconds. */
  start: number;
  /** Unix seconds, at which the next interval begins if none is in it. */
  end: number;
  /** Length. */
  seconds: number;
  /** The app of the task it is busy with; null if unknown. */
  app: string | null;
  /** Parsl's number of the task. */
  task: string | null;
  /** The number of the try. */
  try: string | null;
  /** How the attempt ended. */
  outcome: Outcome | null;
}

/**
 * Lists the activity of each worker from its start to its end and, while it had
 * no task, the cause of its waiting: rows for a timeline of workers or for your
 * own sums.
 *
 * The intervals of a slot have no gaps and do not overlap. They are in the order
 * of run, executor, block, manager, worker, slot and start; see
 * {@linkcode WorkerActivity} for the columns. The states:
 *
 * - "busy": it has a task: an attempt of {@linkcode attempts};
 * - "transfer": otherwise, the worker sends or receives a file;
 * - "manager": otherwise, its manager has a task that no worker has received yet;
 * - "dispatch": otherwise, a task of its executor is launched or queued, and not
 *   yet sent to any manager or worker;
 * - "dependencies": otherwise, tasks of its executor wait for others;
 * - "nothing queued": otherwise, if a log shows when tasks waited;
 * - "unknown": otherwise.
 *
 * A gap between two tasks can be divided among several of them. All idle workers
 * of an executor wait for the same queued task. Workers, their slots and their
 * lives are those that {@linkcode attempts} describes.
 *
 * Components have their own clocks: between hosts, their difference is part of
 * the waiting. Takes O(n log n) time for n tasks, and time in proportion to the
 * rows: w workers that are idle while the queue of their executor empties and
 * fills again k times have w times k rows. {@linkcode workerIdleTime} computes
 * its sums without them.
 *
 * @throws {RangeError} for a name that fits no run, or several; for an unknown
 * executor
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
  checkQuestion("workerActivity", db, options, workerOptionNames);
  const workers = readWorkers(db, options);
  const hasSlots = workers.some(({ lanes }) => lanes.length > 1);
  return answer(
    workers.flatMap((worker) =>
      worker.lanes.flatMap((lane, slot) => {
        const name = { ...nameOf(worker), ...hasSlots && { slot } };
        return stretchesOf(worker, lane).map((stretch) => ({
          ...name,
          host: worker.host,
          ...stretch,
        }));
      })
    ),
    ["run", "host", "end", "try"],
  );
}

type Stretch = Omit<WorkerActivity, keyof WorkerName | "slot" | "host">;

function stretchesOf(worker: Worker, lane: Lane<Attempt>): Stretch[] {
  const stretches = lane.attempts.map((attempt): Stretch => {
    const { start, end, seconds, app, task, outcome } = attempt;
    return {
      state: "busy",
      start,
      end,
      seconds,
      app,
      task,
      try: attempt.try,
      outcome,
    };
  });
  const none = { app: null, task: null, try: null, outcome: null };
  let gaps = gapsOf(lane);
  for (const { state, when } of causesOf(worker)) {
    for (const [start, end] of gaps.flatMap((gap) => within(gap, when))) {
      stretches.push({ state, start, end, seconds: end - start, ...none });
    }
    gaps = gaps.flatMap((gap) => outside(gap, when));
  }
  return stretches.sort((a, b) => a.start - b.start);
}

/** Why a worker without a task waits: the first cause that holds. */
function causesOf(
  { transfers, held, queued, pending }: Worker,
): { state: WaitState; when: readonly Interval[] }[] {
  const always: Interval[] = [[-Infinity, Infinity]];
  return [
    { state: "transfer", when: transfers },
    { state: "manager", when: held },
    { state: "dispatch", when: queued ?? [] },
    { state: "dependencies", when: pending },
    { state: queued ? "nothing queued" : "unknown", when: always },
  ];
}
