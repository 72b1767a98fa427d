import type { Panel } from "../chart/plot_types.ts";
import type { Chart } from "../chart/chart.ts";
import { chartOf, type HelperOptions } from "../chart/chart_kind.ts";
import type { OldChartKind } from "../chart/chart_kind.ts";
import { colorScale, legendOfNames } from "../chart/colors.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { mergeOptions } from "../drawing/merge.ts";
import { durationScale } from "../durations/duration_scale.ts";
import { emptyPanel } from "../chart/empty_panel.ts";
import { lineColorsFor } from "../chart/palette.ts";
import type { Rows } from "../rows/channels.ts";
import type { StepChannels } from "../rows/step_channels.ts";
import { stepsLeft } from "./step_words.ts";
import { stepHistograms } from "./step_histograms.ts";
import {
  type StepTime,
  type StepTimes,
  stepTimes,
  type StepTimesOptions,
} from "./step_times.ts";
import { counted } from "../chart/words.ts";
import { lineColors, stepPanel } from "./step_panel.ts";

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

/** What facets share: how many panels there may be, and the axis. */
interface SharedSteps {
  mostPanels?: number;
  /** The steps of all facets, which have one axis. */
  among?: readonly StepTime[];
}

const stepDurationsKind: OldChartKind<
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
    const mostPanels = Math.max(4, Math.floor(panelsOfChart * options.part));
    const among = data.flatMap(({ times }) => times);
    if (names.size === 0) return { ...options, mostPanels, among };
    const colors = lineColorsFor(names);
    return {
      ...options,
      mostPanels,
      among,
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

function stepPanels(
  times: StepTimes,
  options: StepDurationsOptions & SharedSteps & { width: number },
): Panel[][] {
  const { axes = "shared", log = axes === "shared", bins, width } = options;
  const all = stepHistograms(times, { axes, log, bins, among: options.among });
  const steps = all.slice(0, options.mostPanels);
  if (steps.length === 0) return [[emptyPanel(options)]];
  return steps.map((step, i) => {
    const isLast = i === steps.length - 1;
    const scale = durationScale(
      step.domain,
      { log, logRange: step.range },
      undefined,
    );
    const own = stepPanel(step, scale, {
      ticks: isLast || axes === "own",
      label: isLast,
      width,
    });
    const { x: _x, y: _y, height: _height, ...asked } = options;
    return [mergeOptions(own, asked)];
  });
}

function captionOf(
  times: StepTimes,
  options: StepDurationsOptions & SharedSteps,
): string {
  const { axes = "shared", log = axes === "shared", bins } = options;
  const steps = stepHistograms(times, {
    axes,
    log,
    bins,
    among: options.among,
  });
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
