import { max, min } from "d3-array";
import { checkOptions, type OptionNames } from "../../display/text/mistakes.ts";
import { formatDuration } from "../axes/units.ts";
import type { Chart } from "../chart/chart.ts";
import { cellMark, heatLevels, levelsLegend } from "../chart/count_levels.ts";
import type { Markish } from "../chart/plot_types.ts";
import { defaultWidth } from "../drawing/size.ts";
import { givenDomain } from "../drawing/merge.ts";
import type { Rows } from "../rows/channels.ts";
import { fittingBins } from "../rows/fitting_bins.ts";
import {
  countCells,
  endsOf,
  evenGrid,
  extentOf,
  type Grid,
  type GridCell,
  logGrid,
  roundGrid,
  roundSeconds,
  timeBins,
  withRest,
} from "../rows/grid.ts";
import { durationChart, durationOptionNames } from "./duration_chart.ts";
import {
  cellTips,
  type DurationTimeOptions,
  longestTime,
  timeFacet,
} from "./duration_plots.ts";
import { logGridWithin, type LogRange, logRange } from "./duration_scale.ts";
import {
  durationChannelNames,
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./durations.ts";

/** Options of {@linkcode durationHeatmap}. */
export interface DurationHeatmapOptions
  extends Omit<DurationTimeOptions, "series">, HeatCellOptions {}

const { series: _, ...durationNames } = durationOptionNames;

const height = 300;

const heatmapOptionNames: OptionNames<DurationHeatmapOptions> = {
  ...durationNames,
  clock: true,
  every: true,
  columns: true,
  lines: true,
};

/**
 * Draws durations against their start as a heatmap: the number of spans in each
 * cell of time and duration. It shows both where most rows are and the few that
 * took long, for any number of rows. Takes one row per span, as
 * {@linkcode twoEvents} does.
 *
 * @example
 * ```ts
 * import { durationHeatmap } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const rows = Array.from({ length: 500 }, (_, i) => [i, i + 1 + i % 9]);
 * const chart = durationHeatmap(rows, { every: 50, log: true });
 * assert.match(chart.caption, /A cell is 50 s wide\.$/);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 * @throws {RangeError} if `every` is not above zero, or makes too many bins.
 */
export function durationHeatmap(
  rows: Rows | Durations,
  options: DurationHeatmapOptions = {},
): Chart {
  checkOptions("durationHeatmap", options, heatmapOptionNames);
  return durationChart(rows, options, {
    height,
    axis: "y",
    ignoresSeries: true,
    derive(all, options) {
      const { log } = options;
      const sets = all.map(({ durations }) => durations);
      const fewer = Math.sqrt(sets.length);
      const rows = max(sets, ({ length }) => length) ?? 0;
      const columns = options.columns ??
        fittingBins(rows, all[0]!.width / fewer);
      const lines = options.lines ?? fittingBins(rows, height / fewer);
      const every = options.every ?? roundSeconds(longestTime(sets), columns);
      const grid = lineGrid(sets, lines, all[0]!.range, givenDomain(options.y));
      const drawn = sets.map((durations) =>
        durations.length
          ? cellsBetween(
            durations,
            timeBins(durations.start, { every }),
            log ? withRest(grid) : grid,
          )
          : []
      );
      const levels = levelsOf(drawn.flat());
      const { noun } = all[0]!.durations;
      const [from, to] = grid.range(grid.count - 1);
      // On a logarithmic axis each line has another height.
      const size = log
        ? `${formatDuration(every)} wide`
        : `${formatDuration(every)} wide and ${formatDuration(to - from)} high`;
      return {
        facets: all.map((data, i) => {
          const { durations: { start, length }, caption } = data;
          const cells = drawn[i]!;
          const covers = length
            ? { x: endsOf(timeBins(start, { every })), y: endsOf(grid) }
            : {};
          return {
            legend: levelsLegend(levels, noun, cells),
            caption: caption +
              (length ? ` A cell is ${size}.` : ""),
            ...timeFacet(
              data,
              (clip, { strip }) => [cellMark(cells, { levels, clip, strip })],
              { covers, tips: () => cellTips(cells, noun) },
            ),
          };
        }),
      };
    },
  });
}

const levelsOf = (cells: readonly GridCell[]) =>
  heatLevels(cells.reduce((max, { count }) => Math.max(max, count), 0));

/**
 * Cells of a heatmap as marks for `Plot.plot`, in seconds, darker for more rows.
 * Takes the result of {@linkcode durationCells}. `clip` cuts the marks at the frame.
 *
 * @example
 * ```ts
 * import { durationCells, durationHeatmapMarks, plot } from "dnpc/plots";
 * import * as Plot from "@observablehq/plot";
 * import assert from "node:assert/strict";
 *
 * const cells = durationCells([[0, 2], [1, 5]], { round: true });
 * const chart = plot({
 *   y: { label: "duration (s)" },
 *   marks: [...durationHeatmapMarks(cells), Plot.ruleX([3])],
 * });
 * assert.ok(chart.svg.includes("duration (s)"));
 * ```
 */
export function durationHeatmapMarks(
  cells: readonly GridCell[],
  options: { clip?: boolean } = {},
): Markish[] {
  checkOptions("durationHeatmapMarks", options, { clip: true });
  const { clip = false } = options;
  const shown = cells.filter(({ y1 }) => y1 !== -Infinity);
  return [cellMark(shown, { clip, levels: levelsOf(shown) })];
}

/** Options of the cells of a heatmap. */
export interface HeatCellOptions {
  /** Width of a cell in seconds, in place of `columns`. */
  every?: number | undefined;
  /**
   * Approximate number of cells over all of the time. By default as many as the
   * rows can fill.
   */
  columns?: number | undefined;
  /** Approximate number of cells over all durations. */
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
 * {@linkcode durationHeatmap}, and behind {@linkcode durationsOverTime} where
 * there are more rows than dots can show. Empty cells and rows without a start
 * are left out; extreme rows are not.
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
  options:
    & DurationChannels
    & CellOptions = {},
): GridCell[] {
  checkOptions("durationCells", options, {
    ...durationChannelNames,
    every: true,
    columns: true,
    lines: true,
    log: true,
    round: true,
  });
  const {
    every,
    round = every !== undefined,
    columns,
    lines,
    log,
    ...channels
  } = options;
  const durations = durationsOf(rows, channels);
  const { start, duration, length } = durations;
  if (length === 0) return [];
  if (!round) {
    const y = (log ? logGrid : evenGrid)(duration, lines ?? 100);
    return cellsBetween(durations, evenGrid(start, columns ?? 200), y);
  }
  const range = log ? logRange([duration]) : undefined;
  const grid = lineGrid(
    [durations],
    lines ?? fittingBins(length, height),
    range,
  );
  const bins = columns ?? fittingBins(length, defaultWidth);
  return cellsBetween(
    durations,
    timeBins(start, { every, bins }),
    log ? withRest(grid) : grid,
  );
}

const cellsBetween = (durations: Durations, x: Grid, y: Grid) =>
  countCells({ ...durations, x: durations.start, y: durations.duration }, x, y);

/** Lines of a heatmap over all durations, or over the domain asked for. */
function lineGrid(
  sets: readonly Durations[],
  count: number,
  range: LogRange | undefined,
  asked?: readonly [number, number],
): Grid {
  if (range) return logGridWithin(range, count, asked);
  const ends = sets.flatMap(({ duration }) => extentOf(duration));
  return roundGrid(
    asked ?? [Math.min(0, min(ends) ?? 0), max(ends) ?? -Infinity],
    count,
  );
}
