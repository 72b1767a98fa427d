// Over 300 lines: one chart, from its rows to its marks and caption.

// @ts-types="npm:@types/d3-array@3.2.2"
import { extent, max, sum } from "d3-array";
import { checkOptions } from "../../display/text/mistakes.ts";
import type { Axis } from "../axes/axis.ts";
import { formatDuration } from "../axes/units.ts";
import type { Chart } from "../chart/chart.ts";
import {
  chartOf,
  helperOptionNames,
  type HelperOptions,
} from "../chart/chart_kind.ts";
import { withSeriesOfRuns } from "../chart/facets.ts";
import { legendOfNames, seriesScale } from "../chart/colors.ts";
import { emptyPanel } from "../chart/frame.ts";
import type { Markish, Panel } from "../chart/plot_types.ts";
import { count, counted, notes, plural, sentences } from "../chart/captions.ts";
import { compactRects } from "../drawing/compact.ts";
import { mergeOptions } from "../drawing/merge.ts";
import { Plot } from "../drawing/plot.ts";
import { cutText, style, textWidth } from "../drawing/style.ts";
import {
  binTips,
  countBins,
  durationHistogramMarks,
  edgesOf,
  inStrip,
} from "../durations/duration_histogram.ts";
import { statisticColors } from "../durations/statistic_lines.ts";
import {
  durationScale,
  logGridWithin,
  logRangeIfNeeded,
} from "../durations/duration_scale.ts";
import {
  type Statistics,
  statisticsOf,
  typicalDurations,
} from "../durations/statistics.ts";
import { fittingBins } from "../rows/fitting_bins.ts";
import { extentOf, roundGrid, withRest } from "../rows/grid.ts";
import type { Rows } from "../rows/channels.ts";
import type { StepChannels } from "../rows/step_rows.ts";
import {
  stepsLeft,
  type StepTime,
  type StepTimes,
  stepTimes,
  stepTimesNames,
  type StepTimesOptions,
} from "./step_times.ts";

/** Options of {@linkcode stepDurations}. */
export interface StepDurationsOptions
  extends StepChannels, StepTimesOptions, HelperOptions {
  /**
   * Whether all steps share one axis of durations, for comparison, or each has
   * its own, to show its shape. "shared" by default.
   */
  axes?: "shared" | "own" | undefined;
  /**
   * Whether the axis is logarithmic. By default if the steps, or the spans of one
   * step, differ so much that a linear axis would press them together.
   */
  log?: boolean | undefined;
  /**
   * Approximate number of bins. By default as many as suit the number of spans.
   */
  bins?: number | undefined;
}

/**
 * Draws the time of each step since the previous one: a small histogram per
 * step, in their usual order, with the number of spans, the median and the 95th
 * percentile. Each series, such as a run, is an outline in its own colour.
 *
 * Takes one row per span and step with the span, the time in seconds and the
 * step, in the first three columns or in named ones. Rows of `eventsOf` and of
 * `statesOverTime` fit as they are.
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
 * assert.equal(chart.caption, "2 spans in 1 step.");
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 * @throws {RangeError} if `bins` is not a number from 1 to 1,000.
 */
export function stepDurations(
  given: Rows,
  asked: StepDurationsOptions = {},
): Chart {
  checkOptions("stepDurations", asked, {
    ...stepTimesNames,
    axes: true,
    log: true,
    bins: true,
    ...helperOptionNames,
  });
  const { rows, options } = withSeriesOfRuns(given, asked);
  const { span, time, step, series } = options;
  const { axes = "shared", log, bins } = options;
  if (bins !== undefined && !(bins >= 1 && bins <= 1000)) {
    throw new RangeError(`bins must be from 1 to 1,000, not ${bins}`);
  }
  const hasOwnAxes = axes === "own";
  return chartOf(rows, options, {
    height: 0,
    read: (rows) =>
      stepTimes(rows, {
        span,
        time,
        step,
        series,
        // Plus one: the first step has no predecessor.
        maxSteps: (options.maxSteps ?? 20) + 1,
      }),
    derive(all, width) {
      const color = seriesScale(all, options);
      const maxSteps = Math.max(4, Math.floor(maxPanels / all.length));
      const axis = (times: readonly StepTime[]) =>
        axisOf(times, { bins, log, width });
      const shared = hasOwnAxes
        ? undefined
        : axis(all.flatMap(({ times }) => times));
      return {
        title: `How long did ${plural(all[0]!.noun)} take for each step?`,
        color,
        legend: color ? legendOfNames(color.domain, color, "line") : [
          { label: "median", color: statisticColors.median, shape: "line" },
          {
            label: "95% within",
            color: statisticColors.percentile95,
            shape: "line",
          },
        ],
        facets: all.map((times) => {
          const byStep = Map.groupBy(times.times, ({ step }) => step);
          const parts = times.steps.map((step) => byStep.get(step)!)
            .filter((own) => own.some(({ sinceBefore }) => sinceBefore.length));
          const steps = parts.slice(0, maxSteps)
            .map((own) => ({
              ...histogramOf(own, shared ?? axis(own)),
              noun: times.noun,
            }));
          const left = times.left + parts.length - steps.length;
          return {
            caption: captionOf(
              { ...times, left },
              steps.length,
              hasOwnAxes,
            ),
            draw({ x: _x, y: _y, height: _height, ...others }) {
              const panels = steps.map((step, i) => {
                const isLast = i === steps.length - 1;
                const hasTicks = isLast || hasOwnAxes;
                const own = stepPanel(step, others.width, hasTicks, isLast);
                return [mergeOptions(own, others)];
              });
              return panels.length ? panels : [[emptyPanel(others)]];
            },
          };
        }),
      };
    },
  });
}

// However many facets there are.
const maxPanels = 50;

/** The bins of times, and their range if the axis is logarithmic. */
function axisOf(
  times: readonly StepTime[],
  { bins, log, width }: {
    bins: number | undefined;
    log: boolean | undefined;
    width: number;
  },
) {
  const all = times.map(({ sinceBefore }) => sinceBefore);
  const range = logRangeIfNeeded(all, log, {
    typical: all.map((values) => typicalDurations(statisticsOf(values))),
  });
  const count = bins ??
    fittingBins(max(all, ({ length }) => length) ?? 0, width);
  if (range) return { range, grid: withRest(logGridWithin(range, count)) };
  const [low = 0, high = 0] = extent(
    all.filter(({ length }) => length).flatMap(extentOf),
  );
  // Durations are read against zero, unless all are far from it.
  const from = low > 0 && low < high / 2 ? 0 : low;
  return { grid: roundGrid([from, high], count) };
}

/** The histogram of one step's times since the previous step. */
type StepHistogram = ReturnType<typeof histogramOf> & { noun: string };

function histogramOf(
  parts: readonly StepTime[],
  { range, grid }: ReturnType<typeof axisOf>,
) {
  const bins = countBins(
    parts.map(({ series, sinceBefore }) => ({
      name: series,
      duration: sinceBefore,
    })),
    grid,
  );
  return {
    /** "launched → running". */
    title: titleOf(parts),
    bins,
    /** Height of the highest bar: a count, or a share if there are series. */
    highest: max(bins, ({ count, share }) => share ?? count) ?? 0,
    isSeries: parts[0]?.series !== undefined,
    scale: durationScale(edgesOf(bins), range, undefined),
    /** Statistics of each series. */
    parts: parts.map(({ sinceBefore }) => statisticsOf(sinceBefore)),
  };
}

function titleOf(parts: readonly StepTime[]): string {
  const [most] = parts.toSorted((a, b) =>
    b.sinceBefore.length - a.sinceBefore.length
  );
  const hasOthers = parts.some(({ others }) => others);
  return `${most!.before}${hasOthers ? " or another" : ""} → ${most!.step}`;
}

function captionOf(
  times: StepTimes,
  steps: number,
  hasOwnAxes: boolean,
): string {
  const negative = sum(
    times.times,
    ({ sinceBefore }) => sinceBefore.filter((value) => value < 0).length,
  );
  return sentences(
    steps === 0
      ? "No rows with a previous step."
      : `${counted(times.spans, times.noun)} in ${counted(steps, "step")}.`,
    hasOwnAxes && steps > 1 && "Each step has its own axis.",
    notes([negative, "duration", "is negative"]),
    stepsLeft(times),
  );
}

// In pixels, from the top to the bottom.
const titleHeight = 19;
const barsHeight = 34;
const ticksHeight = 22;
const labelHeight = 24;
// In a narrower chart, the numbers are below the title.
const minWidthOfOneLine = 480;

const marginLeft = 46;
const marginRight = 20;

/** The histogram of one step: its title above, its ticks and label below. */
function stepPanel(
  step: StepHistogram,
  width: number,
  hasTicks: boolean,
  hasLabel: boolean,
): Panel {
  const marginBottom = (hasTicks ? ticksHeight : 6) +
    (hasLabel ? labelHeight : 0);
  const isNarrow = width < minWidthOfOneLine;
  const marginTop = isNarrow ? 2 * titleHeight - 5 : titleHeight;
  const { highest, isSeries, scale } = step;
  const room = width - marginLeft - marginRight;
  const axis = scale.axis({
    pixels: room,
    label: "time since the previous step",
  });
  const most = isSeries
    ? `${Number((highest * 100).toPrecision(2))}%`
    : count(highest);
  return {
    width,
    height: marginTop + barsHeight + marginBottom,
    marginTop,
    marginBottom,
    marginLeft,
    marginRight,
    x: hasTicks
      ? {
        ...withUnit(axis),
        label: hasLabel ? axis.label.replace(unitAtEnd, "") : null,
      }
      : { ...axis, axis: null },
    y: { domain: [0, highest], axis: null },
    marks: [
      Plot.gridX(axis.ticks, { stroke: style.grid, strokeOpacity: 0.6 }),
      ...histogramMarks(step),
      Plot.ruleY([0]),
      Plot.text([most], {
        frameAnchor: "top-left",
        textAnchor: "end",
        lineAnchor: "top",
        dx: -5,
        fill: style.mutedInk,
      }),
      ...titleMarks(step, room, isNarrow),
    ],
    tips: () => binTips(step.bins, step.noun, scale, step.title),
  };
}

const unitAtEnd = / \((?!log)[^()]+\)$/;

/** The unit is at the last tick, because each step may have a different one. */
function withUnit(axis: Axis): Axis {
  const unit = unitAtEnd.exec(axis.label)?.[0].replace(/[()]/g, "") ?? "";
  const last = axis.ticks.at(-1);
  return {
    ...axis,
    tickFormat: (value) =>
      axis.tickFormat(value) + (value === last ? unit : ""),
  };
}

function histogramMarks(step: StepHistogram): Markish[] {
  const { at } = step.scale;
  const bins = inStrip(step.bins, step.scale);
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
      fill: { value: drawn.map(() => style.paleAccent), scale: null },
      render: compactRects,
    }),
    line(percentile95, statisticColors.percentile95),
    line(median, statisticColors.median),
  ];
}

// As many series as fit beside the title.
const maxParts = 2;

/** The title, and as many numbers as fit at its right or below it. */
function titleMarks(
  step: StepHistogram,
  room: number,
  isNarrow: boolean,
): Markish[] {
  const parts = step.parts.slice(0, maxParts);
  const each = (text: (part: Statistics) => string) =>
    parts.map((part) => part.count ? text(part) : "none").join(" / ");
  const isOne = parts.length === 1 && parts[0]!.count === 1;
  const all = [
    `${each((part) => count(part.count))} ${
      isOne ? step.noun : plural(step.noun)
    }`,
    `median ${each(({ median }) => formatDuration(median))}`,
    `95% within ${each(({ percentile95 }) => formatDuration(percentile95))}`,
  ];
  // As many as fit; in a wide plot, beside the title.
  const titleWidth = textWidth(step.title, style.textSize * 1.15);
  const numbersRoom = isNarrow
    ? room
    : Math.max(room * 0.4, room - titleWidth - 12);
  const numbers = [3, 2, 1].map((n) => all.slice(0, n).join(", "))
    .find((text) => textWidth(text, style.textSize) <= numbersRoom) ?? "";
  const titleRoom = isNarrow
    ? room
    : room - textWidth(numbers, style.textSize) - 12;
  return [
    Plot.text([cutText(step.title, style.textSize * 1.15, titleRoom)], {
      frameAnchor: "top-left",
      lineAnchor: "bottom",
      dy: isNarrow ? -titleHeight : -5,
      fontWeight: 600,
    }),
    Plot.text([numbers], {
      frameAnchor: isNarrow ? "top-left" : "top-right",
      lineAnchor: "bottom",
      dy: -5,
      fill: style.mutedInk,
    }),
  ];
}
