// Over 300 lines: a graph as boxes and arrows, from their sizes to their marks.

import { max } from "d3-array";
import type { Graphviz } from "@hpcc-js/wasm-graphviz";
import { checkOptions } from "../../display/text/mistakes.ts";
import { scaledNames } from "../chart/colors.ts";
import type { Markish } from "../chart/plot_types.ts";
import { panelsWidth } from "../drawing/figure.ts";
import { defaultWidth } from "../drawing/size.ts";
import { tenth } from "../drawing/compact.ts";
import { Plot } from "../drawing/plot.ts";
import { cutText, style, textWidth } from "../drawing/style.ts";
import type {
  Graph,
  GraphNode,
  PlacedEdge,
  PlacedGraph,
  PlacedNode,
  Point,
} from "./graph.ts";

/** Graphviz as WebAssembly, loaded when the first graph is drawn. */
export async function loadGraphviz(): Promise<Graphviz> {
  const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
  return await Graphviz.load();
}

/** Options of {@linkcode layoutGraph}. */
export interface LayoutOptions {
  /** Width in pixels. By default the width of a chart's plot. */
  width?: number | undefined;
}

/**
 * Lays out a graph of your own with Graphviz, for {@linkcode graphMarks}: each
 * connected part goes down or to the right, whichever takes less room, and the
 * parts stand side by side. The result may be wider than asked for. Takes a
 * moment for a hundred nodes, and minutes for thousands.
 *
 * @example
 * ```ts
 * import { graphMarks, layoutGraph, plot } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const graph = await layoutGraph({
 *   nodes: ["a", "b"].map((name) => ({ name, title: name, note: "" })),
 *   edges: [{ from: "a", to: "b" }],
 * });
 * const { width, height } = graph;
 * const chart = plot({
 *   height,
 *   marginLeft: 0,
 *   marginRight: 0,
 *   marginTop: 0,
 *   marginBottom: 0,
 *   x: { domain: [0, 738], axis: null },
 *   y: { domain: [height, 0], axis: null },
 *   marks: graphMarks(graph),
 * });
 * assert.ok(width < 738 && chart.svg.includes(">a</text>"));
 * ```
 *
 * @throws {TypeError} if an edge is from or to a node that does not exist.
 */
export async function layoutGraph(
  graph: Graph,
  options: LayoutOptions = {},
): Promise<PlacedGraph> {
  checkOptions("layoutGraph", options, { width: true });
  const { width = panelsWidth(defaultWidth) } = options;
  const names = new Set(graph.nodes.map(({ name }) => name));
  for (const { from, to } of graph.edges) {
    if (names.has(from) && names.has(to)) continue;
    throw new TypeError(
      `the edge from ${JSON.stringify(from)} to ${JSON.stringify(to)} has ` +
        "an end that is not a node",
    );
  }
  return placeGraph(graph, width, await loadGraphviz());
}

// Between connected parts, in pixels.
const gap = { x: 18, y: 20 };

/** Lays out a graph whose edges all end at nodes. */
export function placeGraph(
  graph: Graph,
  width: number,
  graphviz: Graphviz,
): PlacedGraph {
  const parts = partsOf(graph)
    .map((part) => placePart(part, width, graphviz))
    .sort((a, b) => b.nodes.length - a.nodes.length || b.height - a.height);
  const nodes: PlacedNode[] = [];
  const edges: PlacedEdge[] = [];
  let [left, top, rowHeight, needed] = [0, 0, 0, 0];
  for (const part of parts) {
    if (left > 0 && left + part.width > width) {
      top += rowHeight + gap.y;
      [left, rowHeight] = [0, 0];
    }
    const [dx, dy] = [left, top];
    const moved = ([x, y]: Point): Point => [x + dx, y + dy];
    for (const node of part.nodes) {
      nodes.push({ ...node, x: node.x + dx, y: node.y + dy });
    }
    for (const edge of part.edges) {
      edges.push({
        ...edge,
        points: edge.points.map(moved),
        head: edge.head && moved(edge.head),
        labelAt: edge.labelAt && moved(edge.labelAt),
      });
    }
    needed = Math.max(needed, left + part.width);
    rowHeight = Math.max(rowHeight, part.height);
    left += part.width + gap.x;
  }
  return { width: needed, height: top + rowHeight, nodes, edges };
}

/** The connected parts of a graph. */
function partsOf({ nodes, edges }: Graph): Graph[] {
  const parts = new Map(nodes.map(({ name }) => [name, new Set([name])]));
  for (const { from, to } of edges) {
    const [less, more] = [parts.get(from)!, parts.get(to)!]
      .sort((a, b) => a.size - b.size) as [Set<string>, Set<string>];
    if (less === more) continue;
    for (const name of less) parts.set(name, more.add(name));
  }
  const edgesOf = Map.groupBy(edges, ({ from }) => parts.get(from));
  return [...Map.groupBy(nodes, ({ name }) => parts.get(name))]
    .map(([part, nodes]) => ({ nodes, edges: edgesOf.get(part) ?? [] }));
}

/** Lays out a connected part in the direction that takes less room. */
function placePart(
  part: Graph,
  width: number,
  graphviz: Graphviz,
): PlacedGraph {
  const { nodes: [first, second], edges } = part;
  if (!second && edges.length === 0) {
    const size = nodeSize(first!);
    const [x, y] = [size.width / 2 + 1, size.height / 2 + 1];
    return {
      width: size.width + 2,
      height: size.height + 2,
      nodes: [{ ...first!, ...size, x, y }],
      edges: [],
    };
  }
  const down = placeWith(graphviz, part, "TB");
  const right = second ? placeWith(graphviz, part, "LR") : down;
  const excess = (graph: PlacedGraph) => Math.max(0, graph.width - width);
  const isBetter = excess(right) - excess(down) ||
    right.width * right.height - down.width * down.height;
  return isBetter < 0 ? right : down;
}

/**
 * Lays out with Graphviz. Nodes have fixed sizes and the only text is zeros, so
 * that no text from a log reaches Graphviz.
 */
function placeWith(
  graphviz: Graphviz,
  { nodes, edges }: Graph,
  direction: "TB" | "LR",
): PlacedGraph {
  const { bb, objects = [], edges: drawn = [] } = JSON.parse(
    graphviz.layout(dotOf({ nodes, edges }, direction), "json", "dot"),
  ) as GraphvizJson;
  const [, , width, height] = numbers(bb) as [0, 0, number, number];
  // Graphviz counts from the bottom. A pixel is left for the frames.
  const point = (text: string): Point => {
    const [x, y] = numbers(text) as [number, number];
    return [tenth(x + 1), tenth(height - y + 1)];
  };
  const places = new Map(objects.map(({ name, pos }) => [name, pos]));
  return {
    width: Math.ceil(width) + 2,
    height: Math.ceil(height) + 2,
    nodes: nodes.map((node, i) => {
      const [x, y] = point(places.get(`n${i}`)!);
      return { ...node, ...nodeSize(node), x, y };
    }),
    edges: drawn.map(({ id, pos, lp }): PlacedEdge => {
      // A spline; `e,x,y` is the point of the arrow.
      const parts = pos.split(" ");
      const head = parts.find((part) => part.startsWith("e,"));
      return {
        ...edges[Number(id)]!,
        points: parts.filter((part) => !/^[es],/.test(part)).map(point),
        head: head ? point(head.slice(2)) : undefined,
        labelAt: lp ? point(lp) : undefined,
      };
    }),
  };
}

/** As much of Graphviz's JSON as is read. */
interface GraphvizJson {
  bb: string;
  objects?: { name: string; pos: string }[];
  edges?: { id: string; pos: string; lp?: string }[];
}

const numbers = (text: string) => text.split(",").map(Number);

// Graphviz counts in inches; here a pixel is a point, 72 to the inch.
function dotOf({ nodes, edges }: Graph, direction: "TB" | "LR"): string {
  const numbers = new Map(nodes.map(({ name }, i) => [name, i]));
  const inches = (pixels: number) => (pixels / 72).toFixed(4);
  // As wide as the label, which is drawn later.
  const zeros = (label: string) => "0".repeat(Math.min(label.length, 40));
  return [
    `digraph { rankdir=${direction};`,
    `nodesep=${inches(14)};`,
    `ranksep=${inches(28)};`,
    `node [shape=box, fixedsize=true, label=""];`,
    `edge [fontname=Helvetica, fontsize=11, arrowsize=0.6];`,
    ...nodes.map((node, i) => {
      const { width, height } = nodeSize(node);
      return `n${i} [width=${inches(width)}, height=${inches(height)}];`;
    }),
    ...edges.map(({ from, to, label, mutual }, i) => {
      const ends = `n${numbers.get(from)} -> n${numbers.get(to)}`;
      const text = label === undefined ? "" : `, label=" ${zeros(label)} "`;
      return `${ends} [id=${i}${text}${mutual ? ", dir=none" : ""}];`;
    }),
    "}",
  ].join("\n");
}

// In pixels.
const maxLabelWidth = 170;
/** Bold text is wider. */
const boldness = 1.08;

/** Font size of the lines below the title, in pixels. */
const noteSize = 10;
const noteLineHeight = 13;
/** Height of the bar at the foot of a node. */
const barHeight = 5;

/** Size of the box of a node in pixels: its text fits. */
function nodeSize(
  { title, note }: GraphNode,
): { width: number; height: number } {
  const notes = noteLines(note);
  const widest = Math.max(
    28,
    textWidth(title, style.textSize) * boldness,
    max(notes, (line) => textWidth(line, noteSize)) ?? 0,
  );
  return {
    width: Math.ceil(Math.min(maxLabelWidth, widest)) + 14,
    height: 22 + notes.length * noteLineHeight + barHeight,
  };
}

/** The title as it fits into its box. */
const shownTitle = (title: string): string =>
  cutText(title, style.textSize * boldness, maxLabelWidth);

/** The lines of the note as they fit into its box. */
const shownNotes = (note: string): string[] =>
  noteLines(note).map((line) => cutText(line, noteSize, maxLabelWidth));

const noteLines = (note: string) => note === "" ? [] : note.split("\n");

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
