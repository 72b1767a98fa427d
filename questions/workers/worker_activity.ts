import { showReport } from "../../display/text/rows.ts";
import type { Database } from "../../sql/mod.ts";
import { type Interval, outside, within } from "./intervals.ts";

import {
  nameOf,
  type Worker,
  type WorkerName,
  type WorkerOptions,
} from "./workers.ts";
import { gapsOf, readWorkers } from "./read_workers.ts";

export type { WorkerName, WorkerOptions };

/** What a worker does, or what it waits for. */
export type WorkerState =
  | "busy"
  | "nothing queued"
  | "dispatch"
  | "manager"
  | "unknown";

/** A piece of a worker's life, a row of {@linkcode workerActivity}. */
export interface WorkerActivity extends WorkerName {
  /** What it is in meanwhile. */
  state: WorkerState;
  /** When it begins, in Unix seconds. */
  start: number;
  /** When it ends: there the next one begins. */
  end: number;
  /** Its length. */
  seconds: number;
  /** What it is busy with: Parsl's number of the task; null if not told. */
  task: string | null;
  /** And of the try. */
  try: string | null;
}

/**
 * What each worker did from its start to its end, and while it had no task,
 * what it waited for: rows, for a timeline of workers or for sums of your own.
 *
 * The pieces of a worker's life, without a gap, in the order of run, executor,
 * block, manager, worker and start; see {@linkcode WorkerActivity} for the columns.
 * The states:
 *
 * - "busy": it has a task, from when it receives it until all is finished;
 * - "manager": its manager has been sent a task that no worker has received yet;
 * - "dispatch": else, a task of its executor was launched or in the interchange,
 *   and not yet sent to any manager;
 * - "nothing queued": else, if it is known when tasks waited;
 * - "unknown": else.
 *
 * A gap between two tasks may be in several of them, one after the other. A task
 * that waits is waited for by all that are idle.
 *
 * What is known from where: the workers, and what they are busy with, from
 * worker_N.log of the high throughput executor: without it there is no row. They
 * start with their first line, and end with their last one or with the last of
 * their manager.log, for a worker that waits says nothing. That a task was sent
 * to a manager is known from interchange.log, or without it later, from
 * manager.log; that a task waited, from parsl.log, or interchange.log since 2026.
 * Without either "dispatch" and "nothing queued" are "unknown". A task that never
 * finished keeps its worker busy until the next or to the end.
 *
 * The workers of Work Queue and TaskVine are known from the log of transactions:
 * from CONNECTION to DISCONNECTION, busy while at least one task is RUNNING, else
 * waiting for "dispatch" if one was submitted or WAITING. They have no block and
 * no manager here. A pool of threads has no workers that are told of: no rows.
 *
 * Components have clocks of their own: between hosts, their difference is part
 * of what was waited for. It takes time in proportion to n log n for n tasks,
 * and to the rows: w workers that are idle while the queue of their executor is
 * empty and filled again k times have w times k rows. The sums that
 * {@linkcode workerIdleTime} gives do not make these.
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
  return showReport(readWorkers(db, options).flatMap(piecesOf), {
    kinds: { start: "unix", end: "unix", seconds: "seconds" },
    secondary: ["run", "worker_id", "end"],
  });
}

function piecesOf(worker: Worker): WorkerActivity[] {
  const { queued, held } = worker;
  const name = nameOf(worker);
  const pieces: WorkerActivity[] = [];
  const add = (
    state: WorkerState,
    intervals: readonly Interval[],
    of: { task: string | null; try: string | null } = nobody,
  ) => {
    for (const [start, end] of intervals) {
      const { task, try: tryNumber } = of;
      pieces.push({
        ...{ ...name, state, start, end, seconds: end - start },
        ...{ task, try: tryNumber },
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
  return pieces.sort((a, b) => a.start - b.start);
}

const nobody = { task: null, try: null };
