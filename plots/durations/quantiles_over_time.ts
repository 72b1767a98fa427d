// @ts-types="npm:@types/d3-array@3.2.2"
import { quantileSorted } from "d3-array";
import type { Rows } from "../rows/channels.ts";
import {
  bySeries,
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./durations.ts";
import { timeBins } from "../rows/time_bins.ts";

/** How durations are spread, in seconds. */
export interface Quantiles {
  /** The least of them. */
  minimum: number;
  /** What 5 in 100 do not exceed. */
  percentile5: number;
  /** What a quarter does not exceed. */
  percentile25: number;
  /** What half of them do not exceed. */
  median: number;
  /** What three quarters do not exceed. */
  percentile75: number;
  /** What 95 in 100 do not exceed. */
  percentile95: number;
  /** The greatest of them. */
  maximum: number;
}

/** What the durations that started within one bin of time come to. */
export interface DurationQuantiles extends Quantiles {
  /** Which series, if the rows have any. */
  series?: string;
  /** When the bin starts, in seconds. */
  x1: number;
  /** When it ends, in seconds. */
  x2: number;
  /** How many durations started in it. */
  count: number;
}

/** How time is put into bins. */
export interface TimeBinOptions {
  /** How wide a bin of time is, in seconds; if not given, as `bins` say. */
  every?: number | undefined;
  /**
   * About how many bins of time: the nearest number that gives them a round
   * width. If not given, so many that each has about 15 rows, at most 80.
   */
  bins?: number | undefined;
}

/**
 * The quantiles of the durations that started in each bin of time: the
 * transform behind {@linkcode durationQuantiles}. Quantiles interpolate, as
 * `d3.quantile` does. Bins without rows are left out; so are rows without a
 * start. The bins of all series are the same.
 *
 * @example
 * ```ts
 * import { quantilesOverTime } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const rows = [[0, 1], [5, 8], [12, 13]];
 * const [first, second] = quantilesOverTime(rows, { every: 10 });
 * assert.deepEqual([first?.count, first?.median, first?.maximum], [2, 2, 3]);
 * assert.deepEqual([second?.x1, second?.x2], [10, 20]);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 * @throws {RangeError} if `every` is not above zero, or makes too many bins.
 */
export function quantilesOverTime(
  rows: Rows | Durations,
  { every, bins, ...channels }: DurationChannels & TimeBinOptions = {},
): DurationQuantiles[] {
  const durations = durationsOf(rows, channels);
  const time = timeBins(durations.start, {
    every,
    bins: bins ?? fittingBins(durations.length),
  });
  return bySeries(durations).flatMap(({ name, start, duration }) =>
    groups(start, duration, time).flatMap((values, i) =>
      values.length === 0 ? [] : [{
        ...(durations.series ? { series: name } : {}),
        x1: time.start + i * time.every,
        x2: time.start + (i + 1) * time.every,
        ...quantilesOf(values.sort()),
      }]
    )
  );
}

/** About 15 rows a bin, so that a quantile has rows to tell of. */
export const fittingBins = (rows: number): number =>
  Math.max(4, Math.min(80, Math.round(rows / 15)));

/** The durations of each bin: parts of one array, which is filled in order. */
function groups(
  start: Float64Array,
  duration: Float64Array,
  { count, place }: { count: number; place: (time: number) => number },
): Float64Array[] {
  const ends = new Uint32Array(count + 1);
  start.forEach((time) => {
    if (!Number.isNaN(time)) ends[place(time) + 1]!++;
  });
  for (let i = 1; i <= count; i++) ends[i]! += ends[i - 1]!;
  const next = ends.slice();
  const sorted = new Float64Array(ends[count]!);
  start.forEach((time, i) => {
    if (!Number.isNaN(time)) sorted[next[place(time)]!++] = duration[i]!;
  });
  return Array.from(
    { length: count },
    (_, i) => sorted.subarray(ends[i]!, ends[i + 1]!),
  );
}

/** The quantiles of sorted values, of which there is one at least. */
export function quantilesOf(
  sorted: Float64Array,
): Quantiles & { count: number } {
  // The types ask for an array, the function for anything indexed.
  const indexed = sorted as unknown as number[];
  const quantile = (share: number) => quantileSorted(indexed, share)!;
  return {
    count: sorted.length,
    minimum: sorted[0]!,
    percentile5: quantile(0.05),
    percentile25: quantile(0.25),
    median: quantile(0.5),
    percentile75: quantile(0.75),
    percentile95: quantile(0.95),
    maximum: sorted.at(-1)!,
  };
}
