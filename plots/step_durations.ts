import defer * as Plot from "@observablehq/plot";
import type { Markish, Panel } from "./plot_types.ts";
import type { Axis } from "./axes/axis.ts";
import { formatDuration } from "./axes/units.ts";
import type { Chart } from "./chart.ts";
import { type ChartKind, chartOf, type HelperOptions } from "./chart_kind.ts";
import { colorScale, legendOfNames } from "./colors.ts";
import { compactRects } from "./drawing/compact_rects.ts";
import type { LegendEntry } from "./drawing/legend.ts";
import { mergeOptions } from "./drawing/merge.ts";
import { style } from "./drawing/style.ts";
import { shorten, textWidth } from "./drawing/text.ts";
import { durationHistogramMarks } from "./duration_histogram.ts";
import { type DurationScale, durationScale } from "./duration_scale.ts";
import { emptyPanel } from "./empty_panel.ts";
import { lineColorsFor } from "./palette.ts";
import type { Rows } from "./rows/channels.ts";
import type { StepChannels } from "./rows/step_channels.ts";
import { stepsLeft } from "./step_words.ts";
import {
  type StepHistogram,
  stepHistograms,
} from "./transforms/step_histograms.ts";
import {
  type StepTimes,
  stepTimes,
  type StepTimesOptions,
} from "./transforms/step_times.ts";
import type { Statistics } from "./transforms/statistics.ts";
import { counted } from "./words.ts";

/** What {@linkcode stepDurations} takes beside its rows. */
export interface StepDurationsOptions
  extends StepChannels, StepTimesOptions, HelperOptions {
  /**
   * Whether all steps have one axis of durations, so that they compare, or each
   * its own, so that each shows its form. "shared" if not given.
   */
  axes?: "shared" | "own" | undefined;
  /**
   * Whether durations lie by their logarithm. If not given, where the axis is
   * shared: one step takes microseconds, and another minutes.
   */
  log?: boolean | undefined;
  /** About how many bins. 60 if not given. */
  bins?: number | undefined;
}

/**
 * How long each step took, since the step before: a small histogram for each
 * step, below each other in the usual order, with the number of spans, the
 * median and the 95th percentile. With `series`, such as two runs, each has an
 * outline in its own colour.
 *
 * One row for each step of a span: the span, the time in seconds, the step, in
 * the first three columns or in those that are named. Rows of `eventsOf` and of
 * `statesOverTime` are taken as they are.
 *
 * @example
 * ```ts
 * import { stepDurations } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = stepDurations([
 *   { task: 1, time: 10, state: "pending" },
 *   { task: 1, time: 12, state: "running" },
 *   { task: 2, time: 20, state: "pending" },
 *   { task: 2, time: 23, state: "running" },
 * ]);
 * assert.ok(chart.svg.includes("pending → running"));
 * assert.match(chart.caption, /^2 spans, 1 step after another/);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 * @throws {RangeError} if `bins` is not a number of at least 1.
 */
export function stepDurations(
  rows: Rows,
  options: StepDurationsOptions = {},
): Chart {
  return chartOf(stepDurationsKind, rows, options);
}

/** How many panels a facet may have. */
interface SharedSteps {
  mostPanels?: number;
}

const stepDurationsKind: ChartKind<
  StepTimes,
  StepDurationsOptions & SharedSteps
> = {
  height: 0,
  read: (rows, options) =>
    stepTimes(rows as Rows, {
      ...options,
      // The first step has none before it.
      mostSteps: (options.mostSteps ?? 20) + 1,
    }),
  share(data, options) {
    const names = new Set(data.flatMap(({ series }) => series ?? []));
    const mostPanels = Math.max(4, Math.floor(panelsOfChart / data.length));
    if (names.size === 0) return { ...options, mostPanels };
    const colors = lineColorsFor(names);
    return {
      ...options,
      mostPanels,
      color: colorScale(names, options, colors),
    };
  },
  plots: stepPanels,
  title: () => "Time since the step before",
  caption: captionOf,
  legend(data, { color }): LegendEntry[] {
    const names = new Set(data.flatMap(({ series }) => series ?? []));
    if (names.size) return legendOfNames(names, color, "line");
    return [
      { label: "median", color: lineColors.median, shape: "line" },
      { label: "95 %", color: lineColors.percentile95, shape: "line" },
    ];
  },
};

// However many facets there are.
const panelsOfChart = 50;
const lineColors = { median: "#005a9c", percentile95: "#a04000" };
const wordsHeight = 19;
const barsHeight = 34;
const ticksHeight = 22;
const labelHeight = 24;
const marginRight = 20;
const marginLeft = 46;

function stepPanels(
  times: StepTimes,
  options: StepDurationsOptions & SharedSteps & { width: number },
): Panel[][] {
  const { axes = "shared", log = axes === "shared", bins, width } = options;
  const all = stepHistograms(times, { axes, log, bins });
  const steps = all.slice(0, options.mostPanels);
  if (steps.length === 0) return [[emptyPanel(options)]];
  return steps.map((step, i) => {
    const isLast = i === steps.length - 1;
    const scale = durationScale(
      step.domain,
      { log, logRange: step.range },
      undefined,
    );
    const below = (isLast || axes === "own" ? ticksHeight : 6) +
      (isLast ? labelHeight : 0);
    const own = stepPanel(step, scale, {
      ticks: isLast || axes === "own",
      label: isLast,
      width,
      height: wordsHeight + barsHeight + below,
      marginBottom: below,
    });
    const { x: _x, y: _y, height: _height, ...asked } = options;
    return [mergeOptions(own, asked)];
  });
}

function stepPanel(
  step: StepHistogram,
  scale: DurationScale,
  { ticks, label, width, height, marginBottom }: {
    ticks: boolean;
    label: boolean;
    width: number;
    height: number;
    marginBottom: number;
  },
): Panel {
  const { highest, isSeries } = step;
  const axis = scale.axis({
    pixels: width - marginLeft - marginRight,
    label: "time since the step before",
  });
  const most = isSeries
    ? `${Number((highest * 100).toPrecision(2))} %`
    : highest.toLocaleString("en-US");
  return {
    ...{ width, height, marginBottom, marginLeft, marginRight },
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
    tips: () => [],
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
  const { at, strip } = scale;
  const bins = step.bins.map((bin) =>
    bin.x1 === -Infinity && strip
      ? { ...bin, x1: strip[0] * (strip[1] / strip[0]) ** 0.2, x2: strip[1] }
      : bin
  ).filter(({ x1 }) => x1 !== -Infinity);
  if (step.isSeries) return durationHistogramMarks(bins, { show: "shares" });
  const drawn = bins.filter(({ count }) => count > 0);
  const line = (value: number, color: string) =>
    Plot.ruleX([at(value)], { stroke: color, strokeWidth: 1.5, insetTop: -3 });
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
      shorten(step.title, style.textSize * 1.06, room - numbersRoom - 12),
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

function captionOf(
  times: StepTimes,
  options: StepDurationsOptions & SharedSteps,
): string {
  const { axes = "shared", log = axes === "shared", bins } = options;
  const steps = stepHistograms(times, { axes, log, bins });
  if (steps.length === 0) {
    return ["No rows with a step before.", ...stepsLeft(times)].join(" ");
  }
  const negative = times.times.reduce(
    (sum, { sinceBefore }) =>
      sum + sinceBefore.reduce((n, value) => value < 0 ? n + 1 : n, 0),
    0,
  );
  const drawn = Math.min(steps.length, options.mostPanels ?? steps.length);
  const left = times.left + steps.length - drawn;
  return [
    `${counted(times.spans, "span")}, ` +
    `${counted(drawn, "step")} after another; ` +
    (axes === "shared" ? `bins ${steps[0]!.width}.` : "bins of each its own."),
    ...(negative
      ? [`${counted(negative, "duration is", "durations are")} negative.`]
      : []),
    ...stepsLeft({ ...times, left }),
  ].join(" ");
}
