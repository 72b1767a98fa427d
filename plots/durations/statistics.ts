// @ts-types="npm:@types/d3-array@3.2.2"
import { quantileSorted } from "d3-array";
import type { Rows } from "../rows/channels.ts";
import { timeBins } from "../rows/grid.ts";
import { valuesByGroup } from "../rows/group_rows.ts";
import {
  bySeries,
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./durations.ts";

/** Distribution of durations, in seconds. */
export interface Quantiles {
  /** Minimum. */
  minimum: number;
  /** 5 % of the values are at most this. */
  percentile5: number;
  /** A quarter of the values are at most this. */
  percentile25: number;
  /** Half of the values are at most this. */
  median: number;
  /** Three quarters of the values are at most this. */
  percentile75: number;
  /** 95 % of the values are at most this. */
  percentile95: number;
  /** Maximum. */
  maximum: number;
}

/** Statistics of durations, or of any numbers. */
export interface Statistics extends Quantiles {
  /** Number of values. */
  count: number;
  /** Arithmetic mean. */
  mean: number;
}

/**
 * Statistics of values, as in the caption of {@linkcode twoEvents}. Percentiles
 * interpolate between the two nearest values, as `numpy.percentile`,
 * `d3.quantile` and the SQL function `percentile` do. Without values, every
 * number but the count is NaN.
 *
 * @example
 * ```ts
 * import { statisticsOf } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { mean, median, maximum } = statisticsOf([1, 2, 9]);
 * assert.deepEqual([mean, median, maximum], [4, 2, 9]);
 * ```
 */
export function statisticsOf(values: Iterable<number>): Statistics {
  const sorted = Float64Array.from(values).sort();
  let sum = 0;
  for (const value of sorted) sum += value;
  return { ...quantilesOf(sorted), mean: sum / sorted.length };
}

/** Quantiles of sorted values; NaN if there are none. */
export function quantilesOf(
  sorted: Float64Array,
): Quantiles & { count: number } {
  // The types ask for an array, the function for anything indexed.
  const indexed = sorted as unknown as number[];
  const quantile = (share: number) => quantileSorted(indexed, share) ?? NaN;
  return {
    count: sorted.length,
    minimum: quantile(0),
    percentile5: quantile(0.05),
    percentile25: quantile(0.25),
    median: quantile(0.5),
    percentile75: quantile(0.75),
    percentile95: quantile(0.95),
    maximum: quantile(1),
  };
}

/** Distribution of the durations that started within one bin of time. */
export interface DurationQuantiles extends Quantiles {
  /** The series, if the rows have any. */
  series?: string;
  /** Start of the bin, in seconds. */
  x1: number;
  /** End of the bin, in seconds. */
  x2: number;
  /** Number of durations that started in it. */
  count: number;
}

/** Options of bins of time. */
export interface TimeBinOptions {
  /** Width of a bin in seconds, in place of `bins`. */
  every?: number | undefined;
  /**
   * Approximate number of bins, which have a round width. By default about one
   * per 15 rows, at most 80.
   */
  bins?: number | undefined;
}

/**
 * Quantiles of the durations that started in each bin of time: the transform
 * behind {@linkcode durationQuantiles}. Quantiles interpolate, as `d3.quantile`
 * does. Empty bins and rows without a start are left out. All series have the
 * same bins.
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
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 * @throws {RangeError} if `every` is not above zero, or makes too many bins.
 */
export function quantilesOverTime(
  rows: Rows | Durations,
  { every, bins, ...channels }: DurationChannels & TimeBinOptions = {},
): DurationQuantiles[] {
  const durations = durationsOf(rows, channels);
  const { count, place, range } = timeBins(durations.start, {
    every,
    bins: bins ?? fittingBins(durations.length),
  });
  return bySeries(durations).flatMap(({ name, start, duration }) =>
    valuesByGroup(duration, count, (row) => place(start[row]!)).flatMap(
      (values, i) => {
        if (values.length === 0) return [];
        const [x1, x2] = range(i);
        return [{
          ...(name !== undefined && { series: name }),
          x1,
          x2,
          ...quantilesOf(values.sort()),
        }];
      },
    )
  );
}

/** Number of bins that have about 15 rows each, enough for quantiles. */
export const fittingBins = (rows: number): number =>
  Math.max(4, Math.min(80, Math.round(rows / 15)));
