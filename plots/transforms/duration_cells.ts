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
}

/** The grid that durations are counted in. */
export interface CellOptions {
  /** How many cells there are over all of the time. */
  columns?: number | undefined;
  /** How many cells there are over all of the durations. */
  lines?: number | undefined;
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
  { columns = 200, lines = 100, ...channels }: DurationChannels & CellOptions =
    {},
): DurationCell[] {
  const { start, duration, length } = durationsOf(rows, channels);
  const x = grid(start, columns);
  const y = grid(duration, lines);
  const counts = new Uint32Array(columns * lines);
  for (let i = 0; i < length; i++) {
    if (Number.isNaN(start[i])) continue;
    counts[x.place(start[i]!) * lines + y.place(duration[i]!)]!++;
  }
  const cells: DurationCell[] = [];
  counts.forEach((count, i) => {
    if (count === 0) return;
    const column = Math.floor(i / lines);
    const line = i % lines;
    cells.push({
      x1: x.edge(column),
      x2: x.edge(column + 1),
      y1: y.edge(line),
      y2: y.edge(line + 1),
      count,
    });
  });
  return cells;
}

function grid(values: Float64Array, cells: number) {
  const [least, most] = extentOf(values);
  const isOne = most === least;
  // All equal: they lie in a cell that is small beside their value.
  const size = isOne ? (Math.abs(least) || 1) * 1e-4 : (most - least) / cells;
  const low = isOne ? least - size * (Math.floor(cells / 2) + 0.5) : least;
  return {
    place: (value: number) =>
      Math.min(cells - 1, Math.floor((value - low) / size)),
    edge: (i: number) => low + i * size,
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
