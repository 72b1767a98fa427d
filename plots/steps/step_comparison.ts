// @ts-types="npm:@types/d3-array@3.2.2"
import { max, min } from "d3-array";
import { checkOptions } from "../../display/text/mistakes.ts";
import { durationAxis } from "../axes/duration_axis.ts";
import { linesAxis } from "../axes/name_axes.ts";
import { formatDuration, formatNumber } from "../axes/units.ts";
import type { Chart } from "../chart/chart.ts";
import {
  chartOf,
  type DrawOptions,
  type FacetData,
  helperOptionNames,
  type HelperOptions,
} from "../chart/chart_kind.ts";
import { sentences } from "../chart/captions.ts";
import {
  type ColorScale,
  colorScale,
  legendOfNames,
  lineColorsFor,
  scaledNames,
} from "../chart/colors.ts";
import { frame } from "../chart/frame.ts";
import type { Panel, Tip } from "../chart/plot_types.ts";
import { Plot } from "../drawing/plot.ts";
import { style, textWidth } from "../drawing/style.ts";
import type { Rows } from "../rows/channels.ts";
import { maxLineSeries } from "../rows/series.ts";
import {
  captionOf,
  headingOf,
  type Mean,
  type Means,
  readMeans,
  rounded,
  signedBy,
  type StepComparisonChannels,
} from "./step_means.ts";

/** Options of {@linkcode stepComparison}. */
export interface StepComparisonOptions
  extends StepComparisonChannels, HelperOptions {}

/**
 * Draws how long a task of each run took in each step: a group of bars a step, in
 * the order of the rows, the pale bar of the baseline first, and beside each of
 * the others how much longer or shorter it is. Takes the rows of `compare(db)`, by
 * whatever, or of `compareSpans(db, sets)`; or any rows of a step, a run and a mean
 * in seconds, of which the first run is the baseline.
 *
 * Of groups of repeated runs, a line across the end of a bar reaches one standard
 * deviation over the runs to both sides, and a difference that does not exceed
 * the spread is written in grey.
 *
 * Draws at most 20 runs and 20 steps. Further steps, and those that are too short to
 * be seen, share one.
 *
 * @example
 * ```ts
 * import { stepComparison } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = stepComparison([
 *   { step: "in the queue", run: "000", mean: 1 },
 *   { step: "in a worker", run: "000", mean: 2 },
 *   { step: "in the queue", run: "001", mean: 4 },
 *   { step: "in a worker", run: "001", mean: 2 },
 * ]);
 * assert.equal(
 *   chart.caption,
 *   "Mean time: 6 s in 001, 3 s more than in 000: +3.00 s in the queue.",
 * );
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function stepComparison(
  rows: Rows,
  options: StepComparisonOptions = {},
): Chart {
  checkOptions("stepComparison", options, {
    step: true,
    run: true,
    mean: true,
    baseline: true,
    baselineRun: true,
    spread: true,
    baselineSpread: true,
    exceedsSpread: true,
    ...helperOptionNames,
  });
  return chartOf(rows, options, {
    height: 200,
    ownsRuns: () => true,
    read: (rows) => readMeans(rows, options),
    derive(all) {
      const runs = [...new Set(all.flatMap(({ runs }) => runs))];
      const baselines = new Set(all.flatMap(({ runs }) => runs.slice(0, 1)));
      const others = runs.filter((run) => !baselines.has(run));
      const own = others.length > maxLineSeries
        ? new Map(others.map((run) => [run, style.accent]))
        : lineColorsFor(others);
      const color = colorScale(
        runs,
        options,
        new Map([...own, ...[...baselines].map((run) => [run, pale] as const)]),
      );
      const values = all.flatMap(({ means }) => means.flat())
        .filter((one) => one !== undefined);
      const range: [number, number] = [
        Math.min(0, min(values, ({ mean }) => mean) ?? 0),
        max(values, ({ mean, spread = 0 }) => mean + spread) || 1,
      ];
      const legend = [
        { label: `${[...baselines].join(", ")} (baseline)`, color: pale },
        ...others.length > maxLineSeries
          ? [{
            label: `${others.length} others, in the order of the rows`,
            color: style.accent,
          }]
          : legendOfNames(others, color),
      ];
      return {
        title: "In which steps do the runs differ?",
        color,
        legend: runs.length ? legend : [],
        facets: all.map((means): FacetData => ({
          caption: sentences(
            headingOf(rows, options) ?? captionOf(means),
            hasLabels(means) && means.means.flat().some((one) =>
              one?.isWithin
            ) &&
              "Differences in grey are within the spread of repeated runs.",
          ),
          height: 68 + Math.max(1, means.steps.length) * stepHeight(means),
          extent: { x: range },
          draw: (sized) => drawMeans(means, { ...sized, color, range }),
        })),
      };
    },
  });
}

const gap = 8;
const minLabelHeight = 12;
/** Of the bars of the baseline: 1.9 to 1 against the background. */
const pale = "#b3bcc6";

const laneHeight = ({ runs }: Means): number =>
  Math.max(4, Math.min(13, 80 / Math.max(1, runs.length)));

/** Whether there is room for a number beside each bar. */
const hasLabels = (means: Means): boolean =>
  laneHeight(means) >= minLabelHeight;

const stepHeight = (means: Means): number =>
  means.runs.length * laneHeight(means) + gap;

/** A bar, in the units of the scales. */
interface Bar extends Mean {
  step: number;
  run: string;
  /** Mean of the baseline; undefined for its own bar. */
  baseline: number | undefined;
  y1: number;
  y2: number;
}

function drawMeans(
  means: Means,
  { color, range, ...options }: DrawOptions & {
    color: ColorScale;
    range: [number, number];
  },
): Panel {
  const { steps, runs } = means;
  const bars = barsOf(means);
  const labelOf = signedBy(means);
  const labels = hasLabels(means)
    ? bars.filter((bar) => labelOf(differenceOf(bar)) !== "")
    : [];
  const textOf = (bar: Bar) => labelOf(differenceOf(bar));
  const widest = max(labels, (bar) => textWidth(textOf(bar), style.textSize));
  return frame({
    marginRight: Math.ceil(widest ?? 0) + 16,
    ...options,
    color,
    y: undefined,
  }, {
    x: (asked, pixels) =>
      durationAxis(asked ?? range, {
        pixels,
        label: (means.noun ? `mean per ${means.noun}` : "mean") +
          (bars.some(({ spread }) => spread !== undefined)
            ? ", ± standard deviation over runs"
            : ""),
      }),
    y: (_, pixels) =>
      linesAxis(steps.map((name, row) => ({ name, row, lanes: 1 })), {
        rows: steps.length,
        pixels,
        label: "step",
        maxWidth: options.width * 0.45,
      }),
    grid: false,
    zero: "x",
    draw: ({ clip }) => ({
      marks: [
        Plot.rect(bars, {
          x1: 0,
          x2: "mean",
          y1: "y1",
          y2: "y2",
          fill: scaledNames("run"),
          clip,
        }),
        Plot.link(runs.length > 2 ? steps : [], {
          x1: (_, step) => means.means[step]![0]?.mean ?? 0,
          x2: (_, step) => means.means[step]![0]?.mean ?? 0,
          y1: (_, step) => step + gap / 2 / stepHeight(means),
          y2: (_, step) => step + 1 - gap / 2 / stepHeight(means),
          stroke: style.ink,
          clip,
        }),
        Plot.link(bars.filter(({ spread }) => spread), {
          x1: ({ mean, spread }: Bar) => Math.max(0, mean - spread!),
          x2: ({ mean, spread }: Bar) => mean + spread!,
          y: ({ y1, y2 }: Bar) => (y1 + y2) / 2,
          stroke: style.ink,
          strokeWidth: hasLabels(means) ? 1.5 : 0.75,
          clip,
        }),
        Plot.text(labels, {
          // Not across the line of the baseline.
          x: ({ mean, spread = 0, baseline = 0 }: Bar) =>
            Math.max(0, mean + spread, runs.length > 2 ? baseline : 0),
          y: ({ y1, y2 }: Bar) => (y1 + y2) / 2,
          text: textOf,
          fill: ({ isWithin }: Bar) => isWithin ? style.mutedInk : style.ink,
          textAnchor: "start",
          dx: 4,
          clip,
        }),
      ],
    }),
    tips: () => bars.map((bar) => tipOf(bar, means)),
    empty: runs.length ? undefined : "No rows",
  });
}

function barsOf(all: Means): Bar[] {
  const { runs, means } = all;
  const height = stepHeight(all);
  const lane = laneHeight(all) / height;
  return means.flatMap((own, step) =>
    own.flatMap((one, r) => {
      if (one === undefined) return [];
      const y1 = step + gap / 2 / height + r * lane;
      // A pixel of background between the bars of a step.
      const y2 = y1 + lane - Math.min(1, laneHeight(all) / 8) / height;
      return [{
        step,
        run: runs[r]!,
        ...one,
        baseline: r === 0 ? undefined : own[0]?.mean ?? 0,
        y1,
        y2,
      }];
    })
  );
}

const differenceOf = ({ mean, baseline }: Bar): number | undefined =>
  baseline === undefined ? undefined : mean - baseline;

function tipOf(bar: Bar, all: Means): Tip {
  const { steps, runs, noun } = all;
  const { step, run, mean, spread, baseline, isWithin, y1, y2 } = bar;
  const difference = differenceOf(bar);
  const text = [
    steps[step]!,
    `${run}: ${formatDuration(mean)}` + (noun ? ` per ${noun}` : "") +
    (spread === undefined
      ? ""
      : `, standard deviation ${formatDuration(rounded(spread))}`),
    difference !== undefined &&
    `${formatDuration(Math.abs(rounded(difference)))} ${
        difference < 0 ? "less" : "more"
      } than ${runs[0]}` +
      (baseline! > 0
        ? `, ${formatNumber(rounded(mean / baseline!))} times as long`
        : "") +
      (isWithin ? ", within the spread of repeated runs" : ""),
  ].filter(Boolean).join("\n");
  return { x: 0, x2: mean, y: (y1 + y2) / 2, text };
}
