// @ts-types="npm:@types/d3-array@3.2.2"
import { quantileSorted } from "d3-array";

/** Distribution of durations, in seconds. */
export interface Quantiles {
  /** Minimum. */
  minimum: number;
  /** 5% of the values are at most this. */
  percentile5: number;
  /** A quarter of the values are at most this. */
  percentile25: number;
  /** Half of the values are at most this. */
  median: number;
  /** Three quarters of the values are at most this. */
  percentile75: number;
  /** 95% of the values are at most this. */
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
  const sorted = new Float64Array(values).sort();
  let sum = 0;
  for (const value of sorted) sum += value;
  return { ...quantilesOf(sorted), mean: sum / sorted.length };
}

/** The quantiles that stand for a group of any size. */
export const typicalDurations = (values: Statistics): Float64Array =>
  Float64Array.of(
    values.percentile5,
    values.percentile25,
    values.median,
    values.percentile75,
    values.percentile95,
  ).filter((value) => !Number.isNaN(value));

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
