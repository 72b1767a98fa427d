import defer * as Plot from "@observablehq/plot";
import type { Markish } from "../chart/plot_types.ts";
import { formatDuration } from "../axes/units.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { style } from "../drawing/style.ts";
import type { TypicalStep } from "./typical_steps.ts";

/** How high the range of one series is, in pixels. */
export const rangeHeight = 13;

const inks = {
  extremes: "#6e7781",
  wide: "#a9cbe6",
  narrow: "#4f97cb",
  median: "#0b2d4d",
};

/** What the parts of a range are. */
export const rangeLegend: LegendEntry[] = [
  { label: "median", color: inks.median, shape: "line" },
  { label: "25 to 75 %", color: inks.narrow },
  { label: "5 to 95 %", color: inks.wide },
  { label: "soonest to latest", color: inks.extremes, shape: "line" },
];

/**
 * The ranges of steps as marks for `Plot.plot`, times in seconds and the steps
 * on a band scale; series are on the color scale. Takes what
 * {@linkcode typicalSteps} gives.
 *
 * @example
 * ```ts
 * import { plot, typicalSequenceMarks, typicalSteps } from "dnpc/plots";
 * import * as Plot from "@observablehq/plot";
 * import assert from "node:assert/strict";
 *
 * const steps = typicalSteps([[1, 0, "sent"], [1, 2, "done"]]);
 * const chart = plot({
 *   y: { label: "step" },
 *   marks: [...typicalSequenceMarks(steps), Plot.ruleX([1])],
 * });
 * assert.ok(chart.svg.includes("step"));
 * ```
 */
export function typicalSequenceMarks(rows: readonly TypicalStep[]): Markish[] {
  const series = [...new Set(rows.flatMap(({ series }) => series ?? []))];
  return rangesOf(rows, series.length ? series : undefined, (x) => x, false);
}

/** The same, at places on the axis, those of series one below the other. */
export function rangesOf(
  rows: readonly TypicalStep[],
  series: readonly string[] | undefined,
  at: (seconds: number) => number,
  clip: boolean,
): Markish[] {
  return (series ?? [undefined]).flatMap((name, i) => {
    const own = rows.filter((row) => row.series === name);
    const dy = offsetOf(i, series);
    const color = (ink: string) => series ? "series" : ink;
    const range = (
      from: keyof TypicalStep,
      to: keyof TypicalStep,
      ink: string,
      strokeWidth: number,
      strokeOpacity: number,
    ) =>
      Plot.ruleY(own, {
        y: "step",
        x1: (row: TypicalStep) => at(row[from] as number),
        x2: (row: TypicalStep) => at(row[to] as number),
        stroke: color(ink),
        strokeOpacity: series ? strokeOpacity : 1,
        ...{ strokeWidth, dy, clip },
      });
    const thick = series ? 8 : 12;
    return [
      range("minimum", "maximum", inks.extremes, 1, 1),
      range("percentile5", "percentile95", inks.wide, thick * 0.5, 0.45),
      range("percentile25", "percentile75", inks.narrow, thick, 0.75),
      Plot.dot(own, {
        y: "step",
        x: (row: TypicalStep) => at(row.median),
        symbol: tick(thick),
        fill: inks.median,
        ...{ dy, clip },
      }),
    ];
  });
}

/** An upright tick as a symbol: a rule would be as high as its band. */
const tick = (thick: number) => ({
  draw(context: { rect(x: number, y: number, w: number, h: number): void }) {
    const height = thick + 4;
    context.rect(-1, -height / 2, 2, height);
  },
});

/** How far below the middle of a band a series lies. */
const offsetOf = (i: number, series: readonly string[] | undefined) =>
  series ? (i - (series.length - 1) / 2) * rangeHeight : 0;

/** To the right: the time since the step before, and how many spans there are. */
export function gapColumns(
  rows: readonly TypicalStep[],
  series: readonly string[] | undefined,
): Markish[] {
  const text = (
    values: (row: TypicalStep) => string,
    head: string,
    dx: number,
  ) => [
    Plot.text([head], {
      frameAnchor: "top-right",
      textAnchor: "end",
      lineAnchor: "bottom",
      dx,
      dy: -6,
      fill: style.mutedInk,
    }),
    ...(series ?? [undefined]).map((name, i) =>
      Plot.text(rows.filter((row) => row.series === name), {
        y: "step",
        frameAnchor: "right",
        textAnchor: "end",
        text: values,
        dx,
        dy: offsetOf(i, series),
      })
    ),
  ];
  return [
    ...text(
      ({ gap }) =>
        Number.isNaN(gap) ? "" : (gap < 0 ? "" : "+") + formatDuration(gap),
      "median gap",
      76,
    ),
    ...text(({ spans }) => spans.toLocaleString("en-US"), "spans", 134),
  ];
}
