import defer * as Plot from "@observablehq/plot";
import { formatDuration, formatNumber } from "../axes/units.ts";
import type { Chart } from "../chart/chart.ts";
import { scaledNames } from "../chart/colors.ts";
import type { Markish } from "../chart/plot_types.ts";
import { compactLines } from "../drawing/compact.ts";
import { style } from "../drawing/style.ts";
import type { Rows } from "../rows/channels.ts";
import { extentOf } from "../rows/grid.ts";
import {
  type CumulativeShare,
  cumulativeShares,
  onAxis,
} from "./cumulative_shares.ts";
import {
  durationChart,
  type DurationData,
  type DurationOptions,
  type DurationView,
} from "./duration_view.ts";
import type { Durations } from "./durations.ts";
import { type CountsOrShares, distributionPlot } from "./duration_plots.ts";

/** Options of {@linkcode cumulativeDistribution}. */
export interface CumulativeDistributionOptions extends DurationOptions {
  /** Shares of the rows of each series, the default, or counts. */
  show?: CountsOrShares | undefined;
}

/**
 * Share of spans that took at most so long, as a line with a step at each
 * duration. It needs no bins, whose width could decide how two runs, given as
 * `series`, compare. Takes one row per span, as {@linkcode twoEvents} does.
 *
 * @example
 * ```ts
 * import { cumulativeDistribution } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const rows = [
 *   { launched: 0, running: 0.5, run: "000" },
 *   { launched: 1, running: 3, run: "001" },
 * ];
 * const chart = cumulativeDistribution(rows, { series: "run", log: true });
 * assert.match(chart.caption, /000: 1 span, median 500 ms/);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function cumulativeDistribution(
  rows: Rows | Durations,
  options: CumulativeDistributionOptions = {},
): Chart {
  return durationChart(cumulativeView, rows, options);
}

interface CumulativeData extends DurationData {
  points: readonly CumulativeShare[];
}

// In the whole chart, however many series and facets it has.
const maxPoints = 8000;

/** The cumulative distribution as a view of durations. */
export const cumulativeView: DurationView<
  CumulativeData,
  CumulativeDistributionOptions
> = {
  height: 280,
  axis: "x",
  seriesShape: "line",
  derive: (facets, { log }) =>
    facets.map((data) => {
      const { durations, series, part } = data;
      const columns = Math.floor(maxPoints / 2 / (series.length || 1) * part);
      return {
        ...data,
        points: cumulativeShares(durations, {
          columns: Math.min(640, columns),
          log,
        }),
        extent: durations.length === 0 || log
          ? {}
          : { x: domainOf(durations.duration) },
      };
    }),
  plot(data, options) {
    const { durations, logRange, points, series, statistics } = data;
    const { show = "shares" } = options;
    const counts = durations.series
      ? series.map(({ statistics: { count } }) => count)
      : [statistics.count];
    return distributionPlot(data, options, {
      domain: logRange
        ? [logRange.min, logRange.max]
        : domainOf(durations.duration),
      max: show === "shares" ? 1 : Math.max(0, ...counts),
      show,
      label: show === "shares" ? "share of spans" : "spans",
      statistics: ["median", "95 %"],
      marks: (scale, clip) => [
        ...levelMarks(show, durations),
        ...cumulativeDistributionMarks(onAxis(points, scale), { show, clip }),
      ],
      marksAbove: ({ at }) => markedDots(data, show, at),
      tips: ({ at }) =>
        points.filter((_, i) => i % Math.ceil(points.length / maxTips) === 0)
          .map(({ duration, share, count, series }) => ({
            x: at(duration),
            y: show === "shares" ? share : count,
            text: [
              ...(series ? [series] : []),
              `at most ${formatDuration(duration)}`,
              `${formatNumber(share * 100)} % (${
                count.toLocaleString("en-US")
              })`,
            ].join("\n"),
          })),
    });
  },
};

const maxTips = 400;

function domainOf(duration: Float64Array): [number, number] {
  const [min, max] = extentOf(duration);
  if (duration.length === 0) return [0, 1];
  if (min === max) {
    return max > 0 ? [0, 1.5 * max] : max < 0 ? [1.5 * max, 0] : [-1, 1];
  }
  // Durations are read against zero, unless they are all far from it.
  return [min > 0 && min < max / 2 ? 0 : min, max];
}

/**
 * Cumulative distributions as marks for `Plot.plot`: lines of true steps,
 * durations in seconds. Takes the result of {@linkcode cumulativeShares};
 * series are on the color scale. `clip` cuts the marks at the frame.
 *
 * @example
 * ```ts
 * import {
 *   cumulativeDistributionMarks,
 *   cumulativeShares,
 *   plot,
 * } from "dnpc/plots";
 * import * as Plot from "@observablehq/plot";
 * import assert from "node:assert/strict";
 *
 * const shares = cumulativeShares([[0, 2], [1, 5]]);
 * const chart = plot({
 *   y: { label: "share of spans" },
 *   marks: [...cumulativeDistributionMarks(shares), Plot.ruleX([3])],
 * });
 * assert.ok(chart.svg.includes("share of spans"));
 * ```
 */
export function cumulativeDistributionMarks(
  shares: readonly CumulativeShare[],
  { show = "shares", clip = false }: {
    show?: CountsOrShares;
    clip?: boolean;
  } = {},
): Markish[] {
  const height = show === "shares" ? "share" : "count";
  const points = [...Map.groupBy(shares, ({ series }) => series ?? "")]
    .flatMap(([, [first, ...others]]) => [
      { ...first!, count: 0, share: 0 },
      first!,
      ...others,
    ]);
  return [
    Plot.line(points, {
      x: "duration",
      y: height,
      z: (point: CumulativeShare) => point.series ?? "",
      stroke: shares.some(({ series }) => series !== undefined)
        ? scaledNames("series")
        : { value: points.map(() => lineColor), scale: null },
      clip,
      render: compactLines(),
    }),
  ];
}

const lineColor = "#0072b2";

/** Lines across at one half and at 95 %. */
function levelMarks(
  show: CountsOrShares,
  { series, length }: Durations,
): Markish[] {
  if (show === "counts" && series) return [];
  const all = show === "shares" ? 1 : length;
  return [
    Plot.ruleY([0.5 * all, 0.95 * all], {
      stroke: style.mutedInk,
      strokeWidth: 0.75,
      strokeDasharray: "2 3",
    }),
  ];
}

// Percentiles interpolate; of few rows the line is far from them.
const minForPercentile = 20;

/** A dot where each series reaches its median, and its 95th percentile. */
function markedDots(
  { durations, series, statistics }: DurationData,
  show: CountsOrShares,
  at: (duration: number) => number,
): Markish[] {
  const lines = durations.series ? series : [{ statistics, color: lineColor }];
  const dots = lines.flatMap(({ statistics, color }) => {
    const { median, percentile95, count } = statistics;
    const all = show === "shares" ? 1 : count;
    return [
      { x: at(median), y: 0.5 * all, color, min: 1 },
      { x: at(percentile95), y: 0.95 * all, color, min: minForPercentile },
    ].filter(({ min }) => count >= min);
  });
  return [
    Plot.dot(dots, {
      x: "x",
      y: "y",
      r: 3,
      fill: { value: dots.map(({ color }) => color), scale: null },
      stroke: style.background,
      clip: true,
    }),
  ];
}
