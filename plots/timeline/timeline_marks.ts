import defer * as Plot from "@observablehq/plot";
import type { Markish } from "../chart/plot_types.ts";
import type { Rows } from "../rows/channels.ts";
import { compactBars } from "../drawing/compact.ts";
import { style } from "../drawing/style.ts";
import { readPhases, type ReadPhasesOptions } from "./read_phases.ts";
import { type TimelineBars, timelineBars } from "./timeline_bars.ts";
import {
  type LineOrder,
  type TimelineLines,
  timelineLines,
} from "./timeline_lines.ts";
import { scaledNames } from "../drawing/color_channel.ts";

/** How the bars of {@linkcode timelineMarks} are drawn. */
export interface TimelineMarkOptions extends ReadPhasesOptions {
  /** In which order lines lie. By their first start, if not given. */
  order?: LineOrder | undefined;
  /** How many phases are told apart. 20 if not given. */
  mostPhases?: number | undefined;
  /** Bars made already, by a helper. */
  drawn?: TimelineBars | undefined;
  /** Whether what is beyond the frame is cut off. */
  clip?: boolean | undefined;
  /** How many pixels the lines have together. 320 if not given. */
  pixels?: number | undefined;
}

/**
 * The bars of a timeline as marks for `Plot.plot`. Takes rows as
 * {@linkcode timeline} does. Lines are counted from 0, at the top: give the plot
 * `y: { reverse: true }`; the phases are on the color scale.
 *
 * @example
 * ```ts
 * import { plot, timelineMarks } from "dnpc/plots";
 * import * as Plot from "@observablehq/plot";
 * import assert from "node:assert/strict";
 *
 * const rows = [["a", 0, 5, "running"], ["b", 2, 4, "running"]];
 * const chart = plot({
 *   y: { reverse: true, label: "task" },
 *   marks: [...timelineMarks(rows), Plot.ruleX([3])],
 * });
 * assert.ok(chart.svg.includes("task"));
 * ```
 */
export function timelineMarks(
  rows: Rows | TimelineLines,
  { drawn, clip = false, pixels = 320, ...options }: TimelineMarkOptions = {},
): Markish[] {
  const lines = isLines(rows)
    ? rows
    : timelineLines(readPhases(rows, options), options);
  const { bars, cellSeconds } = drawn ?? timelineBars(lines, { pixels });
  const isRoomy = lines.rows * 5 <= pixels && cellSeconds === undefined;
  const open = isRoomy && lines.withoutEnd <= 500
    ? Array.from(lines.open.keys()).filter((i) => lines.open[i])
    : [];
  // Lanes do not tell where a line ends and the next one begins.
  const boundaries = isRoomy && lines.overlapping > 0
    ? lines.order.map(({ row }) => row).filter((row) => row > 0)
    : [];
  return [
    Plot.rect(bars, {
      ...{
        x1: "x1",
        x2: "x2",
        y1: "y1",
        y2: "y2",
        fill: scaledNames("phase"),
        clip,
      },
      render: compactBars,
    }),
    Plot.ruleY(boundaries, { stroke: style.grid }),
    Plot.dot(open, {
      x: (i) => lines.end[i],
      y: (i) => lines.row[i]! + 0.5,
      ...{ symbol: "triangle", rotate: 90, r: 3, dx: -3, clip },
      ...{ fill: style.ink, stroke: style.background, strokeWidth: 0.75 },
    }),
  ];
}

const isLines = (rows: Rows | TimelineLines): rows is TimelineLines =>
  (rows as TimelineLines | undefined)?.row instanceof Uint32Array;
