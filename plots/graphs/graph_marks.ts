import defer * as Plot from "@observablehq/plot";
import type { Markish } from "../chart/plot_types.ts";
import { style } from "../drawing/style.ts";
import { tenth } from "../drawing/compact.ts";
import { bezierCurve } from "./bezier_curve.ts";
import type { PlacedEdge, PlacedGraph, PlacedNode, Point } from "./graph.ts";
import {
  barHeight,
  noteLineHeight,
  noteSize,
  shownNotes,
  shownTitle,
} from "./node_size.ts";
import { scaledNames } from "../drawing/color_channel.ts";

/** The colour of edges. */
export const edgeColor = "#6b7580";

/**
 * A graph that is laid out as marks for `Plot.plot`, in pixels from the left
 * and from the top: `y` is upside down. What the bars of the nodes stand for is
 * on the color scale.
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
  return [
    ...lines(edges.filter(({ dashed, marked }) => !dashed && !marked), {}),
    ...lines(edges.filter(({ dashed, marked }) => dashed && !marked), {
      strokeDasharray: "4 3",
    }),
    ...lines(edges.filter(({ dashed, marked }) => dashed && marked), {
      strokeDasharray: "4 3",
      ...markedLine,
    }),
    ...lines(edges.filter(({ dashed, marked }) => !dashed && marked), {
      ...markedLine,
    }),
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
    ...boxes(nodes),
  ];
}

const markedLine = { stroke: style.ink, strokeWidth: 2.25 };

function lines(
  edges: readonly PlacedEdge[],
  options: { stroke?: string; strokeWidth?: number; strokeDasharray?: string },
): Markish[] {
  if (edges.length === 0) return [];
  const { stroke = edgeColor, strokeWidth = 1.25, strokeDasharray } = options;
  const points = edges.flatMap(({ points }, i) =>
    points.map(([x, y]) => ({ x, y, edge: i }))
  );
  const corners = edges.flatMap((edge, i) =>
    arrowOf(edge, strokeWidth).map(([x, y]) => ({ x, y, edge: i }))
  );
  return [
    Plot.line(points, {
      ...{ x: "x", y: "y", z: "edge", curve: bezierCurve },
      ...{ stroke, strokeWidth, strokeDasharray },
    }),
    Plot.line(corners, {
      ...{ x: "x", y: "y", z: "edge", curve: "linear-closed" },
      ...{ stroke: "none", fill: stroke },
    }),
  ];
}

/** The corners of the arrow at the end of an edge; none, if it has none. */
function arrowOf(
  { points, head }: PlacedEdge,
  strokeWidth: number,
): Point[] {
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

function boxes(nodes: readonly PlacedNode[]): Markish[] {
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
      ...{ x: "x", y: "y", text: "text" },
      ...{ fill: style.mutedInk, fontSize: noteSize },
    }),
  ];
}
