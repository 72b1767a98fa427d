// @ts-types="npm:@types/d3-array@3.2.2"
import { mean, median } from "d3-array";
import { checkOptions } from "../../display/text/mistakes.ts";
import type { Database } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { askEither, type Asking, rowsOf } from "../asking.ts";
import { modifiedScores, theilSen } from "../events/robust_statistics.ts";
import type { AsyncQueryable } from "../events/sequences_in_campaign.ts";
import type { DurationsAsked } from "../tasks/named_durations.ts";
import { minRuns, type OutlierRun, outliersText } from "./outlier_runs_text.ts";
import { type RunMeasures, runMeasures } from "./run_measures.ts";

/** Selects the durations that {@linkcode outlierRuns} compares. */
export type OutlierRunsOptions = Omit<DurationsAsked, "run">;

/**
 * Finds runs that are unlike the other runs of the same workflow: whose tries took
 * far longer, waited longer or failed more often, which started late, took longer
 * for each task, or had fewer tasks. The most unusual first.
 *
 * Unusual is a modified z-score, by the median and the median deviation, beyond
 * 4.5 for 40 runs, and 8 for 5: few runs say less of what is usual. It is of the
 * logarithm, but for shares. The measure also has to differ by a quarter or more,
 * a share by one percentage point and more than so many tasks do by chance. A
 * workflow needs five runs: the words above the table name those that have fewer.
 * `docs/statistics.md` has the formula.
 *
 * Durations are how long tries were in a worker; if no log says it, from launch to
 * end; with `from` and `to`, the times between two events, as
 * {@linkcode timesBetween} measures them. Those of an app are compared with its
 * median in all runs, so that another mix of apps is not unusual.
 *
 * @returns see {@linkcode OutlierRun} for the columns
 * @throws {TypeError} if only one of `from` and `to` is given
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { outlierRuns } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/multi-htex.tar.gz");
 *
 * // Two runs do not say what is usual.
 * assert.deepEqual([...outlierRuns(db)], []);
 * ```
 */
export function outlierRuns(
  db: Database,
  options?: OutlierRunsOptions,
): OutlierRun[];
/** The same of a campaign, which answers with a promise. */
export function outlierRuns(
  campaign: AsyncQueryable,
  options?: OutlierRunsOptions,
): Promise<OutlierRun[]>;
export function outlierRuns(
  data: Database | AsyncQueryable,
  options: OutlierRunsOptions = {},
): OutlierRun[] | Promise<OutlierRun[]> {
  checkOptions("outlierRuns", options, { from: true, to: true, root: true });
  return askEither("outlierRuns", data, outliers(options));
}

function* outliers(asked: OutlierRunsOptions): Asking<OutlierRun[]> {
  const runs = yield* rowsOf<RunMeasures>(runMeasures(asked));
  const groups = Map.groupBy(runs, ({ workflow }) => workflow);
  const rows = groups.values().filter((own) => own.length >= minRuns)
    .flatMap((own) =>
      Object.entries(measures).flatMap(([name, measure]) =>
        unusual(own, name, measure)
      )
    ).toArray().sort((a, b) => oddness(b) - oddness(a));
  return answer(rows, secondary, {
    kinds,
    heading: outliersText(rows, groups, asked),
  });
}

const secondary = ["runs", "workflow", "score"];

const kinds = { times: "ratio", score: "ratio", runs: "count" } as const;

/** How far a row is from what is usual: a share without a ratio comes first. */
const oddness = ({ times }: OutlierRun): number =>
  times ? Math.abs(Math.log(times)) : Infinity;

/** A measure of runs. */
interface Measure {
  valueOf(run: RunMeasures): number | null;
  /** What is compared, if it is another number. */
  comparedOf?: (run: RunMeasures) => number | null;
  isShare?: boolean;
}

const measures: Readonly<Record<string, Measure>> = {
  median: {
    valueOf: (run) => run.median,
    comparedOf: (run) => run.times,
  },
  waiting: { valueOf: (run) => run.waiting },
  startup: { valueOf: (run) => run.startup },
  seconds_per_task: {
    valueOf: ({ seconds, tasks }) =>
      seconds === null || tasks === 0 ? null : seconds / tasks,
  },
  // A run without any is the most unusual one.
  tasks: { valueOf: (run) => run.tasks, comparedOf: (run) => run.tasks || 0.5 },
  failed_share: {
    valueOf: ({ failed, tasks }) => tasks === 0 ? null : (failed ?? 0) / tasks,
    isShare: true,
  },
};

function unusual(
  all: readonly RunMeasures[],
  measure: string,
  { valueOf, comparedOf = valueOf, isShare = false }: Measure,
): OutlierRun[] {
  const runs = all.filter((run) => {
    const compared = comparedOf(run);
    return compared !== null && (isShare || compared > 0);
  });
  if (runs.length < minRuns) return [];
  const scaled = (value: number) => isShare ? value : Math.log(value);
  const compared = runs.map((run) => scaled(comparedOf(run)!));
  const rests = withoutTrend(runs, compared);
  const middle = median(rests)!;
  const rate = mean(compared)!;
  // Of fewer runs, a normal value is farther away more often.
  const limit = 4 + 20 / runs.length;
  return modifiedScores(rests).flatMap((score, i) => {
    const distance = rests[i]! - middle;
    const isFar = Math.abs(distance) >= (isShare ? 0.01 : Math.log(1.25));
    const { run, workflow, tasks } = runs[i]!;
    const chance = isShare ? Math.sqrt(rate * (1 - rate) / tasks) : 0;
    const isUnusual = Math.abs(score) > limit && isFar &&
      Math.abs(distance) > limit * chance;
    if (!isUnusual) return [];
    const value = valueOf(runs[i]!)!;
    const usual = isShare
      ? Math.max(0, value - distance)
      : (value || comparedOf(runs[i]!)!) / Math.exp(distance);
    const times = usual > 0 ? value / usual : null;
    return [
      { run, measure, value, usual, times, score, workflow, runs: runs.length },
    ];
  });
}

/** The values less their trend over time, if it is clear. */
function withoutTrend(
  runs: readonly RunMeasures[],
  values: readonly number[],
): readonly number[] {
  if (runs.some(({ began }) => began === null)) return values;
  const days = runs.map(({ began }) => (began! - runs[0]!.began!) / 86_400);
  const trend = theilSen(days, values);
  if (!trend?.isClear) return values;
  return values.map((value, i) => value - trend.slope * days[i]!);
}
