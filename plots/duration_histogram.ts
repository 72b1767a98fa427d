// @ts-types="npm:@types/d3-array@3.2.2"
import { nice } from "d3-array";
import defer * as Plot from "@observablehq/plot";
import type { Markish, Panel } from "./plot_types.ts";
import { countAxis } from "./axes/count_axis.ts";
import { durationAxis } from "./axes/duration_axis.ts";
import type { Rows } from "./rows/channels.ts";
import { type Chart, defaultWidth } from "./chart.ts";
import { type ChartKind, chartOf, type HelperOptions } from "./chart_kind.ts";
import { noRows } from "./drawing/empty_mark.ts";
import { givenDomain } from "./drawing/merge.ts";
import { frame } from "./frame.ts";
import { counted } from "./words.ts";
import {
  type BinOptions,
  type DurationBin,
  durationBins,
} from "./transforms/duration_bins.ts";
import { extentOf } from "./transforms/duration_cells.ts";
import { durationKind } from "./duration_kind.ts";
import { durationLabel, type EventNames } from "./duration_words.ts";
import type { DurationChannels, Durations } from "./transforms/durations.ts";
import { labelRowHeight, statisticMarks } from "./drawing/statistic_marks.ts";
import { statisticsOf } from "./transforms/statistics.ts";
import { formatDuration } from "./axes/units.ts";

/** What {@linkcode durationHistogram} takes beside its rows. */
export interface DurationHistogramOptions
  extends DurationChannels, EventNames, BinOptions, HelperOptions {}

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
  return chartOf(durationHistogramKind, rows, options);
}

const durationHistogramKind: ChartKind<Durations, DurationHistogramOptions> = {
  ...durationKind,
  height: 260,
  extent({ duration, length }) {
    if (length === 0) return {};
    // Ends where a bar may end, so that none is cut.
    const [least, most] = nice(...extentOf(duration), 60);
    return { x: [least > 0 && least < most / 4 ? 0 : least, most] };
  },
  plots: (durations, options) => [[durationHistogramPlot(durations, options)]],
};

/** The plot of {@linkcode durationHistogram}, as one panel of a figure. */
export function durationHistogramPlot(
  durations: Durations,
  options: DurationHistogramOptions,
): Panel {
  const { width = defaultWidth } = options;
  const asked = givenDomain(options.x);
  const bins = durationBins(durations, { domain: asked, ...options });
  const highest = bins.reduce((most, { count }) => Math.max(most, count), 0);
  const domain = asked ?? barsDomain(bins);
  const ofBin = bins[0]
    ? `spans per bin of ${formatDuration(bins[0].x2 - bins[0].x1)}`
    : "spans";
  return frame(options, {
    x: (_, pixels) =>
      durationAxis(domain, {
        pixels,
        label: durationLabel(durations, options, width),
      }),
    y: (asked, pixels) =>
      countAxis(asked?.[1] ?? highest, { pixels, label: ofBin }),
    zero: "y",
    draw({ across }) {
      const statistics = statisticMarks(statisticsOf(durations.duration), {
        domain,
        pixels: across,
      });
      return {
        marks: [...durationHistogramMarks(bins), ...statistics.marks],
        above: statistics.rows * labelRowHeight,
      };
    },
    tips: () =>
      bins.filter(({ count }) => count > 0).map(({ x1, x2, count }) => ({
        x: x1,
        x2,
        text: `${formatDuration(x1)} to ${formatDuration(x2)}\n` +
          counted(count, "span"),
      })),
    empty: bins.length ? undefined : noRows,
  });
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
