// @ts-types="npm:@types/d3-array@3.2.2"
import { max, nice } from "d3-array";
import defer * as Plot from "@observablehq/plot";
import { formatDuration } from "../axes/units.ts";
import { counted } from "../chart/captions.ts";
import type { Chart } from "../chart/chart.ts";
import { scaledNames } from "../chart/colors.ts";
import { type Domain, union } from "../chart/facets.ts";
import type { Markish, Tip } from "../chart/plot_types.ts";
import { compactLines } from "../drawing/compact.ts";
import { givenDomain } from "../drawing/merge.ts";
import type { Rows } from "../rows/channels.ts";
import { extentOf } from "../rows/grid.ts";
import {
  barsDomain,
  binGrid,
  type BinOptions,
  binWidthText,
  countBins,
  type DurationBin,
  edgesOf,
  inStrip,
} from "./duration_bins.ts";
import {
  durationChart,
  type DurationData,
  type DurationOptions,
  type DurationView,
} from "./duration_chart.ts";
import { type CountsOrShares, distributionPlot } from "./duration_plots.ts";
import type { DurationScale } from "./duration_scale.ts";
import { bySeries, type Durations } from "./durations.ts";

/** Options of {@linkcode durationHistogram}. */
export interface DurationHistogramOptions extends DurationOptions, BinOptions {
  /**
   * Whether bars are numbers of spans or shares of the spans of their series.
   * By default shares if there are series, so that runs of different size
   * compare.
   */
  show?: CountsOrShares | undefined;
}

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
  return durationChart(rows, options, {
    height: 260,
    axis: "x",
    seriesShape: "line",
    derive: (all) => histogramView(all, options),
  });
}

/** The histogram as a view of durations, with the same bins in all facets. */
export function histogramView(
  all: readonly DurationData[],
  options: DurationHistogramOptions,
): DurationView {
  const extents = all.map(({ durations, range }): Domain | undefined => {
    if (durations.length === 0 || range) return undefined;
    // Ends where a bar may end, so that none is cut.
    const [min, max] = nice(...extentOf(durations.duration), 60);
    return [min > 0 && min < max / 4 ? 0 : min, max];
  });
  const domain = options.domain ?? givenDomain(options.x) ??
    (options.facet === undefined ? undefined : union(extents));
  return {
    facets: all.map((data, i) => {
      const { durations, range } = data;
      const { show = durations.series ? "shares" : "counts" } = options;
      const grid = binGrid(
        durations.duration,
        range,
        options.bins ?? 60,
        domain,
      );
      const bins = durations.length ? countBins(bySeries(durations), grid) : [];
      return {
        extent: { x: extents[i] },
        draw: (sized) =>
          distributionPlot(data, sized, {
            domain: range ? edgesOf(bins) : barsDomain(bins),
            max: max(heights(bins, show, durations.length), heightOf) ?? 0,
            show,
            label: `${show === "shares" ? "share of spans" : "spans"} ` +
              binWidthText(bins, range !== undefined),
            marks: (scale) =>
              durationHistogramMarks(inStrip(bins, scale), { show }),
            tips: (scale) => binTips(bins, scale),
          }),
      };
    }),
  };
}

/** A tip for each bin that has durations: their number in each series. */
export function binTips(
  bins: readonly DurationBin[],
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
          (series === undefined ? "" : `${series}: `) + counted(count, "span")
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
  { show = "counts" }: { show?: CountsOrShares } = {},
): Markish[] {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const bars = heights(bins, show, total)
    .filter(({ x1, x2 }) => Number.isFinite(x1) && Number.isFinite(x2));
  if (bins.some(({ series }) => series !== undefined)) {
    return [outlineMark(bars)];
  }
  return [
    Plot.rectY(bars.filter(({ height }) => height > 0), {
      x1: "x1",
      x2: "x2",
      y: "height",
      fill: "#8cb8dc",
      insetLeft: 0.5,
      insetRight: 0.5,
    }),
  ];
}

type Bar = DurationBin & { height: number };

const heightOf = ({ height }: Bar) => height;

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
