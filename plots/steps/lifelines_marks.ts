import defer * as Plot from "@observablehq/plot";
import type { Markish } from "../chart/plot_types.ts";
import type { Rows } from "../rows/channels.ts";
import type { StepChannels } from "../rows/step_channels.ts";
import { compactLinks } from "../drawing/compact.ts";
import { style } from "../drawing/style.ts";
import { slowestSpans } from "./lifelines_words.ts";
import { lineColorsFor } from "../chart/palette.ts";
import {
  type LifeSegment,
  type LifeSegments,
  lifeSegments,
} from "./life_segments.ts";
import { type Lifelines, lifelinesOf } from "./lifelines_of.ts";
import { medianSteps } from "./median_steps.ts";

/** How the lines of {@linkcode lifelinesMarks} are drawn. */
export interface LifelineMarkOptions extends StepChannels {
  /** How many of the spans that took longest are drawn apart. 3 if not given. */
  slowest?: number | undefined;
  /** How many lines or bundles there may be. 4,000 if not given. */
  most?: number | undefined;
  /** Whether what is beyond the frame is cut off. */
  clip?: boolean | undefined;
  /** The part of the time that is seen, in seconds. All, if not given. */
  domain?: readonly [number, number] | undefined;
  /** A colour for each series; blue, if there is one alone. */
  colors?: ReadonlyMap<string, string> | undefined;
}

/**
 * Lifelines as marks for `Plot.plot`: seconds across; upright the first step at
 * 0.5, the second at 1.5. Takes rows as {@linkcode lifelines} does, or what
 * {@linkcode lifelinesOf} gives.
 *
 * @example
 * ```ts
 * import { lifelinesMarks, plot } from "dnpc/plots";
 * import * as Plot from "@observablehq/plot";
 * import assert from "node:assert/strict";
 *
 * const rows = [[1, 0, "sent"], [1, 2, "done"]];
 * const chart = plot({
 *   y: { label: "step" },
 *   marks: [...lifelinesMarks(rows), Plot.ruleX([3])],
 * });
 * assert.ok(chart.svg.includes("step"));
 * ```
 */
export function lifelinesMarks(
  rows: Rows | Lifelines,
  options: LifelineMarkOptions = {},
): Markish[] {
  const data = isLifelines(rows) ? rows : lifelinesOf(rows, options);
  return marksOfLifelines(data, lifeSegments(data, options.most), options);
}

/** The same of lines that are made already. */
export function marksOfLifelines(
  data: Lifelines,
  drawn: LifeSegments,
  { clip = false, slowest = 3, domain, colors }: LifelineMarkOptions,
): Markish[] {
  const { names } = data.series;
  const own = colors ?? lineColorsFor(names);
  const colorOf = (s: number) => own.get(names[s]!) ?? style.ink;
  const isSeries = names.length > 1;
  const segments = domain
    ? drawn.segments.flatMap((segment) => cut(segment, domain))
    : drawn.segments;
  const isSeen = (x: number) => !domain || (x >= domain[0] && x <= domain[1]);
  return [
    Plot.link(segments, {
      ...{ x1: "x1", x2: "x2", clip },
      y1: ({ from }) => from + 0.5,
      y2: ({ to }) => to + 0.5,
      stroke: asItIs(
        segments.map(({ count, series }) =>
          isSeries
            ? colorOf(series)
            : drawn.binSeconds === undefined
            ? levels[2].color
            : levelOf(count).color
        ),
      ),
      opacity: asItIs(
        segments.map(({ count }) => opacityOf(count, drawn, isSeries)),
      ),
      strokeWidth: asItIs(segments.map(({ count }) => levelOf(count).width)),
      render: compactLinks,
    } as Plot.LinkOptions),
    ...slowestSpans(data, slowest).map(({ places }) =>
      Plot.line(places, {
        x: (k) => data.since[k],
        y: (k) => data.step[k]! + 0.5,
        ...{ stroke: slowColor(isSeries), strokeWidth: 1.5, clip },
      })
    ),
    ...medianSteps(data).flatMap((points, s) => {
      const line = points.filter(({ isUsual }) => isUsual);
      const stroke = isSeries ? colorOf(s) : style.ink;
      const place = { x: "x", y: "y", clip };
      return [
        Plot.line(line, {
          ...{ ...place, stroke: style.background, strokeWidth: 5 },
        }),
        Plot.line(line, { ...place, stroke, strokeWidth: 2.5 }),
        // A dot at the edge is whole.
        Plot.dot(points.filter(({ x }) => isSeen(x)), {
          ...{ x: "x", y: "y", r: 3, stroke, strokeWidth: 1.5 },
          fill: ({ isUsual }) => isUsual ? stroke : style.background,
        }),
      ];
    }),
  ];
}

/** The part of a line that is seen. */
function cut(
  segment: LifeSegment,
  [low, high]: readonly [number, number],
): LifeSegment[] {
  const { x1, x2, from, to } = segment;
  if (x2 < low || x1 > high) return [];
  const rise = x2 > x1 ? (to - from) / (x2 - x1) : 0;
  const left = Math.max(low, x1);
  const right = Math.min(high, x2);
  return [{
    ...segment,
    x1: left,
    x2: right,
    from: from + (left - x1) * rise,
    to: x2 > x1 ? from + (right - x1) * rise : to,
  }];
}

const asItIs = (value: unknown[]) => ({ value, scale: null });

const isLifelines = (rows: Rows | Lifelines): rows is Lifelines =>
  (rows as Lifelines | undefined)?.since instanceof Float64Array;

// Colours are the series', if there are several.
export const slowColor = (isSeries: boolean) =>
  isSeries ? style.ink : "#d55e00";

// Each level has ten times the spans of the one before it.
export const levels = [
  { from: 1, color: "#86b6d9", width: 0.75 },
  { from: 2, color: "#5b9ccb", width: 1 },
  { from: 10, color: "#2f7fb8", width: 1.5 },
  { from: 100, color: "#125a92", width: 2.25 },
  { from: 1000, color: "#08305a", width: 3 },
] as const;

const levelOf = (count: number) =>
  levels.findLast(({ from }) => count >= from) ?? levels[0];

function opacityOf(
  count: number,
  { binSeconds }: LifeSegments,
  hasSeries: boolean,
): number {
  if (!hasSeries) return binSeconds === undefined ? 0.6 : 0.7;
  if (binSeconds === undefined) return 0.5;
  return 0.25 + 0.12 * levels.indexOf(levelOf(count) as typeof levels[0]);
}
