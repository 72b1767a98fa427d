import defer * as Plot from "@observablehq/plot";
import type { RenderFunction } from "@observablehq/plot";
import type { Markish, Tip } from "../chart/plot_types.ts";
import type { StackedValue, StepValue } from "./stacking.ts";
import { formatMean } from "../axes/units.ts";
import { compactStepLines } from "../drawing/compact.ts";
import { compactSteps } from "../drawing/compact_areas.ts";
import { style } from "../drawing/style.ts";
import { scaledNames } from "../drawing/color_channel.ts";

/** Values one on the other, as areas with true steps; names are colours. */
export function stackedStepMarks(
  values: readonly StackedValue[],
  { clip = false, opacity = 1 }: { clip?: boolean; opacity?: number } = {},
): Markish[] {
  return [
    Plot.rect(values, {
      x1: "time",
      x2: "until",
      y1: "y1",
      y2: "y2",
      fill: scaledNames("name"),
      clip,
      render: opacity < 1 ? seeThrough(opacity) : compactSteps,
    }),
  ];
}

// A group of paths takes no opacity of the mark's.
const seeThrough = (opacity: number): RenderFunction =>
  function (this: unknown, ...parts) {
    const drawn = compactSteps.apply(this as never, parts);
    drawn?.setAttribute("fill-opacity", String(opacity));
    return drawn;
  };

/**
 * Values as lines with true steps, and where a value is the mean of several,
 * from the least to the greatest of them as a band behind the lines.
 */
export function stepLineMarks(
  values: readonly StepValue[],
  { clip = false }: { clip?: boolean } = {},
): Markish[] {
  const bands = values.filter(({ minimum, maximum }) => maximum > minimum);
  return [
    ...(bands.length
      ? [
        Plot.rect(bands, {
          x1: "time",
          x2: "until",
          y1: "minimum",
          y2: "maximum",
          fill: scaledNames("name"),
          clip,
          render: seeThrough(0.3),
        }),
      ]
      : []),
    Plot.ruleY(values, {
      x1: "time",
      x2: "until",
      y: "value",
      stroke: scaledNames("name"),
      clip,
      render: compactStepLines(1.5),
    }),
  ];
}

/** A line at the most that there was at one moment of each column. */
export function peakLineMarks(
  peaks: readonly { time: number; until: number; count: number }[],
  { clip = false }: { clip?: boolean } = {},
): Markish[] {
  return [
    Plot.ruleY(peaks, {
      x1: "time",
      x2: "until",
      y: "count",
      stroke: { value: () => style.mutedInk, scale: null } as never,
      clip,
      render: compactStepLines(0.75),
    }),
  ];
}

/** What is said of all series at each time at which one of them changes. */
export function stepTips(
  values: readonly StepValue[],
  head: (time: number, until: number) => string,
  format: (value: number) => string = formatMean,
): Tip[] {
  const columns = Map.groupBy(values, ({ time }) => time);
  return [...columns].toSorted(([a], [b]) => a - b).map(([time, steps]) => {
    const until = Math.min(...steps.map(({ until }) => until));
    const shown = steps.toReversed().slice(0, mostLines).map((step) => {
      const { name, value, minimum, maximum } = step;
      const range = maximum > minimum
        ? ` (${format(minimum)} to ${format(maximum)})`
        : "";
      return `${name ? `${name}: ` : ""}${format(value)}${range}`;
    });
    const more = steps.length - shown.length;
    return {
      x: time,
      x2: until,
      text: [
        head(time, until),
        ...shown,
        ...(more ? [`and ${more} more`] : []),
      ].join("\n"),
    };
  });
}

const mostLines = 21;

/** Whether means hide that for a moment there were clearly more. */
export function hidesPeaks(
  tops: ReadonlyMap<number, number>,
  peaks: readonly { time: number; count: number }[],
): boolean {
  // The columns beside count too: else every steep slope would be a peak.
  const heights = peaks.map(({ time }) => tops.get(time) ?? 0);
  return peaks.some(({ count }, i) => {
    const top = Math.max(...heights.slice(Math.max(0, i - 1), i + 2));
    return count > top * 1.05 + 0.5;
  });
}
