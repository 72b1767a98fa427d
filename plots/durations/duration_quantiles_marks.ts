import defer * as Plot from "@observablehq/plot";
import type { Markish } from "../chart/plot_types.ts";
import { compactLines } from "../drawing/compact.ts";
import { compactSteps } from "../drawing/compact_areas.ts";
import { extentOf } from "./duration_cells.ts";
import type { Durations } from "./durations.ts";
import type { DurationQuantiles } from "./quantiles_over_time.ts";
import { scaledNames } from "../drawing/color_channel.ts";

/**
 * Quantiles over time as marks for `Plot.plot`: the bands, the median and the
 * maximum of each bin; of several series the medians, on the color scale. Takes
 * what {@linkcode quantilesOverTime} gives. With `clip`, what is beyond the
 * frame is cut off.
 *
 * @example
 * ```ts
 * import { durationQuantilesMarks, plot, quantilesOverTime } from "dnpc/plots";
 * import * as Plot from "@observablehq/plot";
 * import assert from "node:assert/strict";
 *
 * const quantiles = quantilesOverTime([[0, 2], [1, 5]]);
 * const chart = plot({
 *   y: { label: "duration (s)" },
 *   marks: [...durationQuantilesMarks(quantiles), Plot.ruleX([3])],
 * });
 * assert.ok(chart.svg.includes("duration (s)"));
 * ```
 */
export function durationQuantilesMarks(
  quantiles: readonly DurationQuantiles[],
  { clip = false }: { clip?: boolean } = {},
): Markish[] {
  if (quantiles.some(({ series }) => series !== undefined)) {
    return [medianLine(quantiles, clip)];
  }
  const band = (
    y1: keyof DurationQuantiles,
    y2: keyof DurationQuantiles,
    color: string,
  ) =>
    Plot.rect(quantiles, {
      ...{ x1: "x1", x2: "x2", y1, y2, clip, render: compactSteps },
      fill: { value: quantiles.map(() => color), scale: null },
    });
  return [
    band("percentile5", "percentile95", colors.wide),
    band("percentile25", "percentile75", colors.narrow),
    medianLine(quantiles, clip),
    Plot.dot(quantiles, {
      x: middle,
      y: "maximum",
      r: 1.75,
      fill: colors.maximum,
      clip,
    }),
  ];
}

/** Of the marks, for the legend. */
export const colors = {
  wide: "#d3e4f1",
  narrow: "#8cb8dc",
  median: "#00467f",
  maximum: "#b3001b",
  row: "#0072b2",
};

/** The middle of a bin of time. */
export const middle = ({ x1, x2 }: DurationQuantiles) => (x1 + x2) / 2;

/** A line of steps, with a gap where a bin is missing. */
function medianLine(
  quantiles: readonly DurationQuantiles[],
  clip: boolean,
): Markish {
  let run = 0;
  const points = quantiles.flatMap((bin, i) => {
    const before = quantiles[i - 1];
    const isNext = before && before.series === bin.series &&
      Math.abs(before.x2 - bin.x1) < (bin.x2 - bin.x1) / 2;
    if (!isNext) run++;
    const { series, median } = bin;
    return [
      { series, x: bin.x1, median, run },
      { series, x: bin.x2, median, run },
    ];
  });
  return Plot.line(points, {
    x: "x",
    y: "median",
    z: "run",
    stroke: points[0]?.series === undefined
      ? { value: points.map(() => colors.median), scale: null }
      : scaledNames("series"),
    clip,
    render: compactLines(),
  });
}

/** Of a series, in a bin of few rows: the median as a ring. */
export function medianDots(
  quantiles: readonly DurationQuantiles[],
  clip: boolean,
): Markish {
  return Plot.dot(quantiles, {
    x: middle,
    y: "median",
    r: 2.25,
    stroke: scaledNames("series"),
    clip,
  });
}

/** The rows that start in bins of few. */
export function rowDots(
  { start, duration }: Durations,
  sparse: readonly DurationQuantiles[],
  at: (duration: number) => number,
  clip: boolean,
): Markish {
  const width = sparse[0] ? sparse[0].x2 - sparse[0].x1 : 1;
  const [first] = extentOf(start);
  const bins = new Set(
    sparse.map((bin) => Math.floor((middle(bin) - first) / width)),
  );
  const [x, y]: [number[], number[]] = [[], []];
  if (bins.size) {
    start.forEach((time, i) => {
      if (!bins.has(Math.floor((time - first) / width))) return;
      x.push(time);
      y.push(at(duration[i]!));
    });
  }
  return Plot.dot({ length: x.length }, {
    ...{ x, y, clip },
    r: 2,
    fill: colors.row,
    fillOpacity: 0.55,
  });
}
