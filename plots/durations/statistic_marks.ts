import defer * as Plot from "@observablehq/plot";
import type { Markish } from "../chart/plot_types.ts";
import { style } from "../drawing/style.ts";
import { textWidth } from "../drawing/text.ts";
import type { Statistics } from "./statistics.ts";
import { formatDuration } from "../axes/units.ts";

/** Where the lines go, in pixels, so that their labels can keep apart. */
export interface StatisticMarksOptions {
  /** The durations at the left and the right end of the axis, in seconds. */
  domain: readonly [number, number];
  /** How many pixels lie between them. */
  pixels: number;
  /** Whether the axis is logarithmic. */
  log?: boolean | undefined;
  /** Where on the axis a duration lies. */
  at?: ((duration: number) => number) | undefined;
}

/** An upright line with its words above the frame. */
export interface LabelledLine {
  /** Where it is across, as the axis counts. */
  value: number;
  text: string;
  /** Of the line, and of the words unless they have their own. */
  color: string;
  textColor?: string;
}

interface Label extends LabelledLine {
  /** Lines above the plot's frame. */
  row: number;
  anchor: "start" | "end";
}

/** How high a row of labels is, in pixels. */
export const labelRowHeight = 14;

/**
 * Lines at the mean, the median, the 95th percentile and the maximum, each
 * with its label above the frame, or at `only` some of them. `rows` is how many rows of labels there are:
 * leave so many times {@linkcode labelRowHeight} of margin.
 */
export function statisticMarks(
  statistics: Statistics,
  options: StatisticMarksOptions,
  only: readonly string[] = ["median", "mean", "95 %", "maximum"],
): { marks: Markish[]; rows: number } {
  return labelledLines(labelsOf(statistics, only), options);
}

/** Upright lines, their words above the frame so that none lies on another. */
export function labelledLines(
  lines: readonly LabelledLine[],
  { domain, pixels, log = false, at = (value) => value }: StatisticMarksOptions,
): { marks: Markish[]; rows: number } {
  const shown = lines.map((line) => ({ ...line, value: at(line.value) }))
    .filter(({ value }) => value >= domain[0] && value <= domain[1]);
  if (shown.length === 0) return { marks: [], rows: 0 };
  const share = log
    ? (value: number) =>
      Math.log(value / domain[0]) / Math.log(domain[1] / domain[0])
    : (value: number) => (value - domain[0]) / (domain[1] - domain[0] || 1);
  const labels = place(shown, (value) => share(value) * pixels, pixels);
  const marks = labels.flatMap((label) => {
    const { value, text, color, textColor = color, row, anchor } = label;
    const lift = -row * labelRowHeight;
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
  return { marks, rows: Math.max(...labels.map(({ row }) => row)) + 1 };
}

// Each colour has a contrast of at least 4.5 to 1 on white.
function labelsOf(
  { mean, median, percentile95, maximum }: Statistics,
  only: readonly string[],
): LabelledLine[] {
  return [
    { name: "median", value: median, color: "#005a9c" },
    { name: "mean", value: mean, color: "#6f42c1" },
    { name: "95 %", value: percentile95, color: "#a04000" },
    { name: "maximum", value: maximum, color: "#b3001b" },
  ].filter(({ name }) => only.includes(name)).map(({ name, value, color }) => ({
    value,
    color,
    text: `${name} ${formatDuration(value)}`,
  }));
}

// A label stands to the right of its line, or to the left where the frame ends.
// So that no line runs through a label, those to the right are placed from the
// right, each above what it would touch, and those to the left from the left.
function place(
  labels: readonly LabelledLine[],
  across: (value: number) => number,
  pixels: number,
): Label[] {
  const boxes = labels.map((label) => {
    const x = across(label.value);
    const width = textWidth(label.text, style.textSize) + 8;
    return x + width > pixels
      ? { ...label, anchor: "end" as const, left: x - width, right: x + 1 }
      : { ...label, anchor: "start" as const, left: x, right: x + width };
  }).sort((a, b) => a.value - b.value);
  const placed: (typeof boxes[number] & Label)[] = [];
  for (
    const box of [
      ...boxes.filter(({ anchor }) => anchor === "start").reverse(),
      ...boxes.filter(({ anchor }) => anchor === "end"),
    ]
  ) {
    const touched = placed.filter((other) =>
      box.left < other.right && other.left < box.right
    );
    const row = Math.max(-1, ...touched.map(({ row }) => row)) + 1;
    placed.push({ ...box, row });
  }
  return placed;
}
