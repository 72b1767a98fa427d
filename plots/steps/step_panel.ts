import defer * as Plot from "@observablehq/plot";
import type { Markish, Panel, Tip } from "../chart/plot_types.ts";
import type { Axis } from "../axes/axis.ts";
import { formatDuration } from "../axes/units.ts";
import { compactRects } from "../drawing/compact_areas.ts";
import { style } from "../drawing/style.ts";
import { cutText, textWidth } from "../drawing/text.ts";
import { durationHistogramMarks } from "../durations/duration_histogram.ts";
import type { DurationScale } from "../durations/duration_scale.ts";
import type { StepHistogram } from "./step_histograms.ts";
import type { Statistics } from "../durations/statistics.ts";
import { counted } from "../chart/words.ts";

/** Of the lines at two numbers of a step. */
export const lineColors = { median: "#005a9c", percentile95: "#a04000" };

// In pixels, from the top to the bottom.
const wordsHeight = 19;
const barsHeight = 34;
const ticksHeight = 22;
const labelHeight = 24;

const marginRight = 20;
const marginLeft = 46;

/** The histogram of one step: its words above, its ticks and label below. */
export function stepPanel(
  step: StepHistogram,
  scale: DurationScale,
  { ticks, label, width }: { ticks: boolean; label: boolean; width: number },
): Panel {
  const marginBottom = (ticks ? ticksHeight : 6) + (label ? labelHeight : 0);
  const { highest, isSeries } = step;
  const axis = scale.axis({
    pixels: width - marginLeft - marginRight,
    label: "time since the step before",
  });
  const most = isSeries
    ? `${Number((highest * 100).toPrecision(2))} %`
    : highest.toLocaleString("en-US");
  return {
    ...{ width, marginBottom, marginLeft, marginRight },
    height: wordsHeight + barsHeight + marginBottom,
    marginTop: wordsHeight,
    x: ticks
      ? {
        ...withUnit(axis),
        label: label ? axis.label.replace(unitAtEnd, "") : null,
      }
      : { ...axis, axis: null },
    y: { domain: [0, highest], axis: null },
    marks: [
      Plot.gridX(axis.ticks, { stroke: style.grid, strokeOpacity: 0.6 }),
      ...barMarks(step, scale),
      Plot.ruleY([0]),
      Plot.text([most], {
        frameAnchor: "top-left",
        textAnchor: "end",
        lineAnchor: "top",
        dx: -5,
        fill: style.mutedInk,
      }),
      ...wordMarks(step, width - marginLeft - marginRight),
    ],
    tips: () => tipsOf(step, scale),
  };
}

const unitAtEnd = / \((?!log)[^()]+\)$/;

/** The unit stands at the last tick: each step may have another. */
function withUnit(axis: Axis): Axis {
  const unit = unitAtEnd.exec(axis.label)?.[0].replace(/[()]/g, "") ?? "";
  const last = axis.ticks.at(-1);
  return {
    ...axis,
    tickFormat: (value) =>
      axis.tickFormat(value) + (value === last ? unit : ""),
  };
}

function barMarks(step: StepHistogram, scale: DurationScale): Markish[] {
  const { at } = scale;
  const bins = inStrip(step, scale);
  if (step.isSeries) return durationHistogramMarks(bins, { show: "shares" });
  const drawn = bins.filter(({ count }) => count > 0);
  const line = (value: number, color: string) =>
    Plot.ruleX([at(value)], { stroke: color, strokeWidth: 1.5 });
  const { median, percentile95 } = step.parts[0]!;
  return [
    Plot.rect(drawn, {
      x1: "x1",
      x2: "x2",
      y1: 0,
      y2: "count",
      fill: { value: drawn.map(() => "#8cb8dc"), scale: null },
      render: compactRects,
    }),
    line(percentile95, lineColors.percentile95),
    line(median, lineColors.median),
  ];
}

/** The bins, of which that of what is not above zero has a place too. */
function inStrip({ bins }: StepHistogram, { strip }: DurationScale) {
  return bins.map((bin) =>
    bin.x1 === -Infinity && strip
      ? { ...bin, x1: strip[0] * (strip[1] / strip[0]) ** 0.2, x2: strip[1] }
      : bin
  ).filter(({ x1 }) => x1 !== -Infinity);
}

/** What is said of each bin that has spans: how many, of each series. */
function tipsOf(step: StepHistogram, scale: DurationScale): Tip[] {
  const drawn = inStrip(step, scale).filter(({ count }) => count > 0);
  return [...Map.groupBy(drawn, ({ x1 }) => x1).values()].map((bins) => {
    const { x1, x2 } = bins[0]!;
    return {
      x: x1,
      x2,
      text: [
        step.title,
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

/** What the step is, and on the right its numbers, as far as there is room. */
function wordMarks(step: StepHistogram, room: number): Markish[] {
  const parts = step.parts.slice(0, mostNumbers);
  const each = (text: (part: Statistics) => string) =>
    parts.map((part) => part.count ? text(part) : "none").join(" / ");
  const numbers = `${each(({ count }) => count.toLocaleString("en-US"))} ` +
    `${parts.length === 1 && parts[0]!.count === 1 ? "span" : "spans"}, ` +
    `median ${each(({ median }) => formatDuration(median))}, ` +
    `95 % ${each(({ percentile95 }) => formatDuration(percentile95))}`;
  const numbersRoom = textWidth(numbers, style.textSize);
  const at = { lineAnchor: "bottom", dy: -5 } as const;
  return [
    Plot.text([
      cutText(step.title, style.textSize * 1.15, room - numbersRoom - 12),
    ], { ...at, frameAnchor: "top-left", fontWeight: 600 }),
    Plot.text([numbers], {
      ...at,
      frameAnchor: "top-right",
      fill: style.mutedInk,
    }),
  ];
}

// As many as fit beside the name of the step.
const mostNumbers = 2;
