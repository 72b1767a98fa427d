// @ts-types="npm:@types/d3-array@3.2.2"
import { mean, quantileSorted } from "d3-array";

export { secondsBetween } from "../../display/text/story.js";

/**
 * Returns the columns NAME_mean, NAME_minimum, NAME_maximum and NAME_p50 for
 * the percentile 50; NULL without seconds.
 */
export function statistics(
  name: string,
  seconds: readonly number[],
  percentiles: readonly number[],
): Record<string, number | null> {
  const sorted = Float64Array.from(seconds).sort();
  return {
    [`${name}_mean`]: meanOf(sorted),
    [`${name}_minimum`]: sorted[0] ?? null,
    [`${name}_maximum`]: sorted.at(-1) ?? null,
    ...Object.fromEntries(
      percentiles.map((p) => [`${name}_p${p}`, percentileOf(sorted, p)]),
    ),
  };
}

/** The median; NULL without seconds. */
export const medianSeconds = (seconds: readonly number[]): number | null =>
  percentileOf(Float64Array.from(seconds).sort(), 50);

/** The mean; NULL without seconds. */
export const meanOf = (seconds: Float64Array): number | null =>
  mean(seconds) ?? null;

/** Interpolates linearly between two values, as percentile() in SQL does. */
export const percentileOf = (
  sorted: Float64Array,
  percentile: number,
): number | null =>
  // The types ask for an array, the function for anything indexed.
  quantileSorted(sorted as unknown as number[], percentile / 100) ?? null;

/** @throws {RangeError} for a number outside 0 to 100 */
export function checkPercentiles(percentiles: readonly number[]): void {
  for (const p of percentiles) {
    if (!(p >= 0 && p <= 100)) {
      throw new RangeError(`a percentile is from 0 to 100, not ${p}`);
    }
  }
}

/**
 * The bins per second of a width, if they are a whole number, by which to
 * multiply and divide: 0.3 / 0.1 is less than 3, but 0.3 * 10 is not. Otherwise
 * null.
 */
export function binsPerSecond(seconds: number): number | null {
  const rate = Math.round(1 / seconds);
  return rate > 1 && Math.abs(1 / seconds - rate) < 1e-6 ? rate : null;
}

/** @throws {RangeError} if it is not a number of seconds above zero */
export function checkWidth(per: number | undefined): void {
  if (per === undefined || per > 0 && per < Infinity) return;
  throw new RangeError(
    `per is the width of a bin in seconds, above zero, not ${per}`,
  );
}
