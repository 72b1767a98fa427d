import defer * as Plot from "@observablehq/plot";
import type { Markish, Panel, ScaleOptions } from "../chart/plot_types.ts";
import type { TimeAxisOptions } from "../axes/time_axis.ts";
import type { Rows } from "../rows/channels.ts";
import type { Chart } from "../chart/chart.ts";
import { densityColor, densityLegend } from "./density_levels.ts";
import { compactRects } from "../drawing/compact_areas.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { chartOf, type HelperOptions } from "../chart/chart_kind.ts";
import type { OldChartKind, Part } from "../chart/chart_kind.ts";
import { durationOverTimeKind } from "./duration_kind.ts";
import type {
  DurationScale,
  DurationScaleOptions,
  SharedByFacets,
} from "./duration_scale.ts";
import { seriesLegend } from "./duration_series.ts";
import type { Series } from "../rows/series.ts";
import { cellPlace, durationCells } from "./duration_cells.ts";
import type { EventNames } from "./duration_words.ts";
import {
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./durations.ts";
import { durationTimePlot } from "./duration_time_plot.ts";
import { scaledNames } from "../drawing/color_channel.ts";

/** What {@linkcode durationsOverTime} takes beside its rows. */
export interface DurationsOverTimeOptions
  extends
    DurationChannels,
    EventNames,
    DurationScaleOptions,
    Pick<TimeAxisOptions, "clock">,
    HelperOptions {}

/**
 * How long it took, against when it started: a dot a row, and where there are
 * more rows than dots can show, a raster of how many. With `series` dots have
 * the colour of their series, and a cell of the raster that of the series which
 * has the largest share of its rows in it.
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
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function durationsOverTime(
  rows: Rows | Durations,
  options: DurationsOverTimeOptions = {},
): Chart {
  return chartOf(durationsOverTimeKind, rows, options);
}

const durationsOverTimeKind: OldChartKind<Durations, DurationsOverTimeOptions> =
  {
    ...durationOverTimeKind,
    height: 280,
    plots: (
      durations,
      options,
    ) => [[durationsOverTimePlot(durations, options)]],
    legend: durationsOverTimeLegend,
    caption: (durations, options) =>
      [
        durationOverTimeKind.caption(durations, options),
        ...rasterWords(durations, options),
      ]
        .join(" "),
  };

/** The plot of {@linkcode durationsOverTime}, as one panel of a figure. */
export function durationsOverTimePlot(
  durations: Durations,
  options: DurationsOverTimeOptions & SharedByFacets & Part,
): Panel {
  return durationTimePlot(
    durations,
    options,
    (clip, scale) => durationTimeMarks(durations, scale, clip, options.part),
  );
}

/**
 * Durations against time as marks for `Plot.plot`, both in seconds. Takes rows
 * as {@linkcode twoEvents} does, or what {@linkcode durationsOf} gives; series
 * are on the color scale. With `clip`, what is beyond the frame is cut off.
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
  return durationTimeMarks(durationsOf(rows, channels), undefined, clip);
}

function durationTimeMarks(
  durations: Durations,
  scale: DurationScale | undefined,
  clip: boolean,
  part = 1,
): Markish[] {
  const { length, start, duration, series } = durations;
  const at = scale?.at ?? ((value: number) => value);
  if (!isRaster(durations, part)) {
    return [
      Plot.dot({ length }, {
        x: start,
        y: scale?.log ? duration.map(at) : duration,
        r: 2,
        fill: series
          ? scaledNames(Array.from(series.of, (s) => series.names[s]!))
          : dotColor,
        fillOpacity: 0.55,
        clip,
      }),
    ];
  }
  const cells = durationCells(durations, {
    log: scale?.log,
    ...gridOf(series, part),
  });
  return [
    Plot.rect(cells, {
      x1: "x1",
      x2: "x2",
      ...cellPlace(scale?.strip),
      fill: series ? scaledNames("series") : {
        value: cells.map(({ count }) => densityColor(count)),
        scale: null,
      },
      clip,
      render: compactRects,
    }),
  ];
}

// Cells of several colours lie one on the other less often.
function gridOf(series: Series | undefined, part: number) {
  const fewer = Math.sqrt(1 / part);
  return {
    columns: Math.ceil((series ? 130 : 200) / fewer),
    lines: Math.ceil((series ? 65 : 100) / fewer),
  };
}

/** What the dots or the colours of the raster stand for, if there is need. */
export function durationsOverTimeLegend(
  durations: readonly Durations[],
  { color, part }: { color?: ScaleOptions | undefined } & Part,
): LegendEntry[] | undefined {
  const names = seriesLegend(durations, color, "dot");
  if (names) return names;
  if (!durations.some((own) => isRaster(own, part))) return undefined;
  return densityLegend("row");
}

/** What is said of a raster of several series. */
export function rasterWords(
  durations: Durations,
  options: DurationScaleOptions & Part,
): string[] {
  return durations.series && isRaster(durations, options.part)
    ? [
      "More rows than dots can show: a cell has the colour of the series with " +
      "the largest share of its rows there.",
    ]
    : [];
}

const isRaster = ({ length }: Durations, part: number) =>
  length > mostDots * part;

const mostDots = 2000;

const dotColor = "#0072b2";
