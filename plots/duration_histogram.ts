import defer * as Plot from "@observablehq/plot";
import type { Markish, PlotOptions } from "./plot_types.ts";
import { countAxis, durationAxis } from "./axes/axis.ts";
import type { Rows } from "./rows/channels.ts";
import { type Chart, type ChartOptions, defaultWidth } from "./chart.ts";
import { givenDomain, marginFor, mergeOptions } from "./drawing/merge.ts";
import {
  type BinOptions,
  type DurationBin,
  durationBins,
} from "./transforms/duration_bins.ts";
import { durationChart } from "./duration_chart.ts";
import { durationLabel, type EventNames } from "./duration_words.ts";
import {
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./transforms/durations.ts";
import { emptyMark } from "./drawing/empty_mark.ts";
import { labelRowHeight, statisticMarks } from "./drawing/statistic_marks.ts";
import { statisticsOf } from "./transforms/statistics.ts";
import { formatDuration } from "./axes/units.ts";

/** What {@linkcode durationHistogram} takes beside its rows. */
export interface DurationHistogramOptions
  extends DurationChannels, EventNames, BinOptions, ChartOptions {}

/**
 * How long it took from one event to another: a histogram, with lines at the
 * mean, the median, the 95th percentile and the maximum. One row a span, as
 * {@linkcode twoEvents} takes them.
 *
 * @example
 * ```ts
 * import { durationHistogram } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const rows = [{ launched: 0, running: 0.5 }, { launched: 1, running: 3 }];
 * const chart = durationHistogram(rows);
 * assert.match(chart.caption, /^2 spans: mean 1.25 s, median 1.25 s/);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function durationHistogram(
  rows: Rows | Durations,
  options: DurationHistogramOptions = {},
): Chart {
  const durations = durationsOf(rows, options);
  return durationChart(durations, options, {
    rows: (
      width,
    ) => [[durationHistogramPlot(durations, { ...options, width })]],
    domain: givenDomain(options.x),
  });
}

/** The plot of {@linkcode durationHistogram}, as one panel of a figure. */
export function durationHistogramPlot(
  durations: Durations,
  options: DurationHistogramOptions,
): PlotOptions {
  const { width = defaultWidth, height = 260 } = options;
  const asked = givenDomain(options.x);
  const bins = durationBins(durations, { domain: asked, ...options });
  const highest = bins.reduce((most, { count }) => Math.max(most, count), 0);
  const domain = asked ?? barsDomain(bins);
  const marginLeft = marginFor([highest.toLocaleString("en-US")]);
  const marginRight = 20;
  const { marks, rows } = statisticMarks(statisticsOf(durations.duration), {
    domain,
    pixels: width - marginLeft - marginRight,
  });
  return mergeOptions({
    width,
    height: height + rows * labelRowHeight,
    marginLeft,
    marginRight,
    marginTop: 26 + rows * labelRowHeight,
    marginBottom: 42,
    x: durationAxis(domain, {
      pixels: width - marginLeft - marginRight,
      label: durationLabel(durations, options, width),
    }),
    y: {
      ...countAxis(highest, {
        pixels: height,
        label: bins[0]
          ? `spans per bin of ${formatDuration(bins[0].x2 - bins[0].x1)}`
          : "spans",
      }),
      grid: true,
    },
    marks: [
      ...durationHistogramMarks(bins),
      Plot.ruleY([0]),
      ...marks,
      ...(bins.length ? [] : [emptyMark()]),
    ],
  }, options);
}

/**
 * The bars of a histogram as marks for `Plot.plot`, in seconds. Takes what
 * {@linkcode durationBins} gives.
 */
export function durationHistogramMarks(
  bins: readonly DurationBin[],
): Markish[] {
  return [
    Plot.rectY(bins.filter(({ count }) => count > 0), {
      x1: "x1",
      x2: "x2",
      y: "count",
      fill: "#8cb8dc",
      insetLeft: 0.5,
      insetRight: 0.5,
    }),
  ];
}

function barsDomain(bins: readonly DurationBin[]): [number, number] {
  const first = bins[0];
  const last = bins.at(-1);
  if (!first || !last) return [0, 1];
  const width = last.x2 - first.x1;
  if (bins.length === 1) {
    // One bar as wide as the plot would look like a plot without an axis.
    return [
      Math.min(first.x1, Math.max(0, first.x1 - 4 * width)),
      last.x2 + 4 * width,
    ];
  }
  // Durations are read against zero, unless they are all far from it.
  return [first.x1 > 0 && first.x1 < 2 * width ? 0 : first.x1, last.x2];
}
