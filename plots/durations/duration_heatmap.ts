import defer * as Plot from "@observablehq/plot";
import type { Markish, Panel, Tip } from "../chart/plot_types.ts";
import type { TimeAxisOptions } from "../axes/time_axis.ts";
import { formatDuration, formatNumber } from "../axes/units.ts";
import type { Chart } from "../chart/chart.ts";
import { chartOf, type HelperOptions } from "../chart/chart_kind.ts";
import type { Extent } from "../chart/facets.ts";
import type { OldChartKind } from "../chart/chart_kind.ts";
import { compactRects } from "../drawing/compact_areas.ts";
import { givenDomain } from "../drawing/merge.ts";
import { durationOverTimeKind } from "./duration_kind.ts";
import type { DurationScaleOptions, SharedByFacets } from "./duration_scale.ts";
import type { EventNames } from "./duration_words.ts";
import { binsCover } from "./duration_quantiles.ts";
import { durationTimePlot } from "./duration_time_plot.ts";
import {
  heatLegend,
  type HeatLevel,
  heatLevels,
  levelOf,
} from "./heat_levels.ts";
import type { Rows } from "../rows/channels.ts";
import type { Edges } from "./duration_bins.ts";
import { cellPlace, type DurationCell, extentOf } from "./duration_cells.ts";
import type { DurationChannels, Durations } from "./durations.ts";
import {
  cellsBetween,
  edgesFor,
  fittingCells,
  type HeatCellOptions,
} from "./heat_cells.ts";
import { roundSeconds } from "../rows/time_bins.ts";

/** What {@linkcode durationHeatmap} takes beside its rows. */
export interface DurationHeatmapOptions
  extends
    Omit<DurationChannels, "series">,
    EventNames,
    HeatCellOptions,
    DurationScaleOptions,
    Pick<TimeAxisOptions, "clock">,
    HelperOptions {}

/**
 * How long it took, against when it started, as a heatmap: how many spans are in
 * each cell of time and duration. However many rows there are, it shows where
 * most of them are and where the few are that took long. One row a span, as
 * {@linkcode twoEvents} takes them.
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
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 * @throws {RangeError} if `every` is not above zero, or makes too many bins.
 */
export function durationHeatmap(
  rows: Rows | Durations,
  options: DurationHeatmapOptions = {},
): Chart {
  return chartOf(durationHeatmapKind, rows, options);
}

/** What the facets of a heatmap have in common. */
interface SharedGrid extends SharedByFacets {
  edges?: Edges;
  levels?: readonly HeatLevel[];
}

const durationHeatmapKind: OldChartKind<
  Durations,
  DurationHeatmapOptions & SharedGrid
> = {
  ...durationOverTimeKind,
  read: (rows, options) =>
    durationOverTimeKind.read(rows, { ...options, series: undefined }),
  height: 300,
  share(data, given) {
    const options = durationOverTimeKind.share!(data, given);
    const fewer = Math.sqrt(data.length);
    const rows = Math.max(0, ...data.map(({ length }) => length));
    const columns = given.columns ?? fittingCells(rows, 110 / fewer);
    const lines = given.lines ?? fittingCells(rows, 50 / fewer);
    const longest = Math.max(
      ...data.map(({ start }) => {
        const [first, last] = extentOf(start);
        return last - first;
      }),
    );
    const shared: DurationHeatmapOptions & SharedGrid = {
      ...options,
      every: given.every ?? roundSeconds(longest, columns),
      edges: edgesFor(data, { ...given, lines }, givenDomain(given.y)),
    };
    const most = data.flatMap((durations) => cellsOf(durations, shared))
      .reduce((most, { count }) => Math.max(most, count), 0);
    return { ...shared, levels: heatLevels(most) };
  },
  extent(durations, options) {
    const own = durationOverTimeKind.extent!(durations, options);
    const { x, y } = cellsCover(durations, options);
    return { ...own, x, ...(options.log ? {} : { y }) };
  },
  plots: (durations, options) => [[durationHeatmapPlot(durations, options)]],
  legend: (data, { levels }) =>
    data.some(({ length }) => length)
      ? heatLegend(levels ?? [], "span a cell", "spans a cell")
      : undefined,
  caption: (durations, options) =>
    [
      durationOverTimeKind.caption(durations, options),
      cellWords(durations, options),
    ]
      .filter(Boolean).join(" "),
};

function durationHeatmapPlot(
  durations: Durations,
  options: DurationHeatmapOptions & SharedGrid,
): Panel {
  const cells = cellsOf(durations, options);
  const { levels } = options;
  const panel = durationTimePlot(
    durations,
    options,
    (clip, { strip }) => heatMarks(cells, { clip, levels, strip }),
    cellsCover(durations, options),
  );
  return { ...panel, tips: () => tipsOf(cells) };
}

/** From the edge of the first cell to that of the last. */
function cellsCover(
  durations: Durations,
  { edges, every }: DurationHeatmapOptions & SharedGrid,
): Extent {
  if (!edges || durations.length === 0) return {};
  const [first, last] = edges.domain.map(edges.place) as [number, number];
  return {
    ...binsCover(durations, { every }),
    y: [edges.edge(first), edges.edge(last + 1)],
  };
}

function cellsOf(
  durations: Durations,
  options: DurationHeatmapOptions & SharedGrid,
): DurationCell[] {
  if (durations.length === 0) return [];
  const edges = options.edges ?? edgesFor([durations], options);
  return cellsBetween(durations, edges, options);
}

/**
 * The cells of a heatmap as marks for `Plot.plot`, in seconds, the more rows
 * the darker. Takes what {@linkcode heatCells} gives. With `clip`, what is
 * beyond the frame is cut off.
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
  cells: readonly DurationCell[],
  { clip = false }: { clip?: boolean } = {},
): Markish[] {
  return heatMarks(cells.filter(({ y1 }) => y1 !== -Infinity), { clip });
}

function heatMarks(
  cells: readonly DurationCell[],
  { clip, strip, levels }: {
    clip: boolean;
    strip?: readonly [number, number] | undefined;
    levels?: readonly HeatLevel[] | undefined;
  },
): Markish[] {
  const steps = levels ??
    heatLevels(cells.reduce((most, { count }) => Math.max(most, count), 0));
  return [
    Plot.rect(cells, {
      x1: "x1",
      x2: "x2",
      ...cellPlace(strip),
      fill: {
        value: cells.map(({ count }) => levelOf(count, steps)),
        scale: null,
      },
      clip,
      render: compactRects,
    }),
  ];
}

function cellWords(
  durations: Durations,
  { every, edges, log }: DurationHeatmapOptions & SharedGrid,
): string {
  if (durations.length === 0 || !edges || !every) return "";
  const first = edges.place(edges.domain[1]);
  const [from, to] = [edges.edge(first), edges.edge(first + 1)];
  return `A cell is ${formatDuration(every)} by ` +
    (log
      ? `a factor of ${formatNumber(to / from)}.`
      : `${formatDuration(to - from)}.`);
}

const mostTips = 1500;

function tipsOf(cells: readonly DurationCell[]): Tip[] {
  const every = Math.ceil(cells.length / mostTips);
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
