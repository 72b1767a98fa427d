import defer * as Plot from "@observablehq/plot";
import { formatDuration, formatNumber } from "../axes/units.ts";
import type { Chart } from "../chart/chart.ts";
import { chartOf, type Derived, type Size } from "../chart/chart_kind.ts";
import {
  type CountLevel,
  heatLevels,
  levelColor,
  levelsLegend,
} from "../chart/count_levels.ts";
import type { Markish, Tip } from "../chart/plot_types.ts";
import { compactRects } from "../drawing/compact_areas.ts";
import { givenDomain } from "../drawing/merge.ts";
import type { Rows } from "../rows/channels.ts";
import type { GridCell } from "../rows/grid.ts";
import { roundSeconds } from "../rows/time_bins.ts";
import {
  cellPlace,
  cellsBetween,
  edgesFor,
  fittingCells,
  type HeatCellOptions,
} from "./duration_cells.ts";
import {
  deriveDurations,
  type DurationData,
  type DurationTimeOptions,
  durationTimePlot,
  longestTime,
  timeExtent,
} from "./duration_view.ts";
import { type Durations, durationsOf } from "./durations.ts";
import { binsCover } from "./quantiles_over_time.ts";

/** Options of {@linkcode durationHeatmap}. */
export interface DurationHeatmapOptions
  extends Omit<DurationTimeOptions, "series">, HeatCellOptions {}

/**
 * Durations against their start as a heatmap: the number of spans in each cell
 * of time and duration. For any number of rows it shows where most of them are,
 * and the few that took long. Takes one row per span, as {@linkcode twoEvents}
 * does.
 *
 * @example
 * ```ts
 * import { durationHeatmap } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const rows = Array.from({ length: 500 }, (_, i) => [i, i + 1 + i % 9]);
 * const chart = durationHeatmap(rows, { every: 50, log: true });
 * assert.match(chart.caption, /A cell is 50 s by a factor of 1\.0/);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 * @throws {RangeError} if `every` is not above zero, or makes too many bins.
 */
export function durationHeatmap(
  rows: Rows | Durations,
  options: DurationHeatmapOptions = {},
): Chart {
  return chartOf(
    { height: 300, read, derive, draw },
    rows,
    options,
  );
}

interface HeatmapData extends DurationData {
  cells: readonly GridCell[];
  /** The same for all facets. */
  levels: readonly CountLevel[];
  /** From the edge of the first cell to that of the last. */
  covers: { x?: [number, number]; y?: [number, number] };
}

const read = (rows: Rows | Durations, options: DurationHeatmapOptions) => ({
  ...durationsOf(rows, options),
  series: undefined,
});

function derive(
  sets: readonly Durations[],
  options: DurationHeatmapOptions,
): Derived<HeatmapData> {
  const { log } = options;
  const asked = givenDomain(options.y);
  const { facets, title, color } = deriveDurations(sets, options, asked);
  const fewer = Math.sqrt(sets.length);
  const rows = Math.max(...sets.map(({ length }) => length));
  const columns = options.columns ?? fittingCells(rows, 110 / fewer);
  const lines = options.lines ?? fittingCells(rows, 50 / fewer);
  const every = options.every ?? roundSeconds(longestTime(sets), columns);
  const edges = edgesFor(sets, { lines, log }, asked);
  const [first, last] = edges.domain.map(edges.place) as [number, number];
  const drawn = facets.map(({ durations }) =>
    durations.length ? cellsBetween(durations, edges, { every, log }) : []
  );
  const levels = heatLevels(
    drawn.flat().reduce((max, { count }) => Math.max(max, count), 0),
  );
  const [from, to] = [edges.edge(last), edges.edge(last + 1)];
  const note = `A cell is ${formatDuration(every)} by ` +
    (log
      ? `a factor of ${formatNumber(to / from)}.`
      : `${formatDuration(to - from)}.`);
  return {
    title,
    color,
    legend: rows ? levelsLegend(levels, "span") : undefined,
    facets: facets.map((data, i): HeatmapData => {
      const { durations, caption } = data;
      if (durations.length === 0) {
        return { ...data, cells: [], levels, covers: {} };
      }
      const x = binsCover(durations.start, every);
      const y: [number, number] = [edges.edge(first), edges.edge(last + 1)];
      return {
        ...data,
        extent: { ...timeExtent(durations, log), x, ...(log ? {} : { y }) },
        cells: drawn[i]!,
        levels,
        covers: { x, y },
        caption: `${caption} ${note}`,
      };
    }),
  };
}

const draw = (data: HeatmapData, options: DurationHeatmapOptions & Size) => ({
  panels: [[
    durationTimePlot(
      data,
      options,
      (clip, { strip }) => heatMarks(data.cells, { ...data, clip, strip }),
      { covers: data.covers, tips: () => tipsOf(data.cells) },
    ),
  ]],
  caption: data.caption,
});

/**
 * Cells of a heatmap as marks for `Plot.plot`, in seconds, darker for more rows.
 * Takes the result of {@linkcode heatCells}. `clip` cuts the marks at the frame.
 *
 * @example
 * ```ts
 * import { durationHeatmapMarks, heatCells, plot } from "dnpc/plots";
 * import * as Plot from "@observablehq/plot";
 * import assert from "node:assert/strict";
 *
 * const cells = heatCells([[0, 2], [1, 5]]);
 * const chart = plot({
 *   y: { label: "duration (s)" },
 *   marks: [...durationHeatmapMarks(cells), Plot.ruleX([3])],
 * });
 * assert.ok(chart.svg.includes("duration (s)"));
 * ```
 */
export function durationHeatmapMarks(
  cells: readonly GridCell[],
  { clip = false }: { clip?: boolean } = {},
): Markish[] {
  return heatMarks(cells.filter(({ y1 }) => y1 !== -Infinity), { clip });
}

function heatMarks(
  cells: readonly GridCell[],
  { clip, strip, levels }: {
    clip: boolean;
    strip?: readonly [number, number] | undefined;
    levels?: readonly CountLevel[];
  },
): Markish[] {
  const steps = levels ??
    heatLevels(cells.reduce((max, { count }) => Math.max(max, count), 0));
  return [
    Plot.rect(cells, {
      x1: "x1",
      x2: "x2",
      ...cellPlace(strip),
      fill: {
        value: cells.map(({ count }) => levelColor(count, steps)),
        scale: null,
      },
      clip,
      render: compactRects,
    }),
  ];
}

const maxTips = 1500;

function tipsOf(cells: readonly GridCell[]): Tip[] {
  const every = Math.ceil(cells.length / maxTips);
  return cells.filter(({ y1 }, i) => i % every === 0 && y1 !== -Infinity)
    .map(({ x1, x2, y1, y2, count }) => ({
      x: x1,
      x2,
      y: (y1 + y2) / 2,
      text: `${formatDuration(y1)} to ${formatDuration(y2)}\n` +
        `${count.toLocaleString("en-US")} started within ` +
        formatDuration(x2 - x1),
    }));
}
