import type { Database } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { binsPerSecond, checkWidth } from "../events/statistics.ts";
import type { Interval } from "./intervals.ts";
import {
  busyTimes,
  keyOf,
  levels,
  readWorkers,
  type Worker,
  type WorkerOptions,
} from "./workers.ts";

/** Options of {@linkcode utilisation}. */
export interface UtilisationOptions extends WorkerOptions {
  /** One row for each of these. By default for each executor. */
  by?: "run" | "executor" | "block" | "manager" | "worker";
  /** Width of bins of time in seconds. By default one row for all time. */
  per?: number;
}

/** The use of workers: a row of {@linkcode utilisation}. */
export interface Utilisation {
  /** The id of the run, or else the run directory. */
  run: string | null;
  /** Label of the run, such as "000"; null if no log describes it. */
  run_label: string | null;
  /** The label of the executor. This and the parts below depend on `by`. */
  executor?: string | null;
  /** The number of the block. */
  block?: string | null;
  /** The id of the manager. */
  manager?: string | null;
  /** The worker: its number with its manager, or its name. */
  worker?: string | null;
  /** Start of the first worker, or of the bin, in Unix seconds. */
  start: number;
  /** End of the last worker, or of the bin, in Unix seconds. */
  end: number;
  /** Number of workers that lived in that time. */
  workers: number;
  /** Seconds that they lived in it, in total. */
  worker_seconds: number;
  /** Seconds in which they had a task, in total. */
  busy_seconds: number;
  /** busy_seconds / worker_seconds, from 0 to 1. */
  utilisation: number;
}

/**
 * Computes the utilisation of workers: the share of their lives in which they
 * had a task, for a run, or for each of its executors, blocks, managers or
 * workers; in total or over time.
 *
 * The rows are in the order of run, executor, block, manager and worker, and of
 * time; see {@linkcode Utilisation} for the columns. A worker's life is as in
 * {@linkcode workerActivity}; a block that does not exist yet, or has no worker
 * yet, is not idle. Bins begin at whole multiples of their width since 1970; one
 * in which no worker lived has no row.
 *
 * @throws {RangeError} if per is not a number of seconds above zero, or makes more
 * than a million bins; for a name that fits no run, or several
 * @throws {TypeError} for an unknown by
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { utilisation } from "dnpc/questions";
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
  checkWidth(per);
  const named = levels.slice(0, levels.indexOf(by) + 1);
  const groups = Map.groupBy(
    readWorkers(db, options),
    (worker) => keyOf(...named.map((level) => worker[level])),
  );
  const rows = groups.values().flatMap((workers) => {
    const name = Object.fromEntries(
      [named[0]!, "run_label" as const, ...named.slice(1)]
        .map((part) => [part, workers[0]![part]]),
    ) as Pick<Utilisation, NamePart>;
    return sumsOf(workers, per).map((sum) => ({
      ...name,
      ...sum,
      utilisation: sum.busy_seconds / sum.worker_seconds,
    }));
  });
  return answer(rows, ["run", "end"]);
}

type NamePart = typeof levels[number] | "run_label";
type Sum = Omit<Utilisation, NamePart | "utilisation">;

function sumsOf(workers: readonly Worker[], per: number | undefined): Sum[] {
  const start = workers.reduce((a, b) => Math.min(a, b.life[0]), Infinity);
  const end = workers.reduce((a, b) => Math.max(a, b.life[1]), -Infinity);
  const rate = per === undefined ? null : binsPerSecond(per);
  const [factor, divisor] = rate ? [rate, 1] : [1, per ?? 1];
  const binOf = (time: number) =>
    per === undefined ? 0 : Math.floor(time * factor / divisor);
  const startOf = (bin: number) =>
    per === undefined ? [start, end][bin]! : bin * divisor / factor;
  if (per !== undefined && (end - start) / per > maxBins) {
    throw new RangeError(
      `${per} s are too few for the bins of a time from ${start} to ${end}, ` +
        "in Unix seconds: take more, or look for a log whose times are damaged",
    );
  }
  const sums = new Map<number, Sum>();
  const spread = (
    [from, to]: Interval,
    add: (sum: Sum, seconds: number) => void,
  ) => {
    let since = from;
    for (let bin = binOf(from); since < to; bin++) {
      const until = Math.min(to, startOf(bin + 1));
      if (until <= since) continue;
      const sum = sums.getOrInsertComputed(bin, () => ({
        start: startOf(bin),
        end: startOf(bin + 1),
        workers: 0,
        worker_seconds: 0,
        busy_seconds: 0,
      }));
      add(sum, until - since);
      since = until;
    }
  };
  for (const worker of workers) {
    spread(worker.life, (sum, seconds) => {
      sum.workers++;
      sum.worker_seconds += seconds;
    });
    for (const interval of busyTimes(worker)) {
      spread(interval, (sum, seconds) => sum.busy_seconds += seconds);
    }
  }
  return [...sums.values()].sort((a, b) => a.start - b.start);
}

const maxBins = 1_000_000;
