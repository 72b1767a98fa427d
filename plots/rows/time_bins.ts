// @ts-types="npm:@types/d3-array@3.2.2"
import { tickStep } from "d3-array";
import { unitFor } from "../axes/units.ts";
import { extentOf, type Grid } from "./grid.ts";

/** Bins of time of one width, the first of which starts at the first time. */
export interface TimeBins extends Grid {
  /** Width of a bin, in seconds. */
  every: number;
}

const maxBins = 10_000;

/** A round width that divides so many seconds into about so many bins. */
export function roundSeconds(seconds: number, bins: number): number {
  if (!(seconds > 0)) return 1;
  // Round in minutes, hours and days too.
  const unit = Math.max(1, unitFor(seconds / bins * 4).seconds);
  return tickStep(0, seconds / unit, bins) * unit;
}

/**
 * Bins of the times, `every` so many seconds, or about so many bins.
 *
 * @throws {RangeError} if `every` is not above zero, or makes too many bins.
 */
export function timeBins(
  times: Float64Array,
  { every, bins }: { every?: number | undefined; bins: number },
): TimeBins {
  const [start, end] = extentOf(times);
  const width = every ?? roundSeconds(end - start, bins);
  const count = Math.floor((end - start) / width) + 1;
  if (!(width > 0 && count <= maxBins)) {
    throw new RangeError(
      `every must be a number of seconds that makes at most ` +
        `${maxBins.toLocaleString("en-US")} bins, not ${every}`,
    );
  }
  return {
    every: width,
    count,
    place: (time) => Math.min(count - 1, Math.floor((time - start) / width)),
    range: (i) => [start + i * width, start + (i + 1) * width],
  };
}
