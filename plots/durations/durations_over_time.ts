import { scaledNames } from "../chart/colors.ts";
import defer * as Plot from "@observablehq/plot";
import type { Chart } from "../chart/chart.ts";
import { chartOf, type Derived, type Size } from "../chart/chart_kind.ts";
import {
  densityLevels,
  levelColor,
  levelsLegend,
} from "../chart/count_levels.ts";
import type { Markish, Panel } from "../chart/plot_types.ts";
import { compactRects } from "../drawing/compact_areas.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { givenDomain } from "../drawing/merge.ts";
import type { Rows } from "../rows/channels.ts";
import type { GridCell } from "../rows/grid.ts";
import { cellPlace, durationCells } from "./duration_cells.ts";
import type { DurationScale } from "./duration_scale.ts";
import {
  type DerivedDurations,
  deriveDurations,
  type DurationData,
  type DurationTimeOptions,
  durationTimePlot,
  timeExtent,
} from "./duration_view.ts";
import {
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./durations.ts";

/**
 * Durations against their start: a dot per row, or a raster of counts if there
 * are more rows than dots can show. With `series`, dots have the colour of their
 * series; a cell of the raster has that of the series with the largest share of
 * its rows there.
 *
 * @example
 * ```ts
 * import { durationsOverTime } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const rows = [{ launched: 0, running: 0.5 }, { launched: 1, running: 3 }];
 * const chart = durationsOverTime(rows);
 * assert.equal(chart.svg.match(/<circle/g)?.length, 2);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function durationsOverTime(
  rows: Rows | Durations,
  options: DurationTimeOptions = {},
): Chart {
  return chartOf<Durations, OverTimeData, DurationTimeOptions>(
    { height: 280, read: durationsOf, derive, draw },
    rows,
    options,
  );
}

/** Data of one facet of durations over time. */
export interface OverTimeData extends DurationData {
  /** The raster; undefined if each row is a dot. */
  cells: readonly GridCell[] | undefined;
}

function derive(
  sets: readonly Durations[],
  options: DurationTimeOptions,
): Derived<OverTimeData> {
  const derived = deriveDurations(sets, options, givenDomain(options.y));
  const facets = derived.facets.map((data) => overTimeOf(data, options));
  return {
    facets,
    title: derived.title,
    color: derived.color,
    legend: overTimeLegend(facets, derived),
  };
}

const maxDots = 2000;

/** Dots or a raster, no more of them than this facet's part of the chart. */
export function overTimeOf(
  data: DurationData,
  { log }: DurationTimeOptions,
): OverTimeData {
  const { durations, part, caption } = data;
  const cells = cellsOf(durations, part, log);
  const note = "More rows than dots can show: a cell has the colour of the " +
    "series with the largest share of its rows there.";
  return {
    ...data,
    extent: timeExtent(durations, log),
    cells,
    caption: cells && durations.series ? `${caption} ${note}` : caption,
  };
}

function cellsOf(durations: Durations, part: number, log: boolean | undefined) {
  if (durations.length <= maxDots * part) return undefined;
  // Larger cells of several colours overlap less.
  const [columns, lines] = durations.series ? [130, 65] : [200, 100];
  return durationCells(durations, {
    log,
    columns: Math.ceil(columns * Math.sqrt(part)),
    lines: Math.ceil(lines * Math.sqrt(part)),
  });
}

/** Legend of the series, or of the levels of a raster. */
export function overTimeLegend(
  facets: readonly OverTimeData[],
  { legendOf }: DerivedDurations,
): LegendEntry[] | undefined {
  return legendOf("dot") ??
    (facets.some(({ cells }) => cells)
      ? levelsLegend(densityLevels, "row")
      : undefined);
}

const draw = (data: OverTimeData, options: DurationTimeOptions & Size) => ({
  panels: [[overTimePlot(data, options)]],
  caption: data.caption,
});

/** The plot of one facet. */
export const overTimePlot = (
  data: OverTimeData,
  options: DurationTimeOptions & Size,
): Panel =>
  durationTimePlot(
    data,
    options,
    (clip, scale) => timeMarks(data.durations, data.cells, clip, scale),
  );

/**
 * Durations against time as marks for `Plot.plot`, both in seconds. Takes rows
 * as {@linkcode twoEvents} does, or the result of {@linkcode durationsOf};
 * series are on the color scale. `clip` cuts the marks at the frame.
 *
 * @example
 * ```ts
 * import { durationsOverTimeMarks, plot } from "dnpc/plots";
 * import * as Plot from "@observablehq/plot";
 * import assert from "node:assert/strict";
 *
 * const rows = [[0, 2], [1, 5]];
 * const chart = plot({
 *   y: { label: "duration (s)" },
 *   marks: [...durationsOverTimeMarks(rows), Plot.ruleX([3])],
 * });
 * assert.ok(chart.svg.includes("duration (s)"));
 * ```
 */
export function durationsOverTimeMarks(
  rows: Rows | Durations,
  { clip = false, ...channels }: DurationChannels & { clip?: boolean } = {},
): Markish[] {
  const durations = durationsOf(rows, channels);
  return timeMarks(durations, cellsOf(durations, 1, false), clip);
}

function timeMarks(
  { length, start, duration, series }: Durations,
  cells: readonly GridCell[] | undefined,
  clip: boolean,
  scale?: DurationScale,
): Markish[] {
  if (!cells) {
    return [
      Plot.dot({ length }, {
        x: start,
        y: scale?.log ? duration.map(scale.at) : duration,
        r: 2,
        fill: series
          ? scaledNames(Array.from(series.of, (s) => series.names[s]!))
          : "#0072b2",
        fillOpacity: 0.55,
        clip,
      }),
    ];
  }
  return [
    Plot.rect(cells, {
      x1: "x1",
      x2: "x2",
      ...cellPlace(scale?.strip),
      fill: series ? scaledNames("series") : {
        value: cells.map(({ count }) => levelColor(count, densityLevels)),
        scale: null,
      },
      clip,
      render: compactRects,
    }),
  ];
}
