import { timeAxis } from "../axes/time_axis.ts";
import { timeWords } from "../axes/time_words.ts";
import type { HelperOptions } from "./chart_kind.ts";
import { colorScale, legendOfNames } from "./colors.ts";
import { noRows } from "../drawing/empty_mark.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import {
  hidesPeaks,
  peakLineMarks,
  stackedStepMarks,
  stepLineMarks,
  stepTips,
} from "../counts/step_marks.ts";
import { style } from "../drawing/style.ts";
import { frame, type MakeAxis } from "./frame.ts";
import { colorsFor, lineColorsFor } from "./palette.ts";
import type { Markish, Panel } from "./plot_types.ts";
import {
  filledSteps,
  stackValues,
  type StepValue,
} from "../counts/stacking.ts";

/** How values of several series lie over time. */
export interface SeriesSteps {
  /** The first and the last time, in seconds. */
  domain: [number, number];
  /** Whether they lie one on the other, or are lines. */
  isStacked: boolean;
  /** The most of all together in each column, where there are columns. */
  peaks: readonly { time: number; until: number; count: number }[];
  /** How long a column is, in seconds, if values are means over columns. */
  columnSeconds?: number | undefined;
  /** Whether the time of each series is counted from its own start. */
  isAligned: boolean;
}

/** Values of series as true steps: areas one on the other, or lines. */
export function seriesMarks(
  steps: readonly StepValue[],
  { domain, isStacked, peaks }: SeriesSteps,
  clip: boolean,
): Markish[] {
  if (!isStacked) return stepLineMarks(filledSteps(steps, domain), { clip });
  const stacked = stackValues(steps, "counts");
  const isAlone = new Set(steps.map(({ name }) => name)).size <= 1;
  const tops = new Map(stacked.map(({ time, y2 }) => [time, y2]));
  return [
    ...(isAlone && peaks.length
      ? stackedStepMarks(
        steps.map((step) => ({ ...step, y1: 0, y2: step.maximum })),
        { clip, opacity: 0.35 },
      )
      : []),
    ...stackedStepMarks(stacked, { clip }),
    ...(!isAlone && hidesPeaks(tops, peaks)
      ? peakLineMarks(peaks, { clip })
      : []),
  ];
}

/** A plot of such marks. */
export function seriesPlot(
  steps: readonly StepValue[],
  series: SeriesSteps & {
    upright: MakeAxis;
    format?: (value: number) => string;
    /** What stands in the plot if there is nothing to draw. */
    empty?: string | undefined;
  },
  options: HelperOptions & { clock?: boolean | undefined },
): Panel {
  const { domain, columnSeconds, isAligned, upright, format } = series;
  const { clock } = options;
  return frame(options, {
    x: (asked, pixels) =>
      timeAxis(asked ?? domain, {
        pixels,
        clock,
        ...(isAligned && { label: "time since the start of each" }),
      }),
    y: upright,
    zero: "y",
    draw: ({ clip }) => ({ marks: seriesMarks(steps, series, clip) }),
    tips: () =>
      stepTips(steps, timeWords(domain, columnSeconds, clock), format),
    empty: steps.length ? undefined : series.empty ?? noRows,
  });
}

/** The options with a colour for each series, the same in all facets. */
export function seriesColors<Options extends HelperOptions>(
  names: readonly (readonly string[])[],
  isStacked: boolean,
  options: Options,
): Options {
  const all = new Set(names.flat());
  const colors = isStacked && all.size > 1
    ? colorsFor(all)
    : lineColorsFor(all);
  return { ...options, color: colorScale(all, options, colors) };
}

/** The legend of series: none of one that has no name. */
export function seriesLegend(
  names: readonly (readonly string[])[],
  isStacked: boolean,
  hasColumns: boolean,
  { color }: HelperOptions,
): LegendEntry[] | undefined {
  const all = [...new Set(names.flat())];
  const alone = all.length === 1 && all[0] === "";
  if (alone || all.length === 0) {
    const [own] = legendOfNames(all, color);
    if (!own || !isStacked || !hasColumns) return undefined;
    return [
      { ...own, label: "mean" },
      { label: "most at one moment", color: faded(own.color) },
    ];
  }
  const entries = legendOfNames(
    isStacked ? all.toReversed() : all,
    color,
    isStacked ? "square" : "line",
  );
  if (isStacked && hasColumns) {
    entries.push({
      label: "most at one moment, where clearly more",
      color: style.mutedInk,
      shape: "line",
    });
  }
  return entries;
}

/** A colour as it is on white where a little more than a third of it shows. */
function faded(color: string, share = 0.35): string {
  if (!/^#[0-9a-f]{6}$/i.test(color)) return color;
  return "#" + [1, 3, 5].map((i) => {
    const part = parseInt(color.slice(i, i + 2), 16);
    return Math.round(255 - (255 - part) * share).toString(16).padStart(2, "0");
  }).join("");
}

/** The greatest value: of all together if they are stacked, else of one. */
export function topOf(steps: readonly StepValue[], isStacked: boolean): number {
  let top = 0;
  const sums = new Map<number, number>();
  for (const { time, value, maximum } of steps) {
    const sum = isStacked ? (sums.get(time) ?? 0) + value : maximum;
    sums.set(time, sum);
    if (sum > top) top = sum;
  }
  return top;
}
