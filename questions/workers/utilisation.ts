import { checkQuestion } from "../../display/text/mistakes.ts";
import type { Database } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { checkWidth } from "../events/statistics.ts";
import type { Resources } from "./executions.ts";
import { hullOf, type Interval, lengthOf } from "./intervals.ts";
import { busyTimes } from "./lanes.ts";
import { readWorkers } from "./read_workers.ts";
import { timeBins } from "./time_bins.ts";
import {
  type Worker,
  workerCount,
  workerOptionNames,
  type WorkerOptions,
} from "./worker.ts";
import { groupWorkers } from "./worker_groups.ts";

/** Options of {@linkcode utilisation}. */
export interface UtilisationOptions extends WorkerOptions {
  /**
   * One row for each of these: "run", "executor", "block", "manager", "worker" or
   * "node"; or any attribute of workers or their managers. By default for each
   * executor.
   */
  by?: string;
  /** Width of bins of time in seconds. By default one row for all time. */
  per?: number;
  /**
   * The unit that is counted: slots, or a resource that the logs of Work Queue and TaskVine
   * give for workers and attempts. "slots" by default.
   */
  weight?: "slots" | keyof Resources;
}

/** The use of workers: a row of {@linkcode utilisation}. */
export interface Utilisation {
  /** Label of the run, such as "000"; if it has none, its id or directory. */
  run: string | null;
  /** The label of the executor. This and the parts below depend on `by`. */
  executor?: string | null;
  /** The number of the block. */
  block?: string | null;
  /** The id of the manager. */
  manager?: string | null;
  /** The worker: its number with its manager, or its name. */
  worker?: string | null;
  /** The name of the node. */
  node?: string | null;
  /** Start of the first worker, or of the bin, in Unix seconds. */
  start: number;
  /** End of the last worker, or of the bin, in Unix seconds. */
  end: number;
  /** Number of workers that lived in that time. */
  workers: number;
  /** Number of their slots. */
  slots: number;
  /** Seconds that these slots lived in it, in total. */
  worker_seconds?: number;
  /** Seconds in which they had a task, in total. */
  busy_seconds?: number;
  /** For another weight: its amount times the seconds that workers had it. */
  available?: number;
  /** Its amount times the seconds that attempts had it. */
  used?: number;
  /** busy_seconds / worker_seconds or used / available, from 0 to 1. */
  utilisation: number;
}

/**
 * Computes the utilisation of workers: the share of the lives of their slots in
 * which they had a task, for a run, or for each of its executors, blocks, nodes
 * or workers; in total or over time. With a weight, the share of the cores, the
 * memory, the disk or the GPUs of workers that were allocated to attempts.
 *
 * The rows are in the order of run, executor, block, manager and worker, and of
 * time; see {@linkcode Utilisation} for the columns. A worker's life is as
 * {@linkcode attempts} describes; a block that does not exist yet, or has no
 * worker yet, is not idle. Bins begin at whole multiples of their width since
 * 1970; one in which no worker lived has no row.
 *
 * @throws {RangeError} if per is not a number of seconds above zero, or makes more
 * than a million bins; for a name that fits no run, or several; for an
 * unknown executor; for a `by` that no worker has, or a weight that no log gives
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
 *
 * const [cores] = utilisation(db, { weight: "cores" });
 * assert.ok(cores!.used! <= cores!.available!);
 * ```
 */
export function utilisation(
  db: Database,
  options: UtilisationOptions = {},
): Utilisation[] {
  checkQuestion("utilisation", db, options, {
    ...workerOptionNames,
    by: true,
    per: true,
    weight: true,
  });
  const { by = "executor", per, weight = "slots" } = options;
  checkWidth(per);
  const workers = readWorkers(db, options);
  checkWeight(workers, weight);
  const rows = groupWorkers(workers, by).flatMap(({ name, workers }) =>
    sumsOf(workers, per, weight).map(({ available, used, ...sum }) => ({
      ...name,
      ...sum,
      ...weight === "slots"
        ? { worker_seconds: available, busy_seconds: used }
        : { available, used },
      utilisation: available > 0 ? used / available : 0,
    }))
  );
  return answer(rows, ["start", "end"]);
}

const weights = ["slots", "cores", "memory_mb", "disk_mb", "gpus"] as const;

function checkWeight(
  workers: readonly Worker[],
  weight: typeof weights[number],
): void {
  const known = weights.filter((name) =>
    name === "slots" || workers.some((worker) => worker[name] !== null)
  );
  if (known.includes(weight)) return;
  if (workers.length === 0 && weights.includes(weight)) return;
  const list = known.map((name) => JSON.stringify(name)).join(", ");
  throw new RangeError(
    `no log gives the ${JSON.stringify(weight)} of these workers: there is ` +
      list,
  );
}

interface Sum extends Pick<Utilisation, "start" | "end" | "workers" | "slots"> {
  available: number;
  used: number;
}

function sumsOf(
  workers: readonly Worker[],
  per: number | undefined,
  weight: typeof weights[number],
): Sum[] {
  const bins = timeBins(hullOf(workers.map(({ life }) => life)), per);
  const sums = new Map<number, Sum>();
  const spread = (
    interval: Interval,
    add: (sum: Sum, seconds: number) => void,
  ) =>
    bins.spread(interval, (bin, part) => {
      const sum = sums.getOrInsertComputed(bin, () => {
        const [start, end] = bins.endsOf(bin);
        return { start, end, workers: 0, slots: 0, available: 0, used: 0 };
      });
      add(sum, lengthOf(part));
    });
  for (const worker of workers) {
    spread(worker.life, (sum, seconds) => {
      sum.workers += workerCount(worker);
      if (weight !== "slots") sum.available += (worker[weight] ?? 0) * seconds;
    });
    for (const lane of worker.lanes) {
      spread(lane.life, (sum, seconds) => {
        sum.slots++;
        if (weight === "slots") sum.available += seconds;
      });
      if (weight !== "slots") continue;
      for (const interval of busyTimes(lane)) {
        spread(interval, (sum, seconds) => sum.used += seconds);
      }
    }
    if (weight === "slots") continue;
    for (const attempt of worker.attempts) {
      const amount = attempt[weight] ?? 0;
      spread([attempt.start, attempt.end], (sum, seconds) => {
        sum.used += amount * seconds;
      });
    }
  }
  return [...sums.values()].sort((a, b) => a.start - b.start);
}
