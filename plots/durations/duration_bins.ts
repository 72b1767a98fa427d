// @ts-types="npm:@types/d3-array@3.2.2"
import { tickStep } from "d3-array";
import type { Rows } from "../rows/channels.ts";
import { extentOf } from "../rows/grid.ts";
import { formatDuration, formatNumber, unitFor } from "../axes/units.ts";
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
  /** Counts only durations within, in seconds. */
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
 * @throws {RangeError} if `bins` is not a number of at min 1.
 */
export function durationBins(
  rows: Rows | Durations,
  { bins = 60, domain, log = false, ...channels }:
    & DurationChannels
    & BinOptions = {},
): DurationBin[] {
  if (!(bins >= 1 && bins <= 100_000)) {
    throw new RangeError(`bins must be from 1 to 100,000, not ${bins}`);
  }
  const durations = durationsOf(rows, channels);
  if (durations.length === 0) return [];
  const edges = log
    ? logEdges(logRange([durations]), bins, domain)
    : roundEdges(domain ?? extentOf(durations.duration), bins);
  const rest = log && !(domain && domain[0] > 0);
  const parts = durations.series ? bySeries(durations) : [durations];
  return countBins(parts, edges, rest);
}

/**
 * Counts the durations of each series, or of all, between edges; `rest` adds the
 * bin of zero and below.
 */
export function countBins(
  parts: readonly { name?: string | undefined; duration: Float64Array }[],
  edges: Edges,
  rest: boolean,
): DurationBin[] {
  const [min, max] = edges.domain;
  const first = edges.place(min);
  const length = edges.place(max) - first + 1;
  const needsRest = rest &&
    parts.some(({ duration }) => duration.some((value) => !(value > 0)));
  return parts.flatMap(({ name, duration }) => {
    const counts = new Uint32Array(length);
    let notPositive = 0;
    for (const value of duration) {
      if (value >= min && value <= max) {
        counts[edges.place(value) - first]!++;
      } else if (!(value > 0)) notPositive++;
    }
    const bars: DurationBin[] = needsRest
      ? [{ x1: -Infinity, x2: 0, count: notPositive }]
      : [];
    counts.forEach((count, i) => {
      bars.push({
        x1: edges.edge(first + i),
        x2: edges.edge(first + i + 1),
        count,
      });
    });
    if (name === undefined) return bars;
    return bars.map((bar) => ({
      ...bar,
      series: name,
      share: bar.count / (duration.length || 1),
    }));
  });
}

/** The edges of bins, numbered from below zero to above. */
export interface Edges {
  /** The least and the greatest value that is counted. */
  domain: readonly [number, number];
  /** The bin of a value. */
  place: (value: number) => number;
  /** Lower edge of a bin. */
  edge: (i: number) => number;
}

/** Edges at the multiples of a round width. */
export function roundEdges(
  domain: readonly [number, number],
  bins: number,
): Edges {
  const [min, max] = domain;
  const step = roundStep(min, max, bins);
  // Divides, as d3's ticks do: 3 / 10 is 0.3, 3 * 0.1 is not.
  const perUnit = step < 1 ? Math.round(1 / step) : 1;
  const edge = step < 1 ? (i: number) => i / perUnit : (i: number) => i * step;
  return { domain, edge, place: placer(edge, (value) => value / step) };
}

/** Edges at so many per power of ten, for durations above zero. */
export function logEdges(
  range: Pick<LogRange, "min" | "max">,
  bins: number,
  domain?: readonly [number, number],
): Edges {
  const min = domain && domain[0] > 0 ? domain[0] : range.min;
  const max = Math.max(min, domain?.[1] ?? range.max);
  const decades = Math.log10(max / min);
  const perDecade = decades < 1e-9
    ? 10
    : Math.max(1, Math.round(bins / decades));
  const edge = (i: number) => 10 ** (i / perDecade);
  return {
    domain: [min, max],
    edge,
    place: placer(edge, (value) => Math.log10(value) * perDecade),
  };
}

// A division may miss the edge by the last bit: the edges themselves decide.
function placer(
  edge: (i: number) => number,
  about: (value: number) => number,
): (value: number) => number {
  return (value) => {
    let i = Math.floor(about(value));
    while (edge(i + 1) <= value) i++;
    while (edge(i) > value) i--;
    return i;
  };
}

function roundStep(min: number, max: number, bins: number): number {
  const size = Math.max(Math.abs(min), Math.abs(max));
  // Equal but for the last bits of a float: a bin of a tenth of the value.
  if (max - min <= size * 1e-12) return tickStep(0, size || 1, 10);
  // Round in hours and days too, which are no powers of ten.
  const unit = Math.max(1, unitFor(size).seconds);
  return tickStep(min / unit, max / unit, bins) * unit;
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
export function widthOf(bins: readonly DurationBin[], log: boolean) {
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
