import type { Database } from "../../sql/mod.ts";
import {
  type WorkerActivity,
  workerActivity,
  type WorkerOptions,
} from "./worker_activity.ts";
import { keyOf } from "./workers.ts";

const levels = ["run", "executor", "block", "manager", "worker"] as const;

/** What {@linkcode utilisation} is of, and how finely. */
export interface UtilisationOptions extends WorkerOptions {
  /** A row for each of these. By default for each executor. */
  by?: "run" | "executor" | "block" | "manager" | "worker";
  /** Rows for bins of time, this many seconds each. By default one for all. */
  per?: number;
}

/** How far workers were used, a row of {@linkcode utilisation}. */
export interface Utilisation {
  /** The id of the run; where nobody tells it, the run directory. */
  run: string | null;
  /** The label of the executor. This and those below only where asked for. */
  executor?: string | null;
  /** The number of the block. */
  block?: string | null;
  /** The id of the manager. */
  manager?: string | null;
  /** The worker: its number with its manager, or its name. */
  worker?: string | null;
  /** When the first of the workers started, or the bin begins: Unix seconds. */
  start: number;
  /** When the last of them ended, or the bin ends: Unix seconds. */
  end: number;
  /** How many workers lived in that time. */
  workers: number;
  /** The seconds that they lived in it, added up. */
  worker_seconds: number;
  /** The seconds in which they had a task, added up. */
  busy_seconds: number;
  /** The share of the one in the other, from 0 to 1. */
  utilisation: number;
}

/**
 * How far the workers were used: the time in which they had a task, as a share
 * of the time that they were there, for a run, or for each executor, block,
 * manager or worker of it; as a whole or over time.
 *
 * The rows in the order of run, executor, block, manager and worker, and of
 * time; see {@linkcode Utilisation} for the columns. Time counts from when a
 * worker starts to when it ends, as {@linkcode workerActivity} has it; a block that
 * is not there yet, or has no worker yet, is not idle. Bins begin at whole
 * multiples of their width since 1970; one in which no worker lived has no row.
 *
 * @throws {RangeError} where per is no number of seconds above zero, or makes
 * more than a million bins
 * @throws {TypeError} where by is none of those that there are
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo, utilisation } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/wq/runinfo");
 *
 * const [executor] = utilisation(db, { by: "executor" });
 * assert.equal(executor!.workers, 1);
 * assert.ok(executor!.utilisation > 0.5);
 * ```
 */
export function utilisation(
  db: Database,
  options: UtilisationOptions = {},
): Utilisation[] {
  const { by = "executor", per } = options;
  if (!levels.includes(by)) {
    throw new TypeError(
      `by is one of ${levels.join(", ")}, not ${JSON.stringify(by)}`,
    );
  }
  if (per !== undefined && !(per > 0 && per < Infinity)) {
    throw new RangeError(
      `per is the width of a bin in seconds, above zero, not ${per}`,
    );
  }
  const named = levels.slice(0, levels.indexOf(by) + 1);
  const pieces = workerActivity(db, options);
  const groups = Map.groupBy(
    pieces,
    (piece) => keyOf(...named.map((level) => piece[level])),
  );
  return groups.values().flatMap((pieces) => {
    const name = Object.fromEntries(
      named.map((level) => [level, pieces[0]![level]]),
    ) as Pick<Utilisation, typeof levels[number]>;
    return binned(pieces, per).map((sum) => ({ ...name, ...sum }));
  }).toArray();
}

type Sum = Omit<Utilisation, typeof levels[number]>;

function binned(
  pieces: readonly WorkerActivity[],
  per: number | undefined,
): Sum[] {
  if (per === undefined) return [sumOf(pieces)];
  // A part of a second is kept as how many of it there are in one, where that
  // is a whole number: 3 * 0.1 is more than 0.3, but 3 / 10 is not.
  const perSecond = Math.round(1 / per);
  const isPart = perSecond > 1 && Math.abs(1 / per - perSecond) < 1e-6;
  const startOf = (bin: number) => isPart ? bin / perSecond : bin * per;
  const binOf = (time: number) =>
    Math.floor(isPart ? time * perSecond : time / per);

  const { start, end } = sumOf(pieces);
  if ((end - start) / per > 1_000_000) {
    throw new RangeError(
      `${per} s are too few for the bins of a time from ${start} to ${end}, ` +
        "in Unix seconds: take more, or look for a log whose times are damaged",
    );
  }
  const bins = new Map<number, WorkerActivity[]>();
  for (const piece of pieces) {
    let { start } = piece;
    for (let bin = binOf(start); start < piece.end; bin++) {
      const end = Math.min(piece.end, startOf(bin + 1));
      const found = bins.get(bin) ?? [];
      if (start < end) {
        found.push({ ...piece, start, end, seconds: end - start });
      }
      bins.set(bin, found);
      start = Math.max(start, end);
    }
  }
  return [...bins].filter(([, pieces]) => pieces.length > 0)
    .sort(([a], [b]) => a - b)
    .map(([bin, pieces]) => ({
      ...sumOf(pieces),
      ...{ start: startOf(bin), end: startOf(bin + 1) },
    }));
}

function sumOf(pieces: readonly WorkerActivity[]): Sum {
  let [start, end, worker_seconds, busy_seconds] = [Infinity, -Infinity, 0, 0];
  const workers = new Set<string>();
  for (const piece of pieces) {
    start = Math.min(start, piece.start);
    end = Math.max(end, piece.end);
    worker_seconds += piece.seconds;
    if (piece.state === "busy") busy_seconds += piece.seconds;
    workers.add(keyOf(...levels.map((level) => piece[level])));
  }
  return {
    ...{ start, end, workers: workers.size, worker_seconds, busy_seconds },
    utilisation: busy_seconds / worker_seconds,
  };
}
