import { max } from "d3-array";
import { Plot } from "../drawing/plot.ts";
import type { Markish, Panel, Tip } from "./plot_types.ts";
import type { Axis, BandAxis } from "../axes/axis.ts";
import { margins } from "../drawing/figure.ts";
import type { DrawOptions } from "./chart_kind.ts";
import { givenDomain, mergeOptions } from "../drawing/merge.ts";
import { cutText, style, textWidth } from "../drawing/style.ts";

/** Parts of a plot. */
export interface FrameParts {
  /** Makes the x axis. */
  x: MakeAxis;
  /** Makes the y axis. */
  y: MakeAxis;
  /** Lines at the ticks of `y`, unless they are names. True by default. */
  grid?: boolean;
  /** The axis that has a line at 0. */
  zero?: "x" | "y" | undefined;
  /** Makes the marks for the laid out axes; `above` is room on top, in pixels. */
  draw: (frame: Frame) => { marks: Markish[]; above?: number | undefined };
  /** Makes the texts under the pointer. */
  tips?: () => Tip[];
  /** Text in a plot without marks. */
  empty?: string | undefined;
}

/**
 * Creates an axis of this many pixels; `asked` is the domain the user asks for.
 */
export type MakeAxis = (
  asked: [number, number] | undefined,
  pixels: number,
) => Axis | BandAxis;

/** The frame that marks are drawn into. */
export interface Frame {
  x: Axis | BandAxis;
  y: Axis | BandAxis;
  /** Whether the user limited an axis: marks are clipped at its ends. */
  clip: boolean;
  /** Size inside the axes, in pixels. */
  width: number;
  height: number;
}

const { marginTop, marginBottom } = margins;

/**
 * Lays out the plot of a helper: two axes with room for their labels, the marks,
 * and the user's own options on top.
 */
export function frame(
  options: DrawOptions,
  { x: makeX, y: makeY, grid = true, zero, draw, tips, empty }: FrameParts,
): Panel {
  const { width, height, isLimited: clip, marginRight = 20 } = options;
  const inner = { width, height: height - marginTop - marginBottom };
  const y = makeY(givenDomain(options.y), inner.height);
  const { marginLeft = marginFor(y) } = options;
  inner.width -= marginLeft + marginRight;
  const x = makeX(givenDomain(options.x), inner.width);
  const { marks, above = 0 } = draw({ x, y, clip, ...inner });
  return mergeOptions({
    width,
    height: height + above,
    marginLeft,
    marginRight,
    marginTop: marginTop + above,
    marginBottom,
    x: withShortLabel(x, width),
    y: y.type === "band"
      ? withShortLabel(y, width)
      : { ...withShortLabel(y, width), grid },
    marks: [
      ...marks,
      ...(zero === "y" ? [Plot.ruleY([0], { clip })] : []),
      ...(zero === "x" ? [Plot.ruleX([0], { clip })] : []),
      ...(empty === undefined ? [] : [emptyMark(empty)]),
    ],
    tips,
  }, options);
}

/** The axis with a label that fits into the plot, its arrow included. */
const withShortLabel = <T extends Axis | BandAxis>(
  axis: T,
  width: number,
): T => ({
  ...axis,
  label: cutText(axis.label, style.textSize, width - 2 * style.textSize),
});

/** Width on the left for the labels of an axis. */
function marginFor({ ticks, tickFormat }: Axis | BandAxis): number {
  const widths = ticks.map((tick) =>
    textWidth(tickFormat(tick as never), style.textSize)
  );
  return Math.max(40, Math.ceil(max(widths) ?? 0) + 22);
}

/** Text in a chart of rows that have no time. */
export const noRows = "No rows with a time";

/** Placeholder for a plot without data. */
export const emptyPanel = ({ width }: { width: number }): Panel => ({
  width,
  height: 120,
  axis: null,
  marks: [emptyMark(noRows)],
});

/** Text in place of the marks of an empty plot. */
export const emptyMark = (text: string): Markish =>
  Plot.text([text], {
    frameAnchor: "middle",
    fontSize: style.subtitleSize,
    fill: style.mutedInk,
  });
