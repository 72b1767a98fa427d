import defer * as Plot from "@observablehq/plot";
import type { Markish, Panel, Tip } from "./plot_types.ts";
import type { Axis, BandAxis } from "../axes/axis.ts";
import { defaultWidth } from "./chart.ts";
import type { HelperOptions } from "./chart_kind.ts";
import { emptyMark } from "../drawing/empty_mark.ts";
import { givenDomain, mergeOptions } from "../drawing/merge.ts";
import { style } from "../drawing/style.ts";
import { textWidth } from "../drawing/text.ts";

/** What one plot of a helper is made of. */
export interface FrameParts {
  /** The axis across, of so many pixels; `asked` is the user's own domain. */
  x: MakeAxis;
  /** The axis upright. */
  y: MakeAxis;
  /** Lines across the plot, at the ticks of `y`. Unless the names of a band. */
  grid?: boolean;
  /** A line at zero, upright and across. */
  zero?: "x" | "y" | undefined;
  /** What is drawn, once it is known how the axes lie. */
  draw: (frame: Frame) => { marks: Markish[]; above?: number };
  /** What is said where one points. */
  tips?: () => Tip[];
  /** What stands in the plot if there is nothing to draw. */
  empty?: string | undefined;
}

/** An axis for so many pixels, from where to where the user asks for, if so. */
export type MakeAxis = (
  asked: [number, number] | undefined,
  pixels: number,
) => Axis | BandAxis;

/** The frame that marks are drawn into. */
export interface Frame {
  x: Axis | BandAxis;
  y: Axis | BandAxis;
  /** Whether the user asked for a part of an axis: what is beyond is cut. */
  clip: boolean;
  /** How wide it is, in pixels. */
  across: number;
  /** How high it is, in pixels. */
  upright: number;
}

const marginRight = 20;
// Room for the labels of the axes beside their ticks.
const marginTop = 26;
const marginBottom = 42;

/**
 * The plot that every helper draws: two axes, their labels in their places,
 * the marks, and what the user asked for laid over it.
 */
export function frame(
  options: HelperOptions,
  { x: makeX, y: makeY, grid = true, zero, draw, tips, empty }: FrameParts,
): Panel {
  const { width = defaultWidth, height = 280 } = options;
  const askedX = givenDomain(options.x);
  const askedY = givenDomain(options.y);
  const upright = height - marginTop - marginBottom;
  const y = makeY(askedY, upright);
  const marginLeft = marginFor(labelsOf(y));
  const across = width - marginLeft - marginRight;
  const x = makeX(askedX, across);
  const clip = askedX !== undefined || askedY !== undefined;
  const { marks, above = 0 } = draw({ x, y, clip, across, upright });
  return mergeOptions({
    width,
    height: height + above,
    marginLeft,
    marginRight,
    marginTop: marginTop + above,
    marginBottom,
    x,
    y: isBand(y) ? y : { ...y, grid },
    marks: [
      ...marks,
      ...(zero === "y" ? [Plot.ruleY([0], { clip })] : []),
      ...(zero === "x" ? [Plot.ruleX([0], { clip })] : []),
      ...(empty === undefined ? [] : [emptyMark(empty)]),
    ],
    tips,
  }, options);
}

const isBand = (axis: Axis | BandAxis): axis is BandAxis =>
  axis.type === "band";

function labelsOf(axis: Axis | BandAxis): string[] {
  return isBand(axis)
    ? axis.ticks.map(axis.tickFormat)
    : axis.ticks.map(axis.tickFormat);
}

/** Room on the left for the labels of an axis. */
function marginFor(labels: readonly string[]): number {
  const widest = Math.max(
    0,
    ...labels.map((label) => textWidth(label, style.textSize)),
  );
  return Math.max(40, Math.ceil(widest) + 22);
}
