import type { Rows } from "../rows/channels.ts";
import {
  countCells,
  evenGrid,
  extentOf,
  type Grid,
  type GridCell,
  logGrid,
  roundGrid,
  timeBins,
  withRest,
} from "../rows/grid.ts";
import { logGridWithin } from "./duration_bins.ts";
import { logRange } from "./duration_scale.ts";
import {
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./durations.ts";

/** Options of the cells of a heatmap. */
export interface HeatCellOptions {
  /** Width of a cell in seconds, in place of `columns`. */
  every?: number | undefined;
  /**
   * Approximate number of cells over all of the time. By default as many as the
   * rows can fill, at most 110.
   */
  columns?: number | undefined;
  /** Approximate number of cells over all durations; at most 50 by default. */
  lines?: number | undefined;
  /**
   * Whether cells are equally high by the logarithm of the duration. Zero and
   * negative durations then have cells of their own, which end at 0. False by
   * default.
   */
  log?: boolean | undefined;
}

/** Options of the grid of {@linkcode durationCells}. */
export interface CellOptions extends HeatCellOptions {
  /**
   * Whether cells have a round width and height, as in a heatmap. By default
   * only with `every`; else 200 by 100 cells divide the extent of the rows.
   */
  round?: boolean | undefined;
}

/**
 * Counts rows in a grid over time and duration, in seconds: the transform behind
 * {@linkcode durationHeatmap}, and behind {@linkcode durationsOverTime} and
 * {@linkcode durationDensity} where there are more rows than dots can show. Empty
 * cells and rows without a start are left out; extreme rows are not.
 *
 * @example
 * ```ts
 * import { durationCells } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const rows = [[0, 1], [1, 2.5], [19, 27]];
 * const cells = durationCells(rows, { columns: 2, lines: 2 });
 * assert.deepEqual(cells.map(({ count }) => count), [2, 1]);
 * assert.deepEqual(durationCells(rows, { every: 10, lines: 4 }), [
 *   { x1: 0, x2: 10, y1: 0, y2: 2, count: 2 },
 *   { x1: 10, x2: 20, y1: 8, y2: 10, count: 1 },
 * ]);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 * @throws {RangeError} if `every` is not above zero, or makes too many bins.
 */
export function durationCells(
  rows: Rows | Durations,
  { every, round = every !== undefined, columns, lines, log, ...channels }:
    & DurationChannels
    & CellOptions = {},
): GridCell[] {
  const durations = durationsOf(rows, channels);
  if (durations.length === 0) return [];
  if (round) {
    const grid = heatLines([durations], { lines, log });
    return heatCells(durations, grid, { every, columns, log });
  }
  return cellsBetween(
    durations,
    evenGrid(durations.start, columns ?? 200),
    (log ? logGrid : evenGrid)(durations.duration, lines ?? 100),
  );
}

const cellsBetween = (durations: Durations, x: Grid, y: Grid) =>
  countCells({ ...durations, x: durations.start, y: durations.duration }, x, y);

/** Lines of a heatmap over all durations, or over the domain asked for. */
export function heatLines(
  sets: readonly Durations[],
  { lines, log }: HeatCellOptions,
  asked?: readonly [number, number],
): Grid {
  const rows = Math.max(...sets.map(({ length }) => length));
  const cells = lines ?? fittingCells(rows, 50);
  const durations = sets.map(({ duration }) => duration);
  if (log) return logGridWithin(logRange(durations), cells, asked);
  const extents = durations.map(extentOf);
  const low = Math.min(0, ...extents.map(([min]) => min));
  const high = Math.max(...extents.map(([, max]) => max));
  return roundGrid(asked ?? [low, high], cells);
}

/** Counts rows in lines of durations and bins of time. */
export const heatCells = (
  durations: Durations,
  lines: Grid,
  { every, columns, log }: HeatCellOptions,
): GridCell[] =>
  cellsBetween(
    durations,
    timeBins(durations.start, {
      every,
      bins: columns ?? fittingCells(durations.length, 110),
    }),
    log ? withRest(lines) : lines,
  );

/** Number of cells along an axis such that the rows fill most of them. */
export const fittingCells = (rows: number, max: number): number =>
  Math.max(12, Math.min(max, Math.round(2 * Math.sqrt(rows))));
