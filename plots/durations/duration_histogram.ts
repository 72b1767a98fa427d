// Over 300 lines: the chart stands with its transform, its marks and examples.

// @ts-types="npm:@types/d3-array@3.2.2"
import { max, maxIndex, nice, rollup, sum } from "d3-array";
import { checkOptions, type OptionNames } from "../../display/text/mistakes.ts";
import { formatDuration } from "../axes/units.ts";
import { counted, plural } from "../chart/captions.ts";
import type { Chart } from "../chart/chart.ts";
import { scaledNames } from "../chart/colors.ts";
import { type Domain, union } from "../chart/facets.ts";
import type { Markish, Tip } from "../chart/plot_types.ts";
import { compactLines } from "../drawing/compact.ts";
import { defaultWidth } from "../drawing/size.ts";
import { givenDomain } from "../drawing/merge.ts";
import { Plot } from "../drawing/plot.ts";
import { style } from "../drawing/style.ts";
import type { Rows } from "../rows/channels.ts";
import { fittingBins } from "../rows/fitting_bins.ts";
import { extentOf, type Grid, roundGrid, withRest } from "../rows/grid.ts";
import {
  durationChart,
  type DurationKind,
  durationOptionNames,
  type DurationOptions,
} from "./duration_chart.ts";
import { type CountsOrShares, distributionPlot } from "./duration_plots.ts";
import {
  type DurationScale,
  logGridWithin,
  type LogRange,
  logRange,
} from "./duration_scale.ts";
import {
  bySeries,
  durationChannelNames,
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./durations.ts";
import { statisticsLegend } from "./statistic_lines.ts";
import { type Statistics, statisticsOf } from "./statistics.ts";

/** Options of {@linkcode durationHistogram}. */
export interface DurationHistogramOptions extends DurationOptions, BinOptions {
  /**
   * Whether bars are numbers of spans or shares of the spans of their series.
   * By default shares if there are series, so that runs of different size
   * compare.
   */
  show?: CountsOrShares | undefined;
}

export const histogramOptionNames: OptionNames<DurationHistogramOptions> = {
  ...durationOptionNames,
  bins: true,
  domain: true,
  show: true,
};

/**
 * Draws a histogram of the time from one event to another, with lines at the
 * mean, the median, the 95th percentile and the maximum. Takes one row per
 * span, as {@linkcode twoEvents} does. With `series`, each series is an outline
 * in its own colour, with a line at its median.
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
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function durationHistogram(
  rows: Rows | Durations,
  options: DurationHistogramOptions = {},
): Chart {
  checkOptions("durationHistogram", options, histogramOptionNames);
  return durationChart(rows, options, histogram);
}

/** The histogram of durations, with the same bins in all facets. */
export const histogram: DurationKind<DurationHistogramOptions> = {
  height: 260,
  axis: "x",
  seriesShape: "line",
  derive(all, options) {
    const extents = all.map(({ durations, range }): Domain | undefined => {
      const all = allDurations(durations);
      if (all.length === 0 || range) return undefined;
      // Ends at the edge of a bar, so that no bar is clipped.
      const [min, max] = nice(...extentOf(all), 60);
      return [min > 0 && min < max / 4 ? 0 : min, max];
    });
    const { durations, statistics, range, width } =
      all[maxIndex(all, ({ durations }) => durations.length)]!;
    const count = options.bins ??
      binCount(durations, statistics, range, width);
    const domain = options.domain ?? givenDomain(options.x) ??
      (options.facet === undefined ? undefined : union(extents));
    return {
      legend: statisticsLegend(all),
      facets: all.map((data, i) => {
        const { durations, range } = data;
        const { show = durations.series ? "shares" : "counts" } = options;
        const duration = allDurations(durations);
        const grid = binGrid(duration, range, count, domain);
        const bins = duration.length
          ? countBins(bySeries(durations), grid)
          : [];
        // Outlines of several series have no room for others on top.
        const known = durations.known && show === "counts" && !durations.series
          ? countBins(bySeries(durations.known), grid)
          : [];
        return {
          // With whole bars.
          extent: { x: extents[i] && barsDomain(bins) },
          draw: (sized) =>
            distributionPlot(data, sized, {
              domain: range ? edgesOf(bins) : barsDomain(bins),
              max: max(
                heights(bins, show, durations.length),
                ({ height }, i) => height + (known[i]?.count ?? 0),
              ) ?? 0,
              show,
              label:
                `${show === "shares" ? "share of " : ""}${
                  plural(durations.noun)
                } ` +
                barWidthText(bins, range !== undefined),
              marks: (scale) => [
                ...durationHistogramMarks(inStrip(bins, scale), { show }),
                knownBars(inStrip(bins, scale), inStrip(known, scale)),
              ],
              tips: (scale) => binTips(bins, durations.noun, scale),
            }),
        };
      }),
    };
  },
};

/** Number of bins that suits the durations, over an axis of so many pixels. */
function binCount(
  { length, series }: Durations,
  { minimum, maximum, ...statistics }: Statistics,
  range: LogRange | undefined,
  pixels: number,
): number {
  const low = range?.min ?? (minimum < maximum / 4 ? 0 : minimum);
  const scale = (value: number) => range ? Math.log(value) : value;
  const [from, to] = [scale(low), scale(range?.max ?? maximum)];
  const place = (value: number) =>
    (scale(Math.max(low, value)) - from) / (to - from);
  const rows = series
    ? max(rollup(series.of, ({ length }) => length, (of) => of).values())!
    : length;
  return fittingBins(rows, pixels, {
    percentile5: place(statistics.percentile5),
    percentile25: place(statistics.percentile25),
    percentile75: place(statistics.percentile75),
    percentile95: place(statistics.percentile95),
  });
}

/** The durations of a histogram, those of spans that had not ended included. */
const allDurations = ({ duration, known }: Durations): Float64Array =>
  known ? Float64Array.from([...duration, ...known.duration]) : duration;

/** Hollow bars on top of others, for spans that had not ended. */
const knownBars = (
  bins: readonly DurationBin[],
  known: readonly DurationBin[],
): Markish =>
  Plot.rectY(
    known.map((bin, i) => ({ ...bin, below: bins[i]!.count }))
      .filter(({ count }) => count > 0),
    {
      x1: "x1",
      x2: "x2",
      y1: "below",
      y2: ({ below, count }) => below + count,
      fill: style.background,
      stroke: style.accent,
      strokeWidth: 0.75,
      insetLeft: 0.5,
      insetRight: 0.5,
    },
  );

/** A tip for each bin that has durations: their number in each series. */
export function binTips(
  bins: readonly DurationBin[],
  noun: string,
  scale: DurationScale,
  title?: string,
): Tip[] {
  const shown = inStrip(bins, scale).filter(({ count }) => count > 0);
  return [...Map.groupBy(shown, ({ x1 }) => x1).values()].map((bins) => {
    const { x1, x2 } = bins[0]!;
    return {
      x: x1,
      x2,
      text: [
        ...(title === undefined ? [] : [title]),
        scale.strip && x1 < scale.strip[1]
          ? "zero or negative"
          : `${formatDuration(x1)} to ${formatDuration(x2)}`,
        ...bins.map(({ series, count }) =>
          (series === undefined ? "" : `${series}: `) + counted(count, noun)
        ),
      ].join("\n"),
    };
  });
}

/**
 * Bars of a histogram as marks for `Plot.plot`, in seconds; several series are
 * outlines, on the color scale. Takes the result of {@linkcode durationBins}.
 *
 * @example
 * ```ts
 * import { durationBins, durationHistogramMarks, plot } from "dnpc/plots";
 * import * as Plot from "@observablehq/plot";
 * import assert from "node:assert/strict";
 *
 * const bins = durationBins([[0, 2], [1, 5]]);
 * const chart = plot({
 *   y: { label: "spans" },
 *   marks: [...durationHistogramMarks(bins), Plot.ruleX([3])],
 * });
 * assert.ok(chart.svg.includes("spans"));
 * ```
 */
export function durationHistogramMarks(
  bins: readonly DurationBin[],
  options: { show?: CountsOrShares } = {},
): Markish[] {
  checkOptions("durationHistogramMarks", options, { show: true });
  const { show = "counts" } = options;
  const bars = heights(bins, show, sum(bins, ({ count }) => count))
    .filter(({ x1, x2 }) => Number.isFinite(x1) && Number.isFinite(x2));
  if (bins.some(({ series }) => series !== undefined)) {
    return [outlineMark(bars)];
  }
  return [
    Plot.rectY(bars.filter(({ height }) => height > 0), {
      x1: "x1",
      x2: "x2",
      y: "height",
      fill: style.paleAccent,
      insetLeft: 0.5,
      insetRight: 0.5,
    }),
  ];
}

type Bar = DurationBin & { height: number };

/** Bars as high as their counts, or as their shares of all. */
function heights(
  bins: readonly DurationBin[],
  show: CountsOrShares,
  total: number,
): Bar[] {
  return bins.map((bin) => ({
    ...bin,
    height: show === "counts" ? bin.count : bin.share ?? bin.count / total,
  }));
}

/** Each series as a line of steps that starts and ends at zero. */
function outlineMark(bars: readonly Bar[]): Markish {
  const points = [...Map.groupBy(bars, ({ series }) => series!)]
    .flatMap(([series, bars]) => [
      { series, x: bars[0]!.x1, y: 0 },
      ...bars.flatMap(({ x1, x2, height }, i) => [
        // The bar in the strip stands apart from the others.
        ...(i > 0 && bars[i - 1]!.x2 < x1
          ? [{ series, x: bars[i - 1]!.x2, y: 0 }, { series, x: x1, y: 0 }]
          : []),
        { series, x: x1, y: height },
        { series, x: x2, y: height },
      ]),
      { series, x: bars.at(-1)!.x2, y: 0 },
    ]);
  return Plot.line(points, {
    x: "x",
    y: "y",
    z: "series",
    stroke: scaledNames("series"),
    render: compactLines(),
  });
}

/** One bar of a histogram: the number of durations in [x1, x2). */
export interface DurationBin {
  /** Lower edge of the bin, in seconds. */
  x1: number;
  /** Upper edge, which belongs to the next bin. */
  x2: number;
  /** Number of durations in it. */
  count: number;
  /** The series, if the rows have any. */
  series?: string;
  /** Share of all durations of the series, from 0 to 1. */
  share?: number;
}

/** Options of bins. */
export interface BinOptions {
  /**
   * Approximate number of bins, which have a round width. By default as many as
   * suit the number of rows and their spread.
   */
  bins?: number | undefined;
  /** Counts only durations in this interval, in seconds. */
  domain?: readonly [number, number] | undefined;
  /**
   * Whether bins are equally wide by their logarithm, a whole number of them
   * per power of ten. A first bin, which ends at 0, then has the zero and
   * negative durations. False by default.
   */
  log?: boolean | undefined;
}

/**
 * Counts durations in bins of one round width, empty ones included: the
 * transform behind {@linkcode durationHistogram}. With `series`, each series
 * has the same bins.
 *
 * @example
 * ```ts
 * import { durationBins } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const rows = [[0, 0.5], [0, 1.5], [0, 3.25]];
 * const bins = durationBins(rows, { bins: 3 });
 * assert.deepEqual(bins.map(({ count }) => count), [1, 1, 0, 1]);
 * assert.deepEqual(bins[1], { x1: 1, x2: 2, count: 1 });
 * ```
 *
 * @throws {RangeError} if `bins` is not from 1 to 100,000.
 */
export function durationBins(
  rows: Rows | Durations,
  options:
    & DurationChannels
    & BinOptions = {},
): DurationBin[] {
  checkOptions("durationBins", options, {
    ...durationChannelNames,
    bins: true,
    domain: true,
    log: true,
  });
  const { bins, domain, log = false, ...channels } = options;
  const durations = durationsOf(rows, channels);
  const { duration } = durations;
  const range = log ? logRange([duration]) : undefined;
  const count = bins ??
    binCount(durations, statisticsOf(duration), range, defaultWidth);
  const grid = binGrid(duration, range, count, domain);
  if (durations.length === 0) return [];
  return countBins(bySeries(durations), grid);
}

/**
 * Bins of durations; by logarithm if they have a range above zero, with a bin
 * of zero and below unless the domain begins above it.
 */
function binGrid(
  duration: Float64Array,
  range: LogRange | undefined,
  bins: number,
  domain: readonly [number, number] | undefined,
): Grid {
  if (!(bins >= 1 && bins <= 100_000)) {
    throw new RangeError(`bins must be from 1 to 100,000, not ${bins}`);
  }
  if (!range) return roundGrid(domain ?? extentOf(duration), bins);
  const grid = logGridWithin(range, bins, domain);
  return domain && domain[0] > 0 ? grid : withRest(grid);
}

/** Counts the durations of each series, or of all. */
export function countBins(
  parts: readonly { name: string | undefined; duration: Float64Array }[],
  grid: Grid,
): DurationBin[] {
  const counted = parts.map(({ name, duration }) => {
    const counts = new Uint32Array(grid.count);
    for (const value of duration) {
      const bin = grid.place(value);
      if (bin >= 0) counts[bin]!++;
    }
    return { name, counts, length: duration.length };
  });
  // A bin of zero and below is left out if it is empty.
  const first = grid.range(0)[0] === -Infinity &&
      counted.every(({ counts }) => counts[0] === 0)
    ? 1
    : 0;
  return counted.flatMap(({ name, counts, length }) =>
    Array.from(counts.subarray(first), (count, i): DurationBin => {
      const [x1, x2] = grid.range(first + i);
      return {
        x1,
        x2,
        count,
        ...(name !== undefined &&
          { series: name, share: count / (length || 1) }),
      };
    })
  );
}

/** Bins in their places on the axis, that of zero and below in its strip. */
export function inStrip(
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

/** Ends of the bins above zero. */
export function edgesOf(bins: readonly DurationBin[]): [number, number] {
  const positive = bins.filter(({ x1 }) => x1 !== -Infinity);
  return [positive[0]?.x1 ?? 0.1, positive.at(-1)?.x2 ?? 1];
}

/** What each bar counts: on a logarithmic axis, widths are not comparable. */
function barWidthText(bins: readonly DurationBin[], log: boolean) {
  const last = bins.at(-1);
  return log || !last
    ? "per bar"
    : `per bar of ${formatDuration(last.x2 - last.x1)}`;
}

/** Ends of the axis for bars. */
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
