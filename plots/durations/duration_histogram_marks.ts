import defer * as Plot from "@observablehq/plot";
import type { Markish } from "../chart/plot_types.ts";
import type { DurationBin } from "./duration_bins.ts";
import { compactLines } from "../drawing/compact.ts";
import { scaledNames } from "../drawing/color_channel.ts";

/**
 * The bars of a histogram as marks for `Plot.plot`, in seconds; of several
 * series their outlines. Takes what {@linkcode durationBins} gives; the series
 * are on the color scale.
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
  { show = "counts" }: { show?: "counts" | "shares" } = {},
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

/** Bars as high as their counts, or as their shares of all. */
export function heights(
  bins: readonly DurationBin[],
  show: "counts" | "shares",
  total: number,
): Bar[] {
  return bins.map((bin) => ({
    ...bin,
    height: show === "counts" ? bin.count : bin.share ?? bin.count / total,
  }));
}

/** Each series as a line of steps that starts and ends on the ground. */
function outlineMark(bars: readonly Bar[]): Markish {
  const points = [...Map.groupBy(bars, ({ series }) => series!)]
    .flatMap(([series, bars]) => [
      { series, x: bars[0]!.x1, y: 0 },
      ...bars.flatMap(({ x1, x2, height }, i) => [
        // What lies in the strip stands apart from the rest.
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
