// @ts-types="npm:@types/d3-array@3.2.2"
import { max, median, min } from "d3-array";
import { checkOptions } from "../../display/text/mistakes.ts";
import type { Database } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { askEither, type Asking, rowsOf } from "../asking.ts";
import { theilSen } from "../events/robust_statistics.ts";
import type { AsyncQueryable } from "../events/sequences_in_campaign.ts";
import type { DurationsAsked } from "../tasks/named_durations.ts";
import { type RunMeasures, runMeasures } from "./run_measures.ts";
import { type RunTrend, trendsText } from "./run_trends_text.ts";

/** Selects what {@linkcode runTrends} measures. */
export interface RunTrendsOptions extends DurationsAsked {
  /** A trend for each value of this, as in {@linkcode runsOverTime}. */
  by?: string | undefined;
}

/**
 * Finds what changes from run to run, over months: how long tries are in a worker,
 * how long runs take, how many tasks they have, and how many of these fail. Says
 * so only where it is clear: "tries take 12% longer each month".
 *
 * A run is a point. A trend is the median of the slopes between all pairs of
 * points, by Theil and Sen, of the logarithm of the measure: so it is a share, and
 * a few odd runs do not matter. Tries are compared with those of the same app, and
 * whole runs with those of the same workflow, so that another mix of them is no
 * trend. See `docs/statistics.md`. {@linkcode runsOverTime} lists the runs.
 *
 * @returns see {@linkcode RunTrend} for the columns
 * @throws {RangeError} for a `by` that no root has
 * @throws {TypeError} if only one of `from` and `to` is given
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { runTrends } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/multi-htex.tar.gz");
 *
 * // Two runs are too few.
 * assert.ok(runTrends(db).every(({ clear }) => clear === 0));
 * ```
 */
export function runTrends(
  db: Database,
  options?: RunTrendsOptions,
): RunTrend[];
/** The same of a campaign, which answers with a promise. */
export function runTrends(
  campaign: AsyncQueryable,
  options?: RunTrendsOptions,
): Promise<RunTrend[]>;
export function runTrends(
  data: Database | AsyncQueryable,
  options: RunTrendsOptions = {},
): RunTrend[] | Promise<RunTrend[]> {
  checkOptions("runTrends", options, {
    by: true,
    from: true,
    to: true,
    run: true,
    root: true,
  });
  return askEither("runTrends", data, trends(options));
}

function* trends(
  { by, ...asked }: RunTrendsOptions,
): Asking<RunTrend[]> {
  const runs = yield* rowsOf<RunMeasures>(runMeasures(asked, by));
  const rows = trendsOf(runs, by);
  return answer(rows, secondary, {
    kinds,
    heading: trendsText(runs, rows, asked, by),
  });
}

const secondary = ["runs", "per"];

const kinds = {
  runs: "count",
  change: "share",
  low: "share",
  high: "share",
  clear: "mark",
} as const;

/** A measure of runs, and how runs are compared by it. */
interface Measure {
  valueOf(run: RunMeasures): number | null;
  /** What is usual for such a run; by default it depends on the workflow. */
  usual?: (run: RunMeasures) => number;
  /** Whether differences count, not ratios. */
  isShare?: boolean;
  /** Whether it differs between values of `by`. */
  isOfTries?: boolean;
}

const measures: Readonly<Record<string, Measure>> = {
  median: {
    valueOf: (run) => run.median,
    usual: ({ median, times }) => median! / times!,
    isOfTries: true,
  },
  p95: { valueOf: (run) => run.p95, isOfTries: true },
  seconds: { valueOf: (run) => run.seconds },
  tasks: { valueOf: (run) => run.tasks || null, isOfTries: true },
  failed_share: {
    valueOf: ({ failed, tasks }) => tasks > 0 ? (failed ?? 0) / tasks : null,
    isShare: true,
    isOfTries: true,
  },
};

/** The trend of each measure, of each value of `by`. */
export function trendsOf(
  runs: readonly RunMeasures[],
  by: string | undefined,
): RunTrend[] {
  const timed = runs.filter(({ began, tasks }) => began !== null && tasks > 0);
  return Map.groupBy(timed, ({ value }) => value).entries()
    .flatMap(([value, runs]) =>
      Object.keys(measures)
        .filter((name) => by === undefined || measures[name]!.isOfTries)
        .map((measure): RunTrend => {
          const trend = trendOf(runs, measures[measure]!);
          return by === undefined
            ? { measure, ...trend }
            : { measure, [by]: value || null, ...trend };
        })
    ).toArray();
}

type Trend = Pick<
  RunTrend,
  "runs" | "first" | "last" | "change" | "low" | "high" | "per" | "clear"
>;

function trendOf(
  all: readonly RunMeasures[],
  { valueOf, usual, isShare = false }: Measure,
): Trend {
  const runs = all.filter((run) => {
    const value = valueOf(run);
    return value !== null && (isShare || value > 0);
  });
  const scaled = (value: number) => isShare ? value : Math.log(value);
  const values = runs.map((run) => scaled(valueOf(run)!));
  const usualOf = usual
    ? (run: RunMeasures) => scaled(usual(run))
    : usualOfWorkflows(runs, values);
  const rests = runs.map((run, i) => values[i]! - usualOf(run));
  const starts = runs.map(({ began }) => began!);
  const [from = 0, to = 0] = [min(starts), max(starts)];
  const { per, seconds } = unitOf(to - from);
  const line = theilSen(starts.map((time) => (time - from) / seconds), rests);
  const none = { first: null, last: null, change: null, low: null, high: null };
  if (line === null) return { runs: runs.length, ...none, per, clear: 0 };
  const change = (slope: number) => isShare ? slope : Math.expm1(slope);
  const level = median(values)!;
  const at = (x: number) => {
    const value = level + line.intercept + line.slope * x;
    return isShare ? Math.min(1, Math.max(0, value)) : Math.exp(value);
  };
  const length = (to - from) / seconds;
  const clear = line.isClear && Math.abs(line.slope * length) >= 0.01 ? 1 : 0;
  const high = change(line.high);
  return {
    runs: runs.length,
    // A line through points that scatter knows no more digits.
    first: Number(at(0).toPrecision(3)),
    last: Number(at(length).toPrecision(3)),
    change: change(line.slope),
    low: change(line.low),
    high: clear === 0 && high > maxChange ? null : high,
    per,
    clear,
  };
}

/** More than eleven times as much per unit of time says only that all is possible. */
const maxChange = 10;

function usualOfWorkflows(
  runs: readonly RunMeasures[],
  values: readonly number[],
): (run: RunMeasures) => number {
  const groups = Map.groupBy(runs.keys(), (i) => runs[i]!.workflow);
  const usual = new Map(
    groups.entries().map(([workflow, own]) => [
      workflow,
      median(own, (i) => values[i]!)!,
    ]),
  );
  return ({ workflow }) => usual.get(workflow)!;
}

/** The longest unit of which there are two or more. */
const unitOf = (length: number): { per: string; seconds: number } =>
  units.find(({ seconds }) => length >= 2 * seconds) ?? units.at(-1)!;

const units = [
  { per: "month", seconds: 86_400 * 365.25 / 12 },
  { per: "week", seconds: 7 * 86_400 },
  { per: "day", seconds: 86_400 },
  { per: "hour", seconds: 3600 },
  { per: "minute", seconds: 60 },
];
