// @ts-types="npm:@types/d3-array@3.2.2"
import { tickStep } from "d3-array";
import type { Rows } from "../rows/channels.ts";
import { extentOf } from "./duration_cells.ts";
import { unitFor } from "../axes/units.ts";
import {
  bySeries,
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./durations.ts";
import { type LogRange, logRange } from "./log_range.ts";

/** One bar of a histogram: how many durations are in [x1, x2). */
export interface DurationBin {
  /** The least duration of the bin, in seconds. */
  x1: number;
  /** The first duration past the bin, in seconds. */
  x2: number;
  /** How many durations are from x1 to x2, without x2. */
  count: number;
  /** Which series is counted, if the rows have any. */
  series?: string;
  /** Of all durations of that series, from 0 to 1. */
  share?: number;
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
  /**
   * Whether bins are equally wide by their logarithm, a whole number of them
   * for each power of ten. Then a first bin, which ends at zero, holds what is
   * zero or negative. False if not given.
   */
  log?: boolean | undefined;
}

/**
 * How many durations are in each of a row of bins of one round width: the
 * transform behind {@linkcode durationHistogram}. Empty bins between others
 * are there too. With `series` each series has the same bins.
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
  return countBins(durations, edges, rest);
}

/** Counts durations between edges; with `rest`, those that are not above zero. */
export function countBins(
  durations: Durations,
  edges: Edges,
  rest: boolean,
): DurationBin[] {
  const [least, most] = edges.domain;
  const first = edges.place(least);
  const length = edges.place(most) - first + 1;
  const needsRest = rest && durations.duration.some((value) => !(value > 0));
  return bySeries(durations).flatMap(({ name, duration }) => {
    const counts = new Uint32Array(length);
    let notPositive = 0;
    for (const value of duration) {
      if (value >= least && value <= most) {
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
    if (!durations.series) return bars;
    return bars.map((bar) => ({
      ...bar,
      series: name,
      share: bar.count / (duration.length || 1),
    }));
  });
}

/** The edges of bins, numbered from below zero to above. */
export interface Edges {
  /** From where to where is counted. */
  domain: readonly [number, number];
  /** The number of the bin that a value is in. */
  place: (value: number) => number;
  /** Where a bin starts. */
  edge: (i: number) => number;
}

/** Edges at the multiples of a round width. */
export function roundEdges(
  domain: readonly [number, number],
  bins: number,
): Edges {
  const [least, most] = domain;
  const step = roundStep(least, most, bins);
  // As d3's ticks do it: a division by a whole number gives 0.3 where a
  // multiplication by 0.1 gives 0.30000000000000004.
  const perUnit = step < 1 ? Math.round(1 / step) : 1;
  const edge = step < 1 ? (i: number) => i / perUnit : (i: number) => i * step;
  return { domain, edge, place: placer(edge, (value) => value / step) };
}

/** Edges at so many to each power of ten; of durations above zero alone. */
export function logEdges(
  range: Pick<LogRange, "least" | "most">,
  bins: number,
  domain?: readonly [number, number],
): Edges {
  const least = domain && domain[0] > 0 ? domain[0] : range.least;
  const most = Math.max(least, domain?.[1] ?? range.most);
  const decades = Math.log10(most / least);
  const perDecade = decades < 1e-9
    ? 10
    : Math.max(1, Math.round(bins / decades));
  const edge = (i: number) => 10 ** (i / perDecade);
  return {
    domain: [least, most],
    edge,
    place: placer(edge, (value) => Math.log10(value) * perDecade),
  };
}

// Dividing may land a last bit beside the edge: the edges themselves decide.
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

function roundStep(least: number, most: number, bins: number): number {
  const size = Math.max(Math.abs(least), Math.abs(most));
  // All equal, but for the last bits of a float: a bin as wide as a tenth of
  // the value shows where it lies.
  if (most - least <= size * 1e-12) return tickStep(0, size || 1, 10);
  // Of hours and days, which are no powers of ten, a round number too.
  const unit = Math.max(1, unitFor(size).seconds);
  return tickStep(least / unit, most / unit, bins) * unit;
}
