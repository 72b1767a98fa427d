import { scaledNames } from "./colors.ts";
import defer * as Plot from "@observablehq/plot";
import { formatMean } from "../axes/units.ts";
import {
  layOut,
  type Peak,
  type SeriesLayout,
  type SeriesStep,
  type SeriesSteps,
  type StackedStep,
  type Stacking,
} from "../counts/series_steps.ts";
import { compactStepLines } from "../drawing/compact.ts";
import { compactSteps } from "../drawing/compact_areas.ts";
import { style } from "../drawing/style.ts";
import type { Markish, Tip } from "./plot_types.ts";

/**
 * Series over time as marks for `Plot.plot`, stacked as `stack` says. Takes the
 * result of {@linkcode stateCounts}, {@linkcode runningCounts} or
 * {@linkcode eventRates}; the series are on the color scale. With `clip`, marks
 * end at the frame.
 *
 * @example
 * ```ts
 * import { plot, runningCounts, seriesMarks } from "dnpc/plots";
 * import * as Plot from "@observablehq/plot";
 * import assert from "node:assert/strict";
 *
 * const counts = runningCounts([[0, 2], [1, 5]]);
 * const chart = plot({
 *   y: { label: "spans running" },
 *   marks: [...seriesMarks(counts), Plot.ruleX([3])],
 * });
 * assert.ok(chart.svg.includes("spans running"));
 * ```
 */
export function seriesMarks(
  data: SeriesSteps,
  { stack = data.isAligned ? "lines" : "counts", clip = false }: {
    stack?: Stacking;
    clip?: boolean;
  } = {},
): Markish[] {
  return seriesLayoutMarks(layOut(data, stack), clip);
}

/** Opacity of the maxima behind means. */
export const seeThrough = 0.35;

/** A layout of series as marks. */
export function seriesLayoutMarks(
  { areas, maxima, peaks, lines }: SeriesLayout,
  clip: boolean,
): Markish[] {
  const bands = lines.filter(({ minimum, maximum }) => maximum > minimum)
    .map((step) => ({ ...step, y1: step.minimum, y2: step.maximum }));
  return [
    ...areaMarks(maxima, { clip, opacity: seeThrough }),
    ...areaMarks(areas, { clip }),
    ...areaMarks(bands, { clip, opacity: 0.3 }),
    ...lineMarks(lines, 1.5, scaledNames("series"), clip),
    ...lineMarks(
      peaks,
      0.75,
      { value: () => style.mutedInk, scale: null } as never,
      clip,
    ),
  ];
}

/** Areas with true steps; series are colours. */
export function areaMarks(
  steps: readonly StackedStep[],
  { clip = false, opacity = 1 }: { clip?: boolean; opacity?: number } = {},
): Markish[] {
  if (steps.length === 0) return [];
  return [
    Plot.rect(steps, {
      x1: "time",
      x2: "until",
      y1: "y1",
      y2: "y2",
      fill: scaledNames("series"),
      fillOpacity: opacity,
      clip,
      render: compactSteps,
    }),
  ];
}

/** Lines with true steps. */
function lineMarks(
  steps: readonly (SeriesStep | Peak)[],
  width: number,
  stroke: ReturnType<typeof scaledNames>,
  clip: boolean,
): Markish[] {
  if (steps.length === 0) return [];
  return [
    Plot.ruleY(steps, {
      x1: "time",
      x2: "until",
      y: "value",
      stroke,
      clip,
      render: compactStepLines(width),
    }),
  ];
}

/** Tips with the values of all series, at each time at which one changes. */
export function stepTips(
  steps: readonly SeriesStep[],
  head: (time: number, until: number) => string,
): Tip[] {
  const columns = Map.groupBy(steps, ({ time }) => time);
  return [...columns].toSorted(([a], [b]) => a - b).map(([time, steps]) => {
    const until = Math.min(...steps.map(({ until }) => until));
    const shown = steps.toReversed().slice(0, maxLines).map((step) => {
      const { series, value, minimum, maximum } = step;
      const range = maximum > minimum
        ? ` (${formatMean(minimum)} to ${formatMean(maximum)})`
        : "";
      return `${series ? `${series}: ` : ""}${formatMean(value)}${range}`;
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

const maxLines = 21;
