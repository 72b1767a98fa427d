import defer * as Plot from "@observablehq/plot";
import type { Markish, Panel, ScaleOptions } from "./plot_types.ts";
import type { TimeAxisOptions } from "./axes/time_axis.ts";
import type { Rows } from "./rows/channels.ts";
import type { Chart } from "./chart.ts";
import { compactRects } from "./drawing/compact_rects.ts";
import type { LegendEntry } from "./drawing/legend.ts";
import { type ChartKind, chartOf, type HelperOptions } from "./chart_kind.ts";
import { durationOverTimeKind } from "./duration_kind.ts";
import type {
  DurationScale,
  DurationScaleOptions,
  SharedByFacets,
} from "./duration_scale.ts";
import { seriesLegend } from "./duration_series.ts";
import type { Series } from "./rows/series.ts";
import { cellPlace, durationCells } from "./transforms/duration_cells.ts";
import type { EventNames } from "./duration_words.ts";
import {
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./transforms/durations.ts";
import { durationTimePlot } from "./duration_time_plot.ts";
import { scaledNames } from "./drawing/color_channel.ts";

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

const durationsOverTimeKind: ChartKind<Durations, DurationsOverTimeOptions> = {
  ...durationOverTimeKind,
  height: 280,
  plots: (durations, options) => [[durationsOverTimePlot(durations, options)]],
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
  options: DurationsOverTimeOptions & SharedByFacets,
): Panel {
  return durationTimePlot(
    durations,
    options,
    (clip, scale) => durationTimeMarks(durations, scale, clip, options.facets),
  );
}

/**
 * Durations against time as marks for `Plot.plot`, both in seconds. Takes rows
 * as {@linkcode twoEvents} does, or what {@linkcode durationsOf} gives; series
 * are on the color scale. With `clip`, what is beyond the frame is cut off.
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
  facets = 1,
): Markish[] {
  const { length, start, duration, series } = durations;
  const at = scale?.at ?? ((value: number) => value);
  if (!isRaster(durations, { facets })) {
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
    ...gridOf(series, facets),
  });
  return [
    Plot.rect(cells, {
      x1: "x1",
      x2: "x2",
      ...cellPlace(scale?.strip),
      fill: series ? scaledNames("series") : {
        value: cells.map(({ count }) => levelOf(count).color),
        scale: null,
      },
      clip,
      render: compactRects,
    }),
  ];
}

// Cells of several colours lie one on the other less often.
function gridOf(series: Series | undefined, facets: number) {
  const fewer = Math.sqrt(facets);
  return {
    columns: Math.ceil((series ? 130 : 200) / fewer),
    lines: Math.ceil((series ? 65 : 100) / fewer),
  };
}

/** What the dots or the colours of the raster stand for, if there is need. */
export function durationsOverTimeLegend(
  durations: readonly Durations[],
  { color, facets }: { color?: ScaleOptions | undefined } & SharedByFacets,
): LegendEntry[] | undefined {
  const names = seriesLegend(durations, color, "dot");
  if (names) return names;
  if (!durations.some((part) => isRaster(part, { facets }))) return undefined;
  return levels.map(({ color, from }, i) => {
    const next = levels[i + 1];
    const upTo = next ? `${from} to ${next.from - 1}` : `${from} and more`;
    return {
      label: next?.from === from + 1
        ? `${from} row a cell`
        : upTo.replace(/\d+/g, (digits) =>
          Number(digits).toLocaleString("en-US")),
      color,
    };
  });
}

/** What is said of a raster of several series. */
export function rasterWords(
  durations: Durations,
  options: DurationScaleOptions & SharedByFacets,
): string[] {
  return durations.series && isRaster(durations, options)
    ? [
      "More rows than dots can show: a cell has the colour of the series with " +
      "the largest share of its rows there.",
    ]
    : [];
}

const isRaster = ({ length }: Durations, { facets = 1 }: SharedByFacets) =>
  length > mostDots / facets;

const mostDots = 2000;

const dotColor = "#0072b2";

// Each level has three to ten times the rows of the one before it.
const levels = [
  { from: 1, color: "#93c3e4" },
  { from: 2, color: "#63a5d4" },
  { from: 10, color: "#3182bd" },
  { from: 100, color: "#135c96" },
  { from: 1000, color: "#08305a" },
] as const;

function levelOf(count: number) {
  return levels.findLast(({ from }) => count >= from) ?? levels[0];
}
