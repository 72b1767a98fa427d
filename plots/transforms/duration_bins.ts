// @ts-types="npm:@types/d3-array@3.2.2"
import { tickStep } from "d3-array";
import type { Rows } from "../rows/channels.ts";
import { extentOf } from "./duration_cells.ts";
import { unitFor } from "../axes/units.ts";
import {
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./durations.ts";

/** One bar of a histogram: how many durations are in [x1, x2). */
export interface DurationBin {
  /** The least duration of the bin, in seconds. */
  x1: number;
  /** The first duration past the bin, in seconds. */
  x2: number;
  /** How many durations are from x1 to x2, without x2. */
  count: number;
}

/** How durations are put into bins. */
export interface BinOptions {
  /** About how many bins: the nearest number that gives them a round width. */
  bins?: number | undefined;
  /**
   * The durations from where to where are counted, in seconds; all, if not
   * given.
   */
  domain?: readonly [number, number] | undefined;
}

/**
 * How many durations are in each of a row of bins of one round width: the
 * transform behind {@linkcode durationHistogram}. Empty bins between others
 * are there too.
 *
 * @example
 * ```ts
 * import { durationBins } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const rows = [[0, 0.5], [0, 1.5], [0, 3.25]];
 * const bins = durationBins(rows, { bins: 3 });
 * assert.deepEqual(bins.map(({ count }) => count), [1, 1, 0, 1]);
 * assert.deepEqual(bins[1], { x1: 1, x2: 2, count: 1 });
 * ```
 *
 * @throws {RangeError} if `bins` is not a number of at least 1.
 */
export function durationBins(
  rows: Rows | Durations,
  { bins = 60, domain, ...channels }: DurationChannels & BinOptions = {},
): DurationBin[] {
  if (!(bins >= 1 && bins <= 100_000)) {
    throw new RangeError(`bins must be from 1 to 100,000, not ${bins}`);
  }
  const { duration } = durationsOf(rows, channels);
  if (duration.length === 0) return [];
  const [least, most] = domain ?? extentOf(duration);
  const step = roundStep(least, most, bins);
  // As d3's ticks do it: a division by a whole number gives 0.3 where a
  // multiplication by 0.1 gives 0.30000000000000004.
  const perUnit = step < 1 ? Math.round(1 / step) : 1;
  const edge = step < 1 ? (i: number) => i / perUnit : (i: number) => i * step;
  const place = (value: number) => {
    let i = Math.floor(value / step);
    while (edge(i + 1) <= value) i++;
    while (edge(i) > value) i--;
    return i;
  };
  const first = place(least);
  const counts = new Uint32Array(place(most) - first + 1);
  for (const value of duration) {
    if (value >= least && value <= most) counts[place(value) - first]!++;
  }
  return Array.from(counts, (count, i) => ({
    x1: edge(first + i),
    x2: edge(first + i + 1),
    count,
  }));
}

function roundStep(least: number, most: number, bins: number): number {
  const size = Math.max(Math.abs(least), Math.abs(most));
  // All equal, but for the last bits of a float: a bin as wide as a tenth of
  // the value shows where it lies.
  if (most - least <= size * 1e-12) return tickStep(0, size || 1, 10);
  // Of hours and days, which are no powers of ten, a round number too.
  const unit = Math.max(1, unitFor(size).seconds);
  return tickStep(least / unit, most / unit, bins) * unit;
}
