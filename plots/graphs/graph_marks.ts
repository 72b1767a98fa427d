import defer * as Plot from "@observablehq/plot";
import { scaledNames } from "../chart/colors.ts";
import type { Markish } from "../chart/plot_types.ts";
import { tenth } from "../drawing/compact.ts";
import { style } from "../drawing/style.ts";
import type { PlacedEdge, PlacedGraph, PlacedNode, Point } from "./graph.ts";
import {
  barHeight,
  noteLineHeight,
  noteSize,
  shownNotes,
  shownTitle,
} from "./layout_graph.ts";

export const edgeColor = "#6b7580";

/**
 * Marks for `Plot.plot` of a graph that is laid out, in pixels from the left and
 * from the top: reverse `y`. The bars of the nodes are on the color scale.
 *
 * @example
 * ```ts
 * import { graphMarks, layoutGraph, plot } from "dnpc/plots";
 * import * as Plot from "@observablehq/plot";
 * import assert from "node:assert/strict";
 *
 * const graph = await layoutGraph({
 *   nodes: [
 *     { name: "a", title: "a", note: "" },
 *     { name: "b", title: "b", note: "" },
 *   ],
 *   edges: [{ from: "a", to: "b" }],
 * });
 * const chart = plot({
 *   x: { axis: null },
 *   y: { axis: null, reverse: true },
 *   marks: [...graphMarks(graph), Plot.frame()],
 * });
 * assert.ok(chart.svg.includes(">b</text>"));
 * ```
 */
export function graphMarks({ nodes, edges }: PlacedGraph): Markish[] {
  const kinds = [[false, false], [true, false], [true, true], [false, true]];
  return [
    ...kinds.flatMap(([isDashed, isMarked]) =>
      edgeMarks(
        edges.filter(({ dashed = false, marked = false }) =>
          dashed === isDashed && marked === isMarked
        ),
      )
    ),
    Plot.text(edges.filter(({ label, labelAt }) => label && labelAt), {
      x: ({ labelAt }: PlacedEdge) => labelAt![0],
      y: ({ labelAt }: PlacedEdge) => labelAt![1],
      text: "label",
      fill: style.mutedInk,
      stroke: style.background,
      strokeWidth: 3,
      fontSize: noteSize,
      dy: -2,
    }),
    ...nodeMarks(nodes),
  ];
}

/** Edges that are all dashed or not, and marked or not. */
function edgeMarks(edges: readonly PlacedEdge[]): Markish[] {
  const [first] = edges;
  if (!first) return [];
  const stroke = first.marked ? style.ink : edgeColor;
  const strokeWidth = first.marked ? 2.25 : 1.25;
  const place = { x: "0", y: "1", z: "2" };
  const points = (of: (edge: PlacedEdge) => readonly Point[]) =>
    edges.flatMap((edge, i) => of(edge).map(([x, y]) => [x, y, i]));
  return [
    Plot.line(points((edge) => edge.points), {
      ...place,
      curve: bezierCurve,
      stroke,
      strokeWidth,
      strokeDasharray: first.dashed ? "4 3" : undefined,
    }),
    Plot.line(points((edge) => arrowOf(edge, strokeWidth)), {
      ...place,
      curve: "linear-closed",
      stroke: "none",
      fill: stroke,
    }),
  ];
}

/**
 * A curve for `Plot.line` through a first point and then, three points each,
 * cubic Bézier curves: two controls and an end.
 */
const bezierCurve = (context: PathContext) => {
  let points: number[] = [];
  return {
    areaStart() {},
    areaEnd() {},
    lineStart() {
      points = [];
    },
    lineEnd() {
      context.moveTo(points[0]!, points[1]!);
      for (let i = 2; i + 5 < points.length; i += 6) {
        context.bezierCurveTo(...points.slice(i, i + 6) as SixNumbers);
      }
    },
    point(x: number, y: number) {
      points.push(x, y);
    },
  };
};

type SixNumbers = [number, number, number, number, number, number];

/** As much of a d3 path as is needed. */
interface PathContext {
  moveTo(x: number, y: number): void;
  bezierCurveTo(...points: SixNumbers): void;
}

/** The corners of the arrow of an edge, if it has one. */
function arrowOf({ points, head }: PlacedEdge, strokeWidth: number): Point[] {
  const end = points.at(-1);
  if (!head || !end) return [];
  const [x, y] = [head[0] - end[0], head[1] - end[1]];
  const length = Math.hypot(x, y) || 1;
  const half = (2.5 + strokeWidth / 2) / length;
  return [
    head,
    [tenth(end[0] - y * half), tenth(end[1] + x * half)],
    [tenth(end[0] + y * half), tenth(end[1] - x * half)],
  ];
}

function nodeMarks(nodes: readonly PlacedNode[]): Markish[] {
  const outline = {
    x1: ({ x, width }: PlacedNode) => tenth(x - width / 2),
    x2: ({ x, width }: PlacedNode) => tenth(x + width / 2),
    y1: ({ y, height }: PlacedNode) => tenth(y - height / 2),
    y2: ({ y, height }: PlacedNode) => tenth(y + height / 2),
  };
  const bars = nodes.flatMap(({ shares = [], x, y, width, height }) => {
    let from = x - width / 2;
    return shares.map(({ name, share }) => {
      const bar = { name, from, to: from + share * width, y: y + height / 2 };
      from = bar.to;
      return bar;
    });
  });
  const top = ({ y, height }: PlacedNode) => y - height / 2;
  const notes = nodes.flatMap((node) =>
    shownNotes(node.note).map((text, i) => ({
      text,
      x: node.x,
      y: top(node) + 26 + i * noteLineHeight,
    }))
  );
  return [
    Plot.rect(nodes, { ...outline, fill: style.background }),
    Plot.rect(bars, {
      x1: ({ from }) => tenth(from),
      x2: ({ to }) => tenth(to),
      y1: ({ y }) => tenth(y - barHeight),
      y2: ({ y }) => tenth(y),
      fill: scaledNames("name"),
    }),
    ...[false, true].map((isMarked) =>
      Plot.rect(nodes.filter(({ marked = false }) => marked === isMarked), {
        ...outline,
        fill: "none",
        stroke: isMarked ? style.ink : "#8a96a3",
        strokeWidth: isMarked ? 2.25 : 1,
      })
    ),
    Plot.text(nodes, {
      x: "x",
      y: (node: PlacedNode) => top(node) + 11,
      text: ({ title }: PlacedNode) => shownTitle(title),
      fontWeight: 600,
    }),
    Plot.text(notes, {
      x: "x",
      y: "y",
      text: "text",
      fill: style.mutedInk,
      fontSize: noteSize,
    }),
  ];
}
