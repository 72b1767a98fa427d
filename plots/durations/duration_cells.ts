import type { Rows } from "../rows/channels.ts";
import {
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./durations.ts";

/** A cell of a grid over time and duration that has rows in it. */
export interface DurationCell {
  /** Its start in time, in seconds. */
  x1: number;
  /** Its end in time, in seconds. */
  x2: number;
  /** Its least duration, in seconds. */
  y1: number;
  /** Its greatest duration, in seconds. */
  y2: number;
  /** How many rows are in it. */
  count: number;
  /**
   * The series with the largest share of its own rows in the cell, if the rows
   * have series.
   */
  series?: string;
}

/** The grid that durations are counted in. */
export interface CellOptions {
  /** How many cells there are over all of the time. */
  columns?: number | undefined;
  /** How many cells there are over all of the durations. */
  lines?: number | undefined;
  /**
   * Whether cells are equally high by the logarithm of the duration. What is
   * zero or negative is then in cells of their own, which end at zero. False if
   * not given.
   */
  log?: boolean | undefined;
}

/**
 * How many rows are in each cell of a grid over time and duration: the
 * transform behind {@linkcode durationsOverTime} and
 * {@linkcode durationDensity} where there are more rows than dots can show.
 * Cells without a row are left out; no row is: what is extreme has its cell.
 *
 * @example
 * ```ts
 * import { durationCells } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const rows = [[0, 1], [0, 1], [8, 12]];
 * const cells = durationCells(rows, { columns: 2, lines: 2 });
 * assert.deepEqual(cells.map(({ count }) => count), [2, 1]);
 * ```
 */
export function durationCells(
  rows: Rows | Durations,
  { columns = 200, lines = 100, log = false, ...channels }:
    & DurationChannels
    & CellOptions = {},
): DurationCell[] {
  const durations = durationsOf(rows, channels);
  const x = grid(durations.start, columns);
  const y = log
    ? logGrid(durations.duration, lines)
    : grid(durations.duration, lines);
  return countCells(durations, x, y);
}

/** The cells along one axis, numbered from 0. */
export interface Grid {
  cells: number;
  place: (value: number) => number;
  /** From where to where a cell goes. */
  range: (i: number) => readonly [number, number];
}

/** Counts rows in cells; those without a start are in none. */
export function countCells(
  { start, duration, length, series }: Durations,
  x: Grid,
  y: Grid,
): DurationCell[] {
  const size = x.cells * y.cells;
  const counts = new Uint32Array(size);
  const bySeries = series?.names.map(() => new Uint32Array(size));
  for (let i = 0; i < length; i++) {
    if (Number.isNaN(start[i])) continue;
    const cell = x.place(start[i]!) * y.cells + y.place(duration[i]!);
    counts[cell]!++;
    if (bySeries) bySeries[series!.of[i]!]![cell]!++;
  }
  const totals = bySeries?.map((counts) =>
    counts.reduce((sum, count) => sum + count, 0)
  );
  const strongest = (cell: number) => {
    const share = (s: number) => bySeries![s]![cell]! / (totals![s]! || 1);
    let best = 0;
    for (let s = 1; s < bySeries!.length; s++) {
      if (share(s) > share(best)) best = s;
    }
    return series!.names[best]!;
  };
  const cells: DurationCell[] = [];
  counts.forEach((count, i) => {
    if (count === 0) return;
    const [x1, x2] = x.range(Math.floor(i / y.cells));
    const [y1, y2] = y.range(i % y.cells);
    cells.push({
      ...{ x1, x2, y1, y2 },
      count,
      ...(bySeries ? { series: strongest(i) } : {}),
    });
  });
  return cells;
}

/** Where cells lie on an axis that has a strip for what is not above zero. */
export function cellPlace(strip: readonly [number, number] | undefined) {
  if (!strip) return { y1: "y1", y2: "y2" };
  return {
    y1: ({ y1, y2 }: DurationCell) => y2 <= 0 ? strip[0] : y1,
    y2: ({ y2 }: DurationCell) => y2 <= 0 ? strip[1] : y2,
  };
}

function grid(values: Float64Array, cells: number): Grid {
  const [least, most] = extentOf(values);
  const isOne = most === least;
  // All equal: they lie in a cell that is small beside their value.
  const wanted = isOne ? (Math.abs(least) || 1) * 1e-4 : (most - least) / cells;
  // Of the least numbers that there are, a part is zero.
  const size = wanted || Number.MIN_VALUE;
  const low = isOne ? least - size * (Math.floor(cells / 2) + 0.5) : least;
  return {
    cells,
    place: (value) => Math.min(cells - 1, Math.floor((value - low) / size)),
    range: (i) => [low + i * size, low + (i + 1) * size],
  };
}

/** The first cell is for what is not above zero. */
function logGrid(values: Float64Array, cells: number): Grid {
  const above = grid(
    values.filter((value) => value > 0).map(Math.log),
    cells,
  );
  return {
    cells: cells + 1,
    place: (value) => value > 0 ? 1 + above.place(Math.log(value)) : 0,
    range(i) {
      if (i === 0) return [-Infinity, 0];
      const [from, to] = above.range(i - 1);
      return [Math.exp(from), Math.exp(to)];
    },
  };
}

/** The least and the greatest of the numbers; of none, 0 and 0. */
export function extentOf(values: Float64Array): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > high ? [0, 0] : [low, high];
}
