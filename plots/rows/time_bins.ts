// @ts-types="npm:@types/d3-array@3.2.2"
import { tickStep } from "d3-array";
import { unitFor } from "../axes/units.ts";
import { extentOf } from "../durations/duration_cells.ts";

/** Bins of time of one width, the first of which starts at the first time. */
export interface TimeBins {
  /** When the first starts. */
  start: number;
  /** How wide each is, in seconds. */
  every: number;
  /** How many there are. */
  count: number;
  /** The number of the bin that a time is in. */
  place: (time: number) => number;
}

const mostBins = 10_000;

/** A round number of seconds, so that a time has about so many bins. */
export function roundSeconds(seconds: number, bins: number): number {
  if (!(seconds > 0)) return 1;
  // Of minutes, hours and days a round number too.
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
  if (!(width > 0 && count <= mostBins)) {
    throw new RangeError(
      `every must be a number of seconds that makes at most ` +
        `${mostBins.toLocaleString("en-US")} bins, not ${every}`,
    );
  }
  return {
    ...{ start, every: width, count },
    place: (time) => Math.min(count - 1, Math.floor((time - start) / width)),
  };
}
