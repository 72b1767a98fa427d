// @ts-types="npm:@types/d3-array@3.2.2"
import { maxIndex, sum, tickStep } from "d3-array";
import { unitFor } from "../axes/units.ts";
import type { Series } from "./series.ts";

/** Cells along one axis, numbered from 0. */
export interface Grid {
  count: number;
  /** The cell of a value; -1 if it is outside. */
  place: (value: number) => number;
  /** The two ends of a cell. */
  range: (i: number) => readonly [number, number];
}

/** A cell of a grid over two axes that has rows in it. */
export interface GridCell {
  /** Left edge. */
  x1: number;
  /** Right edge. */
  x2: number;
  /** Lower edge. */
  y1: number;
  /** Upper edge. */
  y2: number;
  /** Number of rows in it. */
  count: number;
  /**
   * The series with the largest share of its own rows in the cell, if the rows
   * have series.
   */
  series?: string;
}

/** Cells of one size from the least to the greatest value. */
export function evenGrid(values: Float64Array, count: number): Grid {
  const [min, max] = extentOf(values);
  const isOne = max === min;
  // Equal values lie in a cell that is small compared to them. A fraction of the
  // smallest number would be zero.
  const size = (isOne ? (Math.abs(min) || 1) * 1e-4 : (max - min) / count) ||
    Number.MIN_VALUE;
  const low = isOne ? min - size * (Math.floor(count / 2) + 0.5) : min;
  return uniformGrid(low, size, count);
}

const uniformGrid = (start: number, size: number, count: number): Grid => ({
  count,
  place: (value) => Math.min(count - 1, Math.floor((value - start) / size)),
  range: (i) => [start + i * size, start + (i + 1) * size],
});

/** The same on a logarithmic scale; the first cell has the values up to 0. */
export function logGrid(values: Float64Array, count: number): Grid {
  const above = evenGrid(
    values.filter((value) => value > 0).map(Math.log),
    count,
  );
  return withRest({
    count,
    place: (value) => above.place(Math.log(value)),
    range(i) {
      const [from, to] = above.range(i);
      return [Math.exp(from), Math.exp(to)];
    },
  });
}

/** Puts a cell before those of a logarithmic grid: for zero and below. */
export const withRest = ({ count, place, range }: Grid): Grid => ({
  count: count + 1,
  place(value) {
    if (!(value > 0)) return 0;
    const cell = place(value);
    return cell < 0 ? cell : cell + 1;
  },
  range: (i) => i === 0 ? [-Infinity, 0] : range(i - 1),
});

/** About this many cells, whose edges are the multiples of a round width. */
export function roundGrid(
  domain: readonly [number, number],
  count: number,
): Grid {
  const { edge, place } = binsOf(roundStep(domain, count));
  return gridOf(domain, edge, place);
}

/** About this many cells, a whole number of them for each power of ten. */
export function roundLogGrid(
  domain: readonly [number, number],
  count: number,
): Grid {
  const decades = Math.log10(domain[1] / domain[0]);
  const perDecade = decades < 1e-9
    ? 10
    : Math.max(1, Math.round(count / decades));
  return gridOf(
    domain,
    (i) => 10 ** (i / perDecade),
    (value) => Math.log10(value) * perDecade,
  );
}

/** Cells between edges that are numbered from below zero to above. */
function gridOf(
  [min, max]: readonly [number, number],
  edge: (i: number) => number,
  about: (value: number) => number,
): Grid {
  // A division may miss the edge by the last bit: the edges themselves decide.
  const cellOf = (value: number) => {
    let i = Math.floor(about(value));
    while (edge(i + 1) <= value) i++;
    while (edge(i) > value) i--;
    return i;
  };
  const first = cellOf(min);
  return {
    count: cellOf(max) - first + 1,
    place: (value) => value >= min && value <= max ? cellOf(value) - first : -1,
    range: (i) => [edge(first + i), edge(first + i + 1)],
  };
}

function roundStep(
  [min, max]: readonly [number, number],
  count: number,
): number {
  const size = Math.max(Math.abs(min), Math.abs(max));
  // Equal but for the last bits of a float: a cell of a tenth of the value.
  if (max - min <= size * 1e-12) return tickStep(0, size || 1, 10);
  // Also round in hours and days, which are not powers of ten.
  const unit = Math.max(1, unitFor(size).seconds);
  return tickStep(min / unit, max / unit, count) * unit;
}

/** A round width that divides this many seconds into about this many bins. */
export function roundSeconds(seconds: number, bins: number): number {
  if (!(seconds > 0)) return 1;
  // Round in minutes, hours and days too.
  const unit = Math.max(1, unitFor(seconds / bins * 4).seconds);
  return tickStep(0, seconds / unit, bins) * unit;
}

// Widths that are easy to read, in seconds; from a year on, round numbers.
const widths = [-6, -5, -4, -3, -2, -1, 0]
  .flatMap((power) => [1, 2, 5].map((n) => Number(`${n}e${power}`)))
  .concat([10, 15, 30], [1, 2, 5, 10, 15, 30].map((n) => n * 60))
  .concat([1, 2, 3, 6, 12, 24].map((n) => n * 3600))
  .concat([2, 7, 28, 364].map((n) => n * 86_400));

/**
 * Width of bins for this many seconds: `per`, or a round one that makes at most
 * so many bins, and is a multiple of `given`, the width of bins that exist already.
 *
 * @throws {RangeError} if `per` is not above 0.
 */
export function binWidth(
  seconds: number,
  per: number | undefined,
  given: number | undefined,
  maxBins = 200,
): number {
  if (per === undefined) return roundWidth(seconds, maxBins, given);
  if (!(per > 0 && per < Infinity)) {
    throw new RangeError(
      `per must be a number of seconds above 0; it is ${per}`,
    );
  }
  // A time that is far off, as in a damaged log, must not make endless bins.
  return roundWidth(seconds, 1_000_000, per);
}

/**
 * The smallest round width that divides this many seconds into at most `max`
 * bins; a multiple of `given`, the width of bins that exist already.
 */
function roundWidth(seconds: number, max: number, given?: number): number {
  const fits = (width: number) => seconds / width < max;
  if (given === undefined ? !(seconds > 0) : fits(given)) return given ?? 1;
  const unit = given ?? widths.at(-1)!;
  const isRound = (width: number) =>
    given === undefined || width > given && isWhole(width / given);
  return widths.find((width) => fits(width) && isRound(width)) ??
    unit * Math.ceil(seconds / unit / max + 1e-9);
}

/**
 * Bins of equal width, numbered from 0 at time 0: the number of the bin with a
 * time, and the start of a bin. Fractions of a second are divided by their
 * inverse, as d3's ticks do: 0.3 / 0.1 is less than 3, 3 * 0.1 more than 0.3.
 */
export function binsOf(width: number) {
  const perSecond = Math.round(1 / width);
  const isFraction = width < 1 && Math.abs(1 / width - perSecond) < 1e-6;
  const [times, by] = isFraction ? [perSecond, 1] : [1, width];
  return {
    place: (time: number) => Math.floor(time * times / by),
    edge: (place: number) => place * by / times,
  };
}

const isWhole = (value: number) => Math.abs(value - Math.round(value)) < 1e-9;

const maxBins = 10_000;

/**
 * Bins of time from the first of the times: each has a width of `every`
 * seconds, or there are about `bins` of a round width.
 *
 * @throws {RangeError} if `every` is not above zero, or makes too many bins.
 */
export function timeBins(
  times: Float64Array,
  { every, bins = 1 }: { every?: number | undefined; bins?: number },
): Grid {
  const [start, end] = extentOf(times);
  const width = every ?? roundSeconds(end - start, bins);
  const count = Math.floor((end - start) / width) + 1;
  if (!(width > 0 && count <= maxBins)) {
    throw new RangeError(
      `every must be a number of seconds that makes at most ` +
        `${maxBins.toLocaleString("en-US")} bins, not ${every}`,
    );
  }
  return uniformGrid(start, width, count);
}

/** From the edge of the first cell to that of the last. */
export const endsOf = ({ count, range }: Grid): [number, number] => [
  range(0)[0],
  range(count - 1)[1],
];

/**
 * Counts points in cells. Omits points outside or without an x, and empty cells.
 */
export function countCells(
  points: {
    x: Float64Array;
    y: Float64Array;
    series?: Pick<Series, "of" | "names"> | undefined;
  },
  x: Grid,
  y: Grid,
): GridCell[] {
  const { series } = points;
  const counts = new Uint32Array(x.count * y.count);
  const bySeries = series?.names.map(() => new Uint32Array(counts.length));
  points.x.forEach((value, i) => {
    const row = y.place(points.y[i]!);
    if (Number.isNaN(value) || row < 0) return;
    const cell = x.place(value) * y.count + row;
    counts[cell]!++;
    if (bySeries) bySeries[series!.of[i]!]![cell]!++;
  });
  const totals = bySeries?.map((counts) => sum(counts) || 1);
  const strongest = (cell: number) =>
    series!.names[maxIndex(bySeries!, (own, s) => own[cell]! / totals![s]!)]!;
  const cells: GridCell[] = [];
  counts.forEach((count, i) => {
    if (count === 0) return;
    const [x1, x2] = x.range(Math.floor(i / y.count));
    const [y1, y2] = y.range(i % y.count);
    cells.push({
      x1,
      x2,
      y1,
      y2,
      count,
      ...(bySeries && { series: strongest(i) }),
    });
  });
  return cells;
}

/** Minimum and maximum of the numbers; 0 and 0 without numbers. */
export function extentOf(values: Float64Array): [number, number] {
  // Several times as quick as d3's, which takes any values.
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 0];
}
