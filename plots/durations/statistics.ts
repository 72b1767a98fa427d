// @ts-types="npm:@types/d3-array@3.2.2"
import { quantileSorted } from "d3-array";

/** Statistics of durations, or of any numbers. */
export interface Statistics {
  /** Number of values. */
  count: number;
  /** Arithmetic mean. */
  mean: number;
  /** Half of the values are at most this. */
  median: number;
  /** 95 % of the values are at most this. */
  percentile95: number;
  /** Least value. */
  minimum: number;
  /** Greatest value. */
  maximum: number;
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
  // The types ask for an array, the function for anything indexed.
  const indexed = sorted as unknown as number[];
  const count = sorted.length;
  let sum = 0;
  for (const value of sorted) sum += value;
  return {
    count,
    mean: count ? sum / count : NaN,
    median: quantileSorted(indexed, 0.5) ?? NaN,
    percentile95: quantileSorted(indexed, 0.95) ?? NaN,
    minimum: count ? sorted[0]! : NaN,
    maximum: count ? sorted[count - 1]! : NaN,
  };
}
