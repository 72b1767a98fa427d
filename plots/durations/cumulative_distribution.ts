import type { Panel, Tip } from "../chart/plot_types.ts";
import { countAxis } from "../axes/count_axis.ts";
import { shareAxis } from "../axes/share_axis.ts";
import { formatDuration, formatNumber } from "../axes/units.ts";
import { type Chart, defaultWidth } from "../chart/chart.ts";
import { chartOf, type HelperOptions } from "../chart/chart_kind.ts";
import type { OldChartKind, Part } from "../chart/chart_kind.ts";
import { noRows } from "../drawing/empty_mark.ts";
import { givenDomain } from "../drawing/merge.ts";
import {
  labelledLines,
  labelRowHeight,
  statisticMarks,
} from "./statistic_marks.ts";
import { durationKind } from "./duration_kind.ts";
import {
  type DurationScale,
  durationScale,
  type DurationScaleOptions,
  type SharedByFacets,
  withinScale,
} from "./duration_scale.ts";
import { mediansOf, seriesLegend } from "./duration_series.ts";
import { durationLabel, type EventNames } from "./duration_words.ts";
import { frame } from "../chart/frame.ts";
import type { Rows } from "../rows/channels.ts";
import { type CumulativeShare, cumulativeShares } from "./cumulative_shares.ts";
import { extentOf } from "./duration_cells.ts";
import {
  bySeries,
  type DurationChannels,
  type Durations,
} from "./durations.ts";
import { logRange } from "./log_range.ts";
import { statisticsOf } from "./statistics.ts";
import {
  cumulativeDistributionMarks,
  levelMarks,
  markedDots,
} from "./cumulative_distribution_marks.ts";

/** What {@linkcode cumulativeDistribution} takes beside its rows. */
export interface CumulativeDistributionOptions
  extends DurationChannels, EventNames, DurationScaleOptions, HelperOptions {
  /** Shares of the rows, or of each series; or counts. Shares if not given. */
  show?: "counts" | "shares" | undefined;
}

/**
 * The share of spans that took at most so long, for each length: a step at each
 * duration that there is. It needs no bins, so that two runs, given as
 * `series`, compare without a choice that decides the picture. One row a span,
 * as {@linkcode twoEvents} takes them.
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
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function cumulativeDistribution(
  rows: Rows | Durations,
  options: CumulativeDistributionOptions = {},
): Chart {
  return chartOf(cumulativeDistributionKind, rows, options);
}

const cumulativeDistributionKind: OldChartKind<
  Durations,
  CumulativeDistributionOptions
> = {
  ...durationKind,
  height: 280,
  extent({ duration, length }, { log }) {
    if (length === 0 || log) return {};
    return { x: domainOf(duration) };
  },
  plots: (
    durations,
    options,
  ) => [[cumulativeDistributionPlot(durations, options)]],
  legend: (durations, { color }) => seriesLegend(durations, color, "line"),
};

/** The plot of {@linkcode cumulativeDistribution}, as one panel of a figure. */
export function cumulativeDistributionPlot(
  durations: Durations,
  options: CumulativeDistributionOptions & SharedByFacets & Part,
): Panel {
  const { width = defaultWidth, log, color, show = "shares", part } = options;
  const { least, most } = options.logRange ?? logRange([durations]);
  const scale = durationScale(
    log ? [least, most] : domainOf(durations.duration),
    options,
    givenDomain(options.x),
  );
  const { domain, at } = scale;
  const parts = bySeries(durations);
  const largest = Math.max(0, ...parts.map(({ duration }) => duration.length));
  const points = cumulativeShares(durations, {
    columns: Math.min(640, Math.floor(mostPoints / 2 / parts.length * part)),
    log,
  });
  return frame({ ...options, ...withinScale("x", options, scale) }, {
    x: (_, pixels) =>
      scale.axis({ pixels, label: durationLabel(durations, options, width) }),
    y: (asked, pixels) =>
      show === "shares"
        ? shareAxis([0, asked?.[1] ?? 1], { pixels, label: "share of spans" })
        : countAxis(asked?.[1] ?? largest, { pixels, label: "spans" }),
    zero: "y",
    draw({ across, clip }) {
      const place = { domain, pixels: across, log, at };
      const { marks, rows } = durations.series
        ? labelledLines(mediansOf(durations, color), place)
        : statisticMarks(statisticsOf(durations.duration), place, [
          "median",
          "95 %",
        ]);
      return {
        marks: [
          ...levelMarks(show, durations),
          ...cumulativeDistributionMarks(onAxis(points, scale), { show, clip }),
          ...marks,
          ...markedDots(durations, show, at, color),
        ],
        above: rows * labelRowHeight,
      };
    },
    tips: () => tipsOf(points, show, at),
    empty: durations.length ? undefined : noRows,
  });
}

// However many series and facets there are.
const mostPoints = 8000;

/** From the left end of the axis, where it is zero, to its right end. */
function onAxis(
  points: readonly CumulativeShare[],
  { at, domain, log, strip }: DurationScale,
): CumulativeShare[] {
  return [...Map.groupBy(points, ({ series }) => series ?? "")]
    .flatMap(([, points]) => {
      const last = points.at(-1)!;
      // Of what has no logarithm the last point counts them all.
      const rest = log
        ? points.filter(({ duration }) => !(duration > 0)).slice(-1)
        : [];
      const others = log
        ? points.filter(({ duration }) => duration > 0)
        : points;
      return [
        { ...last, duration: domain[0], count: 0, share: 0 },
        ...rest.map((point) => ({
          ...point,
          duration: strip ? at(point.duration) : domain[0],
        })),
        ...others,
        { ...last, duration: Math.max(domain[1], at(last.duration)) },
      ];
    });
}

function domainOf(duration: Float64Array): [number, number] {
  const [least, most] = extentOf(duration);
  if (duration.length === 0) return [0, 1];
  if (least === most) {
    return most > 0 ? [0, 1.5 * most] : most < 0 ? [1.5 * most, 0] : [-1, 1];
  }
  // Durations are read against zero, unless they are all far from it.
  return [least > 0 && least < most / 2 ? 0 : least, most];
}

const mostTips = 400;

function tipsOf(
  points: readonly CumulativeShare[],
  show: "counts" | "shares",
  at: (duration: number) => number,
): Tip[] {
  const every = Math.ceil(points.length / mostTips);
  return points.filter((_, i) => i % every === 0)
    .map(({ duration, share, count, series }) => ({
      x: at(duration),
      y: show === "shares" ? share : count,
      text: [
        ...(series ? [series] : []),
        `at most ${formatDuration(duration)}`,
        `${formatNumber(share * 100)} % (${count.toLocaleString("en-US")})`,
      ].join("\n"),
    }));
}
