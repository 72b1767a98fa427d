import defer * as Plot from "@observablehq/plot";
import type { Markish } from "../chart/plot_types.ts";
import type { HelperOptions } from "../chart/chart_kind.ts";
import { legendOfNames } from "../chart/colors.ts";
import { compactLines } from "../drawing/compact.ts";
import { style } from "../drawing/style.ts";
import type { CumulativeShare } from "./cumulative_shares.ts";
import { bySeries, type Durations } from "./durations.ts";
import { statisticsOf } from "./statistics.ts";
import { scaledNames } from "../drawing/color_channel.ts";

/**
 * Cumulative distributions as marks for `Plot.plot`: lines of true steps,
 * durations in seconds. Takes what {@linkcode cumulativeShares} gives; series
 * are on the color scale. With `clip`, what is beyond the frame is cut off.
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
    show?: "counts" | "shares";
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
export function levelMarks(
  show: "counts" | "shares",
  { series, length }: Durations,
): Markish[] {
  if (show === "counts" && series) return [];
  const all = show === "shares" ? 1 : length;
  return [
    Plot.ruleY([0.5, 0.95].map((share) => share * all), {
      stroke: style.mutedInk,
      strokeWidth: 0.75,
      strokeDasharray: "2 3",
    }),
  ];
}

// Percentiles interpolate; of few rows the line is far from them.
const leastForPercentile = 20;

/** A dot where each series reaches its median, and its 95th percentile. */
export function markedDots(
  durations: Durations,
  show: "counts" | "shares",
  at: (duration: number) => number,
  color: HelperOptions["color"],
): Markish[] {
  const parts = bySeries(durations).filter(({ duration }) => duration.length);
  const colors = durations.series
    ? legendOfNames(parts.map(({ name }) => name), color).map((e) => e.color)
    : [lineColor];
  const dots = parts.flatMap(({ duration }, i) => {
    const { median, percentile95, count } = statisticsOf(duration);
    const height = (share: number) => show === "shares" ? share : share * count;
    return [
      { x: at(median), y: height(0.5), fill: colors[i]! },
      ...(count >= leastForPercentile
        ? [{ x: at(percentile95), y: height(0.95), fill: colors[i]! }]
        : []),
    ];
  });
  return [
    Plot.dot(dots, {
      x: "x",
      y: "y",
      r: 3,
      fill: { value: dots.map(({ fill }) => fill), scale: null },
      stroke: style.background,
      clip: true,
    }),
  ];
}
