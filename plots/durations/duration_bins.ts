import { formatDuration, formatNumber } from "../axes/units.ts";
import type { Rows } from "../rows/channels.ts";
import {
  extentOf,
  type Grid,
  roundGrid,
  roundLogGrid,
  withRest,
} from "../rows/grid.ts";
import {
  bySeries,
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./durations.ts";
import {
  type DurationScale,
  type LogRange,
  logRange,
} from "./duration_scale.ts";

/** One bar of a histogram: the number of durations in [x1, x2). */
export interface DurationBin {
  /** Lower edge of the bin, in seconds. */
  x1: number;
  /** Upper edge, which belongs to the next bin. */
  x2: number;
  /** Number of durations in it. */
  count: number;
  /** The series, if the rows have any. */
  series?: string;
  /** Share of all durations of the series, from 0 to 1. */
  share?: number;
}

/** Options of bins. */
export interface BinOptions {
  /** Approximate number of bins, which have a round width. 60 by default. */
  bins?: number | undefined;
  /** Counts only durations in this interval, in seconds. */
  domain?: readonly [number, number] | undefined;
  /**
   * Whether bins are equally wide by their logarithm, a whole number of them
   * per power of ten. A first bin, which ends at 0, then has the zero and
   * negative durations. False by default.
   */
  log?: boolean | undefined;
}

/**
 * Counts durations in bins of one round width, empty ones included: the
 * transform behind {@linkcode durationHistogram}. With `series`, each series
 * has the same bins.
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
 * @throws {RangeError} if `bins` is not from 1 to 100,000.
 */
export function durationBins(
  rows: Rows | Durations,
  { bins = 60, domain, log = false, ...channels }:
    & DurationChannels
    & BinOptions = {},
): DurationBin[] {
  const durations = durationsOf(rows, channels);
  const range = log ? logRange([durations.duration]) : undefined;
  const grid = binGrid(durations.duration, range, bins, domain);
  if (durations.length === 0) return [];
  return countBins(bySeries(durations), grid);
}

/**
 * Bins of durations; by logarithm if they have a range above zero, with a bin
 * of zero and below unless the domain begins above it.
 */
export function binGrid(
  duration: Float64Array,
  range: LogRange | undefined,
  bins: number,
  domain: readonly [number, number] | undefined,
): Grid {
  if (!(bins >= 1 && bins <= 100_000)) {
    throw new RangeError(`bins must be from 1 to 100,000, not ${bins}`);
  }
  if (!range) return roundGrid(domain ?? extentOf(duration), bins);
  const grid = logGridWithin(range, bins, domain);
  return domain && domain[0] > 0 ? grid : withRest(grid);
}

/** Cells by logarithm over the part of a range that a domain asks for. */
export function logGridWithin(
  range: LogRange,
  count: number,
  domain?: readonly [number, number] | undefined,
): Grid {
  const min = domain && domain[0] > 0 ? domain[0] : range.min;
  return roundLogGrid([min, Math.max(min, domain?.[1] ?? range.max)], count);
}

/** Counts the durations of each series, or of all. */
export function countBins(
  parts: readonly { name: string | undefined; duration: Float64Array }[],
  grid: Grid,
): DurationBin[] {
  const counted = parts.map(({ name, duration }) => {
    const counts = new Uint32Array(grid.count);
    for (const value of duration) {
      const bin = grid.place(value);
      if (bin >= 0) counts[bin]!++;
    }
    return { name, counts, length: duration.length };
  });
  // A bin of zero and below is left out if it is empty.
  const first = grid.range(0)[0] === -Infinity &&
      counted.every(({ counts }) => counts[0] === 0)
    ? 1
    : 0;
  return counted.flatMap(({ name, counts, length }) =>
    Array.from(counts.subarray(first), (count, i): DurationBin => {
      const [x1, x2] = grid.range(first + i);
      return {
        x1,
        x2,
        count,
        ...(name !== undefined &&
          { series: name, share: count / (length || 1) }),
      };
    })
  );
}

/** Bins in their places on the axis, that of zero and below in its strip. */
export function inStrip(
  bins: readonly DurationBin[],
  { strip }: DurationScale,
): DurationBin[] {
  return bins.flatMap((bin) => {
    if (bin.x1 !== -Infinity) return [bin];
    if (!strip) return [];
    // A little apart from the bars that the axis counts.
    const gap = (strip[1] / strip[0]) ** 0.15;
    return [{ ...bin, x1: strip[0] * gap, x2: strip[1] / gap }];
  });
}

export function edgesOf(bins: readonly DurationBin[]): [number, number] {
  const positive = bins.filter(({ x1 }) => x1 !== -Infinity);
  return [positive[0]?.x1 ?? 0.1, positive.at(-1)?.x2 ?? 1];
}

/** Width of the bins: a duration, or a factor. */
export function binWidthText(bins: readonly DurationBin[], log: boolean) {
  const last = bins.at(-1);
  if (!last) return "";
  return log
    ? `per bin of a factor ${formatNumber(last.x2 / last.x1)}`
    : `per bin of ${formatDuration(last.x2 - last.x1)}`;
}

export function barsDomain(bins: readonly DurationBin[]): [number, number] {
  const first = bins[0];
  const last = bins.at(-1);
  if (!first || !last) return [0, 1];
  const width = last.x2 - first.x1;
  if (bins.length === 1) {
    // One bar as wide as the plot would look like a plot without an axis.
    return [
      Math.min(first.x1, Math.max(0, first.x1 - 4 * width)),
      last.x2 + 4 * width,
    ];
  }
  // Durations are read against zero, unless they are all far from it.
  return [first.x1 > 0 && first.x1 < 2 * width ? 0 : first.x1, last.x2];
}
