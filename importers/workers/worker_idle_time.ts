import type { Database } from "../../sql/mod.ts";
import {
  type WorkerActivity,
  workerActivity,
  type WorkerName,
  type WorkerOptions,
  type WorkerState,
} from "./worker_activity.ts";

/** How a worker spent its life, a row of {@linkcode workerIdleTime}. */
export interface WorkerIdleTime extends WorkerName {
  /** When it started, in Unix seconds. */
  start: number;
  /** When it ended, in Unix seconds. */
  end: number;
  /** Its life, in seconds: the sum of the five below. */
  life: number;
  /** The seconds in which it had a task. */
  busy: number;
  /** Those in which it had none, for none was queued for its executor. */
  nothing_queued: number;
  /** For tasks were queued, and not yet sent to a manager. */
  waiting_for_dispatch: number;
  /** For its manager had been sent tasks that no worker had received yet. */
  waiting_for_manager: number;
  /** For a reason that nobody tells. */
  unknown: number;
  /** How many tasks it had. */
  tasks: number;
  /** How often it had none: before, between and after its tasks. */
  gaps: number;
  /** The longest of these gaps, in seconds; 0 without any. */
  longest_gap: number;
}

/**
 * How long each worker was idle, and what it waited for meanwhile: a row for
 * each worker, in the order of run, executor, block, manager and worker; see
 * {@linkcode WorkerIdleTime} for the columns. The sums of what
 * {@linkcode workerActivity} gives piece by piece; there is said what the
 * reasons are and from which logs they are known.
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo, workerIdleTime } from "dnpc/importers";
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
  return byWorker(workerActivity(db, options)).map(sumOf);
}

// A worker's pieces are one after the other, and each begins where one ends.
function byWorker(pieces: readonly WorkerActivity[]): WorkerActivity[][] {
  const workers: WorkerActivity[][] = [];
  let last: WorkerActivity | undefined;
  for (const piece of pieces) {
    if (last && isSame(last, piece)) workers.at(-1)!.push(piece);
    else workers.push([piece]);
    last = piece;
  }
  return workers;
}

const isSame = (a: WorkerName, b: WorkerName): boolean =>
  a.worker_id === b.worker_id && a.run === b.run &&
  a.executor === b.executor && a.block === b.block &&
  a.manager === b.manager && a.worker === b.worker;

function sumOf(pieces: readonly WorkerActivity[]): WorkerIdleTime {
  const { worker_id, run, executor, block, manager, worker, start } =
    pieces[0]!;
  const { end } = pieces.at(-1)!;
  const sum = (state: WorkerState) =>
    pieces.reduce((sum, p) => p.state === state ? sum + p.seconds : sum, 0);
  const gaps = gapsOf(pieces);
  return {
    ...{ worker_id, run, executor, block, manager, worker, start, end },
    life: end - start,
    busy: sum("busy"),
    nothing_queued: sum("nothing queued"),
    waiting_for_dispatch: sum("dispatch"),
    waiting_for_manager: sum("manager"),
    unknown: sum("unknown"),
    tasks: pieces.filter(({ state }) => state === "busy").length,
    gaps: gaps.length,
    longest_gap: gaps.reduce((a, b) => Math.max(a, b), 0),
  };
}

function gapsOf(pieces: readonly WorkerActivity[]): number[] {
  const gaps: number[] = [];
  let since: number | undefined;
  for (const { state, start } of pieces) {
    if (state !== "busy") since ??= start;
    else if (since !== undefined) {
      gaps.push(start - since);
      since = undefined;
    }
  }
  if (since !== undefined) gaps.push(pieces.at(-1)!.end - since);
  return gaps;
}
