import { checkQuestion } from "../../display/text/mistakes.ts";
import type { Database } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { checkWidth } from "../events/statistics.ts";
import { hullOf, type Interval, lengthOf } from "./intervals.ts";
import { gapsOf } from "./lanes.ts";
import { readWorkers } from "./read_workers.ts";
import { roundWidth, type TimeBins, timeBins } from "./time_bins.ts";
import { causesOfWaiting } from "./waiting_times.ts";
import { groupWorkers } from "./worker_groups.ts";
import {
  edgesOf,
  idle,
  type WorkerTime,
  type WorkerUse,
  working,
  workOf,
} from "./worker_uses.ts";
import {
  type Worker,
  workerOptionNames,
  type WorkerOptions,
} from "./worker.ts";

/** Options of {@linkcode workerUseOverTime}. */
export interface WorkerUseOverTimeOptions extends WorkerOptions {
  /**
   * Whose time: "run", "executor", "block", "manager", "worker" or "node"; or any
   * attribute of workers or their managers. "run" by default.
   */
  by?: string;
  /**
   * Width of bins of time in seconds. By default a round one that makes at most 600
   * bins of each run.
   */
  per?: number;
}

/** The use of workers in a bin of time: a row of {@linkcode workerUseOverTime}. */
export interface WorkerUseStep extends
  Pick<
    WorkerTime,
    "run" | "executor" | "block" | "manager" | "worker" | "node" | "use"
  > {
  /** Start of the bin, or of the first worker in it, in Unix seconds. */
  start: number;
  /** Its end, or that of the last worker, in Unix seconds. */
  end: number;
  /** Mean number of slots with this use. */
  slots: number;
  /** Seconds of all slots together. */
  seconds: number;
}

/**
 * Divides the time that workers were paid for into bins, and each bin by its use:
 * how many slots had a task, and why the others had none. All uses of a bin add
 * up to the slots that there were, and the seconds of a use in all bins to those
 * of {@linkcode workerTime}, which lists the uses.
 *
 * The rows are in the order of the groups, of time and of {@linkcode WorkerUse};
 * see {@linkcode WorkerUseStep} for the columns. Bins begin at whole multiples of
 * their width since 1970; a use of no seconds has no row. `utilisationOverTime`
 * of dnpc/plots draws the rows.
 *
 * @throws {RangeError} if per is not a number of seconds above zero, or makes more
 * than a million bins; for a name that fits no run, or several; for an
 * unknown executor; for a `by` that no worker has
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { workerTime, workerUseOverTime } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/multi-htex.tar.gz");
 *
 * const lost = workerUseOverTime(db, { run: "000", per: 1 })
 *   .filter(({ use }) => use === "lost");
 * const seconds = lost.reduce((sum, { seconds }) => sum + seconds, 0);
 * const all = workerTime(db, { run: "000" }).find(({ use }) => use === "lost");
 * assert.ok(Math.abs(seconds - all!.seconds) < 1e-3);
 * ```
 */
export function workerUseOverTime(
  db: Database,
  options: WorkerUseOverTimeOptions = {},
): WorkerUseStep[] {
  checkQuestion("workerUseOverTime", db, options, {
    ...workerOptionNames,
    by: true,
    per: true,
  });
  const { by = "run", per } = options;
  checkWidth(per);
  const all = readWorkers(db, options);
  const binsOfRun = new Map<string | null, [Interval, TimeBins]>();
  for (const [run, workers] of Map.groupBy(all, ({ run }) => run)) {
    const paid = workers.flatMap(({ lanes }) => lanes).map(({ paid }) => paid);
    const hull = hullOf(paid);
    const width = per ?? roundWidth(hull, 600);
    binsOfRun.set(run, [hull, timeBins(hull, width)]);
  }
  const rows = groupWorkers(all, by).flatMap(({ name, workers }) => {
    const [[first, last], bins] = binsOfRun.get(name.run)!;
    const sums = sumsOf(workers, bins);
    return [...sums].sort(([a], [b]) => a - b).flatMap(([bin, seconds]) => {
      const [from, to] = bins.endsOf(bin);
      const [start, end] = [Math.max(from, first), Math.min(to, last)];
      return uses.flatMap((use, u) =>
        seconds[u]! > 0
          ? [{
            ...name,
            use,
            start,
            end,
            slots: seconds[u]! / (end - start),
            seconds: seconds[u]!,
          }]
          : []
      );
    });
  });
  return answer(rows, ["seconds", "end"]);
}

const uses = [...working, ...idle];

/** The seconds of each use, by bin. */
function sumsOf(
  workers: readonly Worker[],
  bins: TimeBins,
): Map<number, Float64Array> {
  const places = new Map(uses.map((use, u) => [use, u]));
  const sums = new Map<number, Float64Array>();
  const add = (bin: number, use: WorkerUse, seconds: number) => {
    const own = sums.getOrInsertComputed(
      bin,
      () => new Float64Array(uses.length),
    );
    own[places.get(use)!]! += seconds;
  };
  const spread = ({ use, when }: { use: WorkerUse; when: Interval }) =>
    bins.spread(when, (bin, part) => add(bin, use, lengthOf(part)));
  for (const use of workOf(workers)) spread(use);
  for (const use of edgesOf(workers)) spread(use);
  const causesOf = causesOfWaiting();
  for (const worker of workers) {
    const divide = causesOf(worker);
    for (const gap of worker.lanes.flatMap(gapsOf)) {
      bins.spread(gap, (bin, part) => {
        divide(part, (cause, seconds) => add(bin, cause, seconds));
      });
    }
  }
  // Rounding leaves less than a microsecond where there is none.
  for (const own of sums.values()) {
    own.forEach((seconds, u) => own[u] = seconds < 1e-6 ? 0 : seconds);
  }
  return sums;
}
