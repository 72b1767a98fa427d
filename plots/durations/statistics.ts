// @ts-types="npm:@types/d3-array@3.2.2"
import { quantileSorted } from "d3-array";

/** What a set of durations, or of any numbers, comes to. */
export interface Statistics {
  /** How many there are. */
  count: number;
  /** Their sum, divided by how many there are. */
  mean: number;
  /** The value that half of them do not exceed. */
  median: number;
  /** The value that 95 in 100 do not exceed. */
  percentile95: number;
  /** The least of them. */
  minimum: number;
  /** The greatest of them. */
  maximum: number;
}

/**
 * The numbers in the caption of {@linkcode twoEvents}. Percentiles interpolate
 * between the two nearest values, as `numpy.percentile`, `d3.quantile` and the
 * SQL function `percentile` do. Of no values at all, every number but the
 * count is NaN.
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
