import type { Rows } from "../rows/channels.ts";
import {
  countCells,
  type DurationCell,
  extentOf,
  type Grid,
} from "./duration_cells.ts";
import { type Edges, logEdges, roundEdges } from "./duration_bins.ts";
import {
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./durations.ts";
import { type LogRange, logRange } from "./log_range.ts";
import { timeBins } from "../rows/time_bins.ts";

/** The grid of a heatmap, its cells of a round width and height. */
export interface HeatCellOptions {
  /** How wide a cell is in time, in seconds; if not given, as `columns` say. */
  every?: number | undefined;
  /**
   * About how many cells there are over all of the time. If not given, as many
   * as the rows can fill, at most 110.
   */
  columns?: number | undefined;
  /** The same over all of the durations, at most 50. */
  lines?: number | undefined;
  /**
   * Whether cells are equally high by the logarithm of the duration. What is
   * zero or negative is then in cells of their own, which end at zero. False if
   * not given.
   */
  log?: boolean | undefined;
}

/**
 * How many rows are in each cell of a grid over time and duration, whose cells
 * have a round width and height: the transform behind
 * {@linkcode durationHeatmap}. Cells without a row are left out, and so are rows
 * without a start.
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
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 * @throws {RangeError} if `every` is not above zero, or makes too many bins.
 */
export function heatCells(
  rows: Rows | Durations,
  { every, columns, lines, log, ...channels }:
    & DurationChannels
    & HeatCellOptions = {},
): DurationCell[] {
  const { series: _, ...durations } = durationsOf(rows, channels);
  if (durations.length === 0) return [];
  const edges = edgesFor([durations], { lines, log });
  return cellsBetween(durations, edges, { every, columns, log });
}

/** The edges of cells over all of the durations. */
export function edgesFor(
  data: readonly Durations[],
  { lines, log }: HeatCellOptions,
  asked?: readonly [number, number],
): Edges {
  const most = Math.max(0, ...data.map(({ length }) => length));
  const cells = lines ?? fittingCells(most, 50);
  if (log) {
    const range: LogRange = logRange(data);
    return logEdges(range, cells, asked);
  }
  const extents = data.map(({ duration }) => extentOf(duration));
  return roundEdges(
    asked ?? [
      Math.min(0, ...extents.map(([least]) => least)),
      Math.max(...extents.map(([, most]) => most)),
    ],
    cells,
  );
}

/** Counts rows between edges of durations, and in bins of time. */
export function cellsBetween(
  durations: Durations,
  edges: Edges,
  { every, columns, log: isLog = false }: HeatCellOptions,
): DurationCell[] {
  const time = timeBins(durations.start, {
    every,
    bins: columns ?? fittingCells(durations.length, 110),
  });
  const [least, most] = edges.domain;
  const first = edges.place(least);
  const y: Grid = {
    // Before the others one for what has no logarithm, and behind them one for
    // what is beyond the edges, which is left out.
    cells: edges.place(most) - first + 3,
    place: (value) =>
      value >= least && value <= most
        ? 1 + edges.place(value) - first
        : value <= 0
        ? 0
        : edges.place(most) - first + 2,
    range: (i) =>
      i === 0
        ? [-Infinity, 0]
        : [edges.edge(first + i - 1), edges.edge(first + i)],
  };
  const x: Grid = {
    cells: time.count,
    place: time.place,
    range: (i) => [
      time.start + i * time.every,
      time.start + (i + 1) * time.every,
    ],
  };
  const beyond = edges.edge(edges.place(most) + 1);
  return countCells(durations, x, y).filter(({ y1 }) =>
    y1 < beyond && (isLog || y1 !== -Infinity)
  );
}

/** So many cells along an axis that most of those among rows are not empty. */
export const fittingCells = (rows: number, most: number): number =>
  Math.max(12, Math.min(most, Math.round(2 * Math.sqrt(rows))));
