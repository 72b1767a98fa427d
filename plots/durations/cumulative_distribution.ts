// Over 300 lines: the chart stands with its transform, its marks and their examples.

import { max } from "d3-array";
import { checkOptions } from "../../display/text/mistakes.ts";
import { formatDuration, formatShare } from "../axes/units.ts";
import { counted, plural } from "../chart/captions.ts";
import type { Chart } from "../chart/chart.ts";
import { scaledNames } from "../chart/colors.ts";
import type { Markish } from "../chart/plot_types.ts";
import { compactLines } from "../drawing/compact.ts";
import { Plot } from "../drawing/plot.ts";
import { style } from "../drawing/style.ts";
import type { Rows } from "../rows/channels.ts";
import { extentOf } from "../rows/grid.ts";
import {
  durationChart,
  type DurationData,
  type DurationKind,
  durationOptionNames,
  type DurationOptions,
} from "./duration_chart.ts";
import { type CountsOrShares, distributionPlot } from "./duration_plots.ts";
import type { DurationScale } from "./duration_scale.ts";
import {
  bySeries,
  durationChannelNames,
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./durations.ts";
import { statisticsLegend } from "./statistic_lines.ts";

/** Options of {@linkcode cumulativeDistribution}. */
export interface CumulativeDistributionOptions extends DurationOptions {
  /** Shares of the rows of each series, the default, or counts. */
  show?: CountsOrShares | undefined;
}

/**
 * Draws the share of spans up to each duration, as a step line. Unlike a
 * histogram it has no bins, so it suits a comparison of two runs given as
 * `series`. Takes one row per span, as {@linkcode twoEvents} does.
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
  checkOptions("cumulativeDistribution", options, {
    ...durationOptionNames,
    show: true,
  });
  return durationChart(rows, options, cumulative);
}

/** The statistics that have a line. */
const shownStatistics = ["median", "95% within"];

// In the whole chart, however many series and facets it has.
const maxPoints = 8000;
const maxTips = 400;

/** The cumulative distribution of durations. */
export const cumulative: DurationKind<CumulativeDistributionOptions> = {
  height: 280,
  axis: "x",
  seriesShape: "line",
  derive: (all, { log, show = "shares" }) => ({
    legend: statisticsLegend(all, shownStatistics),
    facets: all.map((data) => {
      const isShares = show === "shares";
      const { durations, range, series, statistics, part } = data;
      const columns = Math.floor(maxPoints / 2 / (series.length || 1) * part);
      const points = cumulativeShares(durations, {
        columns: Math.min(640, columns),
        log,
      });
      const domain = domainOf(durations.duration);
      const lines = durations.series
        ? series
        : [{ statistics, color: style.accent }];
      const counts = lines.map(({ statistics }) => statistics.count);
      const nouns = plural(durations.noun);
      return {
        extent: durations.length === 0 || log ? {} : { x: domain },
        draw: (sized) =>
          distributionPlot(data, sized, {
            domain: range ? [range.min, range.max] : domain,
            max: isShares ? 1 : max(counts) ?? 0,
            show,
            label: !isShares
              ? nouns
              : durations.unfinished
              ? `share of the ${nouns} that ended`
              : `share of ${nouns}`,
            statistics: shownStatistics,
            marks: (scale, clip) => [
              ...(isShares || !durations.series
                ? [shareRules(isShares ? 1 : durations.length)]
                : []),
              ...cumulativeDistributionMarks(onAxis(points, scale), {
                show,
                clip,
              }),
            ],
            marksAbove: ({ at }) => markedDots(lines, isShares, at),
            tips: ({ at }) =>
              points.filter((_, i) =>
                i % Math.ceil(points.length / maxTips) === 0
              )
                .map(({ duration, share, count, series }) => ({
                  x: at(duration),
                  y: isShares ? share : count,
                  text: [
                    ...(series ? [series] : []),
                    `at most ${formatDuration(duration)}`,
                    `${formatShare(share)} (${counted(count, durations.noun)})`,
                  ].join("\n"),
                })),
          }),
      };
    }),
  }),
};

function domainOf(duration: Float64Array): [number, number] {
  const [min, max] = extentOf(duration);
  if (duration.length === 0) return [0, 1];
  if (min === max) {
    return max > 0 ? [0, 1.5 * max] : max < 0 ? [1.5 * max, 0] : [-1, 1];
  }
  // Durations are read against zero, unless they are all far from it.
  return [min > 0 && min < max / 2 ? 0 : min, max];
}

/** A point of a cumulative distribution. */
export interface CumulativeShare {
  /** The series, if the rows have any. */
  series?: string;
  /** A duration, in seconds. */
  duration: number;
  /** Number of durations up to this one. */
  count: number;
  /** Share of all durations of the series, from 0 to 1. */
  share: number;
}

/** Options of {@linkcode cumulativeShares}. */
export interface CumulativeOptions {
  /**
   * Number of pixel columns of the chart. Only the first and last point of each
   * column are kept, because a rising line shows no others. 640 by default;
   * `Infinity` keeps all points.
   */
  columns?: number | undefined;
  /** Whether the columns are equally wide by their logarithm. */
  log?: boolean | undefined;
}

/**
 * Counts the rows up to each distinct duration, in ascending order: the
 * transform behind {@linkcode cumulativeDistribution}. The points are exact
 * even if others are left out.
 *
 * @example
 * ```ts
 * import { cumulativeShares } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const shares = cumulativeShares([[0, 1], [0, 1], [0, 3], [0, 7]]);
 * assert.deepEqual(shares.map(({ duration, share }) => [duration, share]), [
 *   [1, 0.5],
 *   [3, 0.75],
 *   [7, 1],
 * ]);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function cumulativeShares(
  rows: Rows | Durations,
  options:
    & DurationChannels
    & CumulativeOptions = {},
): CumulativeShare[] {
  checkOptions("cumulativeShares", options, {
    ...durationChannelNames,
    columns: true,
    log: true,
  });
  const { columns = 640, log = false, ...channels } = options;
  return bySeries(durationsOf(rows, channels)).flatMap(({ name, duration }) => {
    const sorted = duration.slice().sort();
    return keptPlaces(sorted, columns, log).map((i): CumulativeShare => ({
      ...(name !== undefined && { series: name }),
      duration: sorted[i]!,
      count: i + 1,
      share: (i + 1) / sorted.length,
    }));
  });
}

/** The last places of equal values: the first and last of each column. */
function keptPlaces(
  sorted: Float64Array,
  columns: number,
  log: boolean,
): number[] {
  const places: number[] = [];
  for (let i = 0; i < sorted.length; i++) {
    if (sorted[i] !== sorted[i + 1]) places.push(i);
  }
  const scale = (value: number) => log ? Math.log(Math.max(0, value)) : value;
  const least = log ? sorted.find((value) => value > 0) ?? 1 : sorted[0] ?? 0;
  const width = (scale(sorted.at(-1) ?? 0) - scale(least)) / columns;
  const column = places.map((i) =>
    width > 0
      ? Math.floor((scale(sorted[i]!) - scale(least)) / width)
      : sorted[i]!
  );
  return places.filter((_, k) =>
    column[k] !== column[k - 1] || column[k] !== column[k + 1]
  );
}

/** Lines from zero at the left end of the axis to its right end. */
function onAxis(
  points: readonly CumulativeShare[],
  { at, domain, log, strip }: DurationScale,
): CumulativeShare[] {
  return [...Map.groupBy(points, ({ series }) => series ?? "").values()]
    .flatMap((points) => {
      const last = points.at(-1)!;
      // On a logarithmic axis the last point at zero or below counts them all.
      const first = log
        ? points.findLastIndex(({ duration }) => !(duration > 0))
        : 0;
      const isOff = ({ duration }: CumulativeShare) =>
        log && !strip && !(duration > 0);
      return [
        { ...last, duration: domain[0], count: 0, share: 0 },
        ...points.slice(Math.max(0, first)).map((point) => ({
          ...point,
          duration: isOff(point) ? domain[0] : at(point.duration),
        })),
        { ...last, duration: Math.max(domain[1], at(last.duration)) },
      ];
    });
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
  options: {
    show?: CountsOrShares;
    clip?: boolean;
  } = {},
): Markish[] {
  checkOptions("cumulativeDistributionMarks", options, {
    show: true,
    clip: true,
  });
  const { show = "shares", clip = false } = options;
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
        : { value: points.map(() => style.accent), scale: null },
      clip,
      render: compactLines(),
    }),
  ];
}

// Percentiles interpolate; of few rows the line is far from them.
const markedShares = [
  { share: 0.5, name: "median", minCount: 1 },
  { share: 0.95, name: "percentile95", minCount: 20 },
] as const;

/** Lines across at one half and at 95%. */
const shareRules = (all: number): Markish =>
  Plot.ruleY(markedShares.map(({ share }) => share * all), {
    stroke: style.mutedInk,
    strokeWidth: 0.75,
    strokeDasharray: "2 3",
  });

/** A dot where each line reaches its median, and its 95th percentile. */
function markedDots(
  lines: readonly Pick<DurationData["series"][0], "statistics" | "color">[],
  isShares: boolean,
  at: (duration: number) => number,
): Markish[] {
  const dots = lines.flatMap(({ statistics, color }) =>
    markedShares.filter(({ minCount }) => statistics.count >= minCount)
      .map(({ share, name }) => ({
        x: at(statistics[name]),
        y: share * (isShares ? 1 : statistics.count),
        color,
      }))
  );
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
