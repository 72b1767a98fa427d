import type { Rows } from "../rows/channels.ts";
import {
  countCells,
  evenGrid,
  extentOf,
  type Grid,
  type GridCell,
  logGrid,
} from "../rows/grid.ts";
import { timeBins } from "../rows/time_bins.ts";
import { type Edges, logEdges, roundEdges } from "./duration_bins.ts";
import { logRange } from "./duration_scale.ts";
import {
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./durations.ts";

/** Options of the grid of {@linkcode durationCells}. */
export interface CellOptions {
  /** Number of cells over all of the time. 200 by default. */
  columns?: number | undefined;
  /** Number of cells over all durations. 100 by default. */
  lines?: number | undefined;
  /**
   * Whether cells are equally high by the logarithm of the duration. Zero and
   * negative durations then have cells of their own, which end at 0. False by
   * default.
   */
  log?: boolean | undefined;
}

/**
 * Counts rows in a grid over time and duration, in seconds: the transform behind
 * {@linkcode durationsOverTime} and {@linkcode durationDensity} where there are
 * more rows than dots can show. Empty cells are left out; extreme rows are not.
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
): GridCell[] {
  const durations = durationsOf(rows, channels);
  return countCells(
    pointsOf(durations),
    evenGrid(durations.start, columns),
    (log ? logGrid : evenGrid)(durations.duration, lines),
  );
}

const pointsOf = ({ start, duration, series }: Durations) => ({
  x: start,
  y: duration,
  series,
});

/** Places of cells on an axis that has a strip for zero and below. */
export function cellPlace(strip: readonly [number, number] | undefined) {
  if (!strip) return { y1: "y1", y2: "y2" };
  return {
    y1: ({ y1, y2 }: GridCell) => y2 <= 0 ? strip[0] : y1,
    y2: ({ y2 }: GridCell) => y2 <= 0 ? strip[1] : y2,
  };
}

/** Options of the grid of {@linkcode heatCells}. */
export interface HeatCellOptions {
  /** Width of a cell in seconds, in place of `columns`. */
  every?: number | undefined;
  /**
   * Approximate number of cells over all of the time. By default as many as the
   * rows can fill, at most 110.
   */
  columns?: number | undefined;
  /** The same over all durations; at most 50 by default. */
  lines?: number | undefined;
  /**
   * Whether cells are equally high by the logarithm of the duration. Zero and
   * negative durations then have cells of their own, which end at 0. False by
   * default.
   */
  log?: boolean | undefined;
}

/**
 * Counts rows in a grid over time and duration whose cells have a round width
 * and height: the transform behind {@linkcode durationHeatmap}. Empty cells and
 * rows without a start are left out.
 *
 * @example
 * ```ts
 * import { heatCells } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const rows = [[0, 1], [1, 2.5], [19, 27]];
 * const cells = heatCells(rows, { every: 10, lines: 4 });
 * assert.deepEqual(cells, [
 *   { x1: 0, x2: 10, y1: 0, y2: 2, count: 2 },
 *   { x1: 10, x2: 20, y1: 8, y2: 10, count: 1 },
 * ]);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 * @throws {RangeError} if `every` is not above zero, or makes too many bins.
 */
export function heatCells(
  rows: Rows | Durations,
  { every, columns, lines, log, ...channels }:
    & DurationChannels
    & HeatCellOptions = {},
): GridCell[] {
  const { series: _, ...durations } = durationsOf(rows, channels);
  if (durations.length === 0) return [];
  const edges = edgesFor([durations], { lines, log });
  return cellsBetween(durations, edges, { every, columns, log });
}

/** Edges of cells over all durations. */
export function edgesFor(
  data: readonly Durations[],
  { lines, log }: HeatCellOptions,
  asked?: readonly [number, number],
): Edges {
  const rows = Math.max(0, ...data.map(({ length }) => length));
  const cells = lines ?? fittingCells(rows, 50);
  if (log) {
    return logEdges(logRange(data), cells, asked);
  }
  const extents = data.map(({ duration }) => extentOf(duration));
  return roundEdges(
    asked ?? [
      Math.min(0, ...extents.map(([min]) => min)),
      Math.max(...extents.map(([, max]) => max)),
    ],
    cells,
  );
}

/** Counts rows between edges of durations, and in bins of time. */
export function cellsBetween(
  durations: Durations,
  edges: Edges,
  { every, columns, log = false }: HeatCellOptions,
): GridCell[] {
  const time = timeBins(durations.start, {
    every,
    bins: columns ?? fittingCells(durations.length, 110),
  });
  const [min, max] = edges.domain;
  const first = edges.place(min);
  const last = edges.place(max);
  // The first cell is for zero and below, the last for values off the edges.
  const y: Grid = {
    count: last - first + 3,
    place: (value) =>
      value >= min && value <= max
        ? 1 + edges.place(value) - first
        : value <= 0
        ? 0
        : last - first + 2,
    range: (i) =>
      i === 0
        ? [-Infinity, 0]
        : [edges.edge(first + i - 1), edges.edge(first + i)],
  };
  return countCells(pointsOf(durations), time, y).filter(({ y1 }) =>
    y1 < edges.edge(last + 1) && (log || y1 !== -Infinity)
  );
}

/** Number of cells along an axis of which the rows fill most. */
export const fittingCells = (rows: number, max: number): number =>
  Math.max(12, Math.min(max, Math.round(2 * Math.sqrt(rows))));
