// @ts-types="npm:@types/d3-array@3.2.2"
import { nice } from "d3-array";
import type { Panel } from "../chart/plot_types.ts";
import { countAxis } from "../axes/count_axis.ts";
import { shareAxis } from "../axes/share_axis.ts";
import type { Rows } from "../rows/channels.ts";
import { type Chart, defaultWidth } from "../chart/chart.ts";
import { chartOf, type HelperOptions } from "../chart/chart_kind.ts";
import type { OldChartKind } from "../chart/chart_kind.ts";
import { noRows } from "../drawing/empty_mark.ts";
import { givenDomain } from "../drawing/merge.ts";
import { frame } from "../chart/frame.ts";
import { counted } from "../chart/words.ts";
import {
  type BinOptions,
  countBins,
  type DurationBin,
  durationBins,
  logEdges,
} from "./duration_bins.ts";
import { extentOf } from "./duration_cells.ts";
import { durationKind } from "./duration_kind.ts";
import { durationLabel, type EventNames } from "./duration_words.ts";
import type { DurationChannels, Durations } from "./durations.ts";
import {
  labelledLines,
  labelRowHeight,
  statisticMarks,
} from "./statistic_marks.ts";
import { statisticsOf } from "./statistics.ts";
import { formatDuration, formatNumber } from "../axes/units.ts";
import {
  type DurationScale,
  durationScale,
  type SharedByFacets,
  withinScale,
} from "./duration_scale.ts";
import { mediansOf, seriesLegend } from "./duration_series.ts";
import { durationHistogramMarks, heights } from "./duration_histogram_marks.ts";

/** What {@linkcode durationHistogram} takes beside its rows. */
export interface DurationHistogramOptions
  extends DurationChannels, EventNames, BinOptions, HelperOptions {
  /**
   * Whether a bar is a number of spans or a share of all spans of its series.
   * Shares where there are series, so that runs of any size compare; else
   * counts.
   */
  show?: "counts" | "shares" | undefined;
}

/**
 * How long it took from one event to another: a histogram, with lines at the
 * mean, the median, the 95th percentile and the maximum. One row a span, as
 * {@linkcode twoEvents} takes them. With `series` each series is an outline in
 * its own colour, with a line at its median.
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

const durationHistogramKind: OldChartKind<Durations, DurationHistogramOptions> =
  {
    ...durationKind,
    height: 260,
    extent({ duration, length }, { log }) {
      if (length === 0 || log) return {};
      // Ends where a bar may end, so that none is cut.
      const [least, most] = nice(...extentOf(duration), 60);
      return { x: [least > 0 && least < most / 4 ? 0 : least, most] };
    },
    plots: (
      durations,
      options,
    ) => [[durationHistogramPlot(durations, options)]],
    legend: (durations, { color }) => seriesLegend(durations, color, "line"),
  };

/** The plot of {@linkcode durationHistogram}, as one panel of a figure. */
export function durationHistogramPlot(
  durations: Durations,
  options: DurationHistogramOptions & SharedByFacets,
): Panel {
  const { width = defaultWidth, log, color } = options;
  const show = options.show ?? (durations.series ? "shares" : "counts");
  const bins = histogramBins(durations, options);
  const bars = heights(bins, show, durations.length);
  const highest = bars.reduce((most, { height }) => Math.max(most, height), 0);
  const asked = givenDomain(options.x);
  const scale = durationScale(
    log ? edgesOf(bins) : barsDomain(bins),
    options,
    asked,
  );
  const { domain, at } = scale;
  const named = `${show === "shares" ? "share of spans" : "spans"} ` +
    widthOf(bins, log);
  return frame({ ...options, ...withinScale("x", options, scale) }, {
    x: (_, pixels) =>
      scale.axis({ pixels, label: durationLabel(durations, options, width) }),
    y: (asked, pixels) =>
      show === "shares"
        ? shareAxis([0, asked?.[1] ?? (highest || 1)], { pixels, label: named })
        : countAxis(asked?.[1] ?? highest, { pixels, label: named }),
    zero: "y",
    draw({ across }) {
      const place = { domain, pixels: across, log, at };
      const lines = durations.series
        ? labelledLines(mediansOf(durations, color), place)
        : statisticMarks(statisticsOf(durations.duration), place);
      return {
        marks: [
          ...durationHistogramMarks(inStrip(bins, scale), { show }),
          ...lines.marks,
        ],
        above: lines.rows * labelRowHeight,
      };
    },
    tips: () =>
      inStrip(bins, scale).filter(({ count }) => count > 0).map((
        { x1, x2, count, series },
      ) => ({
        x: x1,
        x2,
        text: [
          ...(series ? [series] : []),
          scale.strip && x1 < scale.strip[1]
            ? "zero or negative"
            : `${formatDuration(x1)} to ${formatDuration(x2)}`,
          counted(count, "span"),
        ].join("\n"),
      })),
    empty: bins.length ? undefined : noRows,
  });
}

function histogramBins(
  durations: Durations,
  options: DurationHistogramOptions & SharedByFacets,
): DurationBin[] {
  const asked = givenDomain(options.x);
  const { log, logRange, bins = 60 } = options;
  if (!log || !logRange || durations.length === 0) {
    return durationBins(durations, { domain: asked, ...options });
  }
  const domain = asked ?? options.domain;
  return countBins(
    durations,
    logEdges(logRange, bins, domain),
    !(domain && domain[0] > 0),
  );
}

/** Bins with their places on the axis: what is not above zero in its strip. */
function inStrip(
  bins: readonly DurationBin[],
  { strip }: DurationScale,
): DurationBin[] {
  return bins.flatMap((bin) => {
    if (bin.x1 !== -Infinity) return [bin];
    if (!strip) return [];
    // A little apart from the bars that the axis counts.
    const gap = (strip[1] / strip[0]) ** 0.15;
    return [{ ...bin, x1: strip[0] * gap, x2: strip[1] / gap }];
  });
}

function edgesOf(bins: readonly DurationBin[]): [number, number] {
  const positive = bins.filter(({ x1 }) => x1 !== -Infinity);
  return [positive[0]?.x1 ?? 0.1, positive.at(-1)?.x2 ?? 1];
}

/** How wide the bins are: a duration, or a factor. */
function widthOf(bins: readonly DurationBin[], log: boolean | undefined) {
  const last = bins.at(-1);
  if (!last) return "";
  return log
    ? `per bin of a factor ${formatNumber(last.x2 / last.x1)}`
    : `per bin of ${formatDuration(last.x2 - last.x1)}`;
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
