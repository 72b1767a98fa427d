import defer * as Plot from "@observablehq/plot";
import { countAxis, shareAxis } from "../axes/number_axes.ts";
import { type TimeAxisOptions, timeAxisOver } from "../axes/time_axis.ts";
import { formatDuration } from "../axes/units.ts";
import type { FacetData, Size } from "../chart/chart_kind.ts";
import type { Domain } from "../chart/facets.ts";
import { frame, noRows } from "../chart/frame.ts";
import type { Markish, Panel, Tip } from "../chart/plot_types.ts";
import { givenDomain } from "../drawing/merge.ts";
import { style } from "../drawing/style.ts";
import { cutText, textWidth } from "../drawing/text.ts";
import { extentOf } from "../rows/grid.ts";
import {
  type DurationScale,
  durationScale,
  withinScale,
} from "./duration_scale.ts";
import {
  type DurationData,
  durationLabel,
  type DurationOptions,
} from "./duration_view.ts";
import type { Durations } from "./durations.ts";

/** Numbers of spans, or shares of all spans of a series. */
export type CountsOrShares = "counts" | "shares";

/**
 * A plot of how many spans took how long, with lines at statistics of the
 * durations.
 */
export function distributionPlot(
  data: DurationData,
  options: DurationOptions & Size,
  { domain, max, show, label, statistics, marks, marksAbove, tips }: {
    /** Least and greatest duration. */
    domain: [number, number];
    /** The greatest number or share. */
    max: number;
    show: CountsOrShares;
    label: string;
    /** Names of the statistics that have a line. */
    statistics?: readonly string[];
    marks: (scale: DurationScale, clip: boolean) => Markish[];
    /** Marks above the lines. */
    marksAbove?: (scale: DurationScale) => Markish[];
    tips: (scale: DurationScale) => Tip[];
  },
): Panel {
  const { durations, logRange } = data;
  const scale = durationScale(domain, logRange, givenDomain(options.x));
  return frame({ ...options, ...withinScale("x", options, scale) }, {
    x: (_, pixels) =>
      scale.axis({
        pixels,
        label: durationLabel(durations, options, options.width),
      }),
    y: (asked, pixels) =>
      show === "shares"
        ? shareAxis([0, asked?.[1] ?? (max || 1)], { pixels, label })
        : countAxis(asked?.[1] ?? max, { pixels, label }),
    zero: "y",
    draw({ width, clip }) {
      const lines = statisticLines(data, scale, width, statistics);
      return {
        marks: [
          ...marks(scale, clip),
          ...lines.marks,
          ...marksAbove?.(scale) ?? [],
        ],
        above: lines.height,
      };
    },
    tips: () => tips(scale),
    empty: durations.length ? undefined : noRows,
  });
}

/** An upright line with its text above the frame. */
interface LabelledLine {
  value: number;
  text: string;
  color: string;
  textColor?: string;
}

// Height of a row of labels, in pixels.
const rowHeight = 14;
// More lines would be more text than chart.
const maxMedians = 6;

/**
 * Lines at statistics of the durations, or at the median of each series. Their
 * labels need so much `height` above the frame, in pixels.
 */
function statisticLines(
  { statistics, series, durations }: DurationData,
  scale: DurationScale,
  pixels: number,
  names: readonly string[] = ["median", "mean", "95 %", "maximum"],
): { marks: Markish[]; height: number } {
  const { mean, median, percentile95, maximum } = statistics;
  const known = series.filter(({ duration }) => duration.length);
  const lines: LabelledLine[] = durations.series
    ? (known.length > maxMedians ? [] : known)
      .map(({ name, color, statistics: { median } }) => ({
        value: median,
        text: `${cutText(name, style.textSize, 90)} median ` +
          formatDuration(median),
        color,
        textColor: style.ink,
      }))
    // Each colour has a contrast of at least 4.5 to 1 on white.
    : [
      { name: "median", value: median, color: "#005a9c" },
      { name: "mean", value: mean, color: "#6f42c1" },
      { name: "95 %", value: percentile95, color: "#a04000" },
      { name: "maximum", value: maximum, color: "#b3001b" },
    ].filter(({ name }) => names.includes(name)).map((line) => ({
      ...line,
      text: `${line.name} ${formatDuration(line.value)}`,
    }));
  const { log, domain: [low, high], at } = scale;
  const share = log
    ? (value: number) => Math.log(value / low) / Math.log(high / low)
    : (value: number) => (value - low) / (high - low || 1);
  const labels = place(
    lines.map((line) => ({ ...line, value: at(line.value) }))
      .filter(({ value }) => value >= low && value <= high),
    (value) => share(value) * pixels,
    pixels,
  );
  const marks = labels.flatMap((label) => {
    const { value, text, color, textColor = color, row, anchor } = label;
    const lift = -row * rowHeight;
    return [
      Plot.ruleX([value], {
        stroke: color,
        strokeWidth: 1.25,
        strokeDasharray: "3 2",
        insetTop: lift - 10,
      }),
      Plot.text([value], {
        x: (value: number) => value,
        text: () => text,
        fill: textColor,
        stroke: style.background,
        strokeWidth: 3,
        frameAnchor: "top",
        textAnchor: anchor,
        lineAnchor: "bottom",
        dx: anchor === "start" ? 3 : -3,
        dy: lift - 2,
      }),
    ];
  });
  const rows = Math.max(0, ...labels.map(({ row }) => row + 1));
  return { marks, height: rows * rowHeight };
}

interface Label extends LabelledLine {
  /** Row above the frame, from 0. */
  row: number;
  anchor: "start" | "end";
  left: number;
  right: number;
}

// A label stands to the right of its line, or to the left where the frame ends.
// So that no line runs through a label, those to the right are placed from the
// right, each above the ones it would touch, and those to the left from the
// left.
function place(
  lines: readonly LabelledLine[],
  xOf: (value: number) => number,
  pixels: number,
): Label[] {
  const labels = lines.map((line): Label => {
    const x = xOf(line.value);
    const width = textWidth(line.text, style.textSize) + 8;
    return x + width > pixels
      ? { ...line, anchor: "end", left: x - width, right: x + 1, row: 0 }
      : { ...line, anchor: "start", left: x, right: x + width, row: 0 };
  }).sort((a, b) => a.value - b.value);
  const placed: Label[] = [];
  for (
    const label of [
      ...labels.filter(({ anchor }) => anchor === "start").reverse(),
      ...labels.filter(({ anchor }) => anchor === "end"),
    ]
  ) {
    const rows = placed
      .filter(({ left, right }) => label.left < right && left < label.right)
      .map(({ row }) => row);
    placed.push({ ...label, row: Math.max(-1, ...rows) + 1 });
  }
  return placed;
}

/** Options of a chart of durations over time. */
export interface DurationTimeOptions
  extends DurationOptions, Pick<TimeAxisOptions, "clock"> {}

/** From the first start to the last, in the longest of the facets. */
export const longestTime = (sets: readonly Durations[]) =>
  Math.max(
    ...sets.map(({ start }) => {
      const [first, last] = extentOf(start);
      return last - first;
    }),
  );

/** Extent of a chart over time: durations are read against zero. */
export function timeExtent(
  { durations: { start, duration, length }, logRange }: DurationData,
): FacetData["extent"] {
  if (length === 0) return {};
  const [min, max] = extentOf(duration);
  return {
    x: extentOf(start),
    ...(logRange ? {} : { y: [Math.min(0, min), Math.max(0, max)] }),
    isTime: true,
  };
}

/**
 * A plot of durations over time. Bins may cover more than the rows do: `covers`
 * are their ends.
 */
export function durationTimePlot(
  data: DurationData,
  options: DurationTimeOptions & Size,
  marks: (clip: boolean, scale: DurationScale) => Markish[],
  { covers = {}, tips }: {
    covers?: { x?: Domain | undefined; y?: Domain | undefined };
    tips?: () => Tip[];
  } = {},
): Panel {
  const { durations, logRange } = data;
  const { width, clock } = options;
  const [min, max] = extentOf(durations.duration);
  const highest = max > 0 ? max : min < 0 ? 0 : 1;
  const scale = durationScale(
    covers.y ??
      (logRange ? [logRange.min, logRange.max] : [Math.min(0, min), highest]),
    logRange,
    givenDomain(options.y),
  );
  return frame({ ...options, ...withinScale("y", options, scale) }, {
    x: timeAxisOver(covers.x ?? extentOf(durations.start), {
      clock,
      isAligned: durations.aligned,
    }),
    y: (_, pixels) =>
      scale.axis({ pixels, label: durationLabel(durations, options, width) }),
    zero: logRange ? undefined : "y",
    draw: ({ clip }) => ({
      marks: [
        ...(scale.strip
          ? [Plot.ruleY([scale.strip[1]], { stroke: style.grid })]
          : []),
        ...marks(clip, scale),
      ],
    }),
    ...(tips && { tips }),
    empty: durations.length ? undefined : noRows,
  });
}
