import { defaultWidth, panelsWidth } from "../drawing/figure.ts";
import { tenth } from "../drawing/compact.ts";
import { style } from "../drawing/style.ts";
import { cutText, textWidth } from "../drawing/text.ts";
import type {
  Graph,
  GraphNode,
  PlacedEdge,
  PlacedGraph,
  PlacedNode,
  Point,
} from "./graph.ts";

/** Lays out a graph in the DOT language: gives Graphviz's own JSON, as text. */
export type Graphviz = (dot: string) => string;

let loading: Promise<Graphviz> | undefined;

/** Graphviz as WebAssembly, loaded when the first graph is drawn. */
export function loadGraphviz(): Promise<Graphviz> {
  return loading ??= (async () => {
    const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
    const graphviz = await Graphviz.load();
    return (dot) => graphviz.layout(dot, "json", "dot");
  })();
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
  { width = panelsWidth(defaultWidth) }: LayoutOptions = {},
): Promise<PlacedGraph> {
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
 * Lays out with Graphviz. Nodes have their size already, and the only text is
 * that of zeros: Graphviz reads nothing that a log says.
 */
function placeWith(
  graphviz: Graphviz,
  { nodes, edges }: Graph,
  direction: "TB" | "LR",
): PlacedGraph {
  const { bb, objects = [], edges: drawn = [] } = JSON.parse(
    graphviz(dotOf({ nodes, edges }, direction)),
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
export const noteSize = 10;
export const noteLineHeight = 13;
/** Height of the bar at the foot of a node. */
export const barHeight = 5;

/** Size of the box of a node in pixels: its text fits. */
function nodeSize(
  { title, note }: GraphNode,
): { width: number; height: number } {
  const notes = linesOf(note);
  const widest = Math.max(
    28,
    textWidth(title, style.textSize) * boldness,
    ...notes.map((line) => textWidth(line, noteSize)),
  );
  return {
    width: Math.ceil(Math.min(maxLabelWidth, widest)) + 14,
    height: 22 + notes.length * noteLineHeight + barHeight,
  };
}

/** The title as it fits into its box. */
export const shownTitle = (title: string): string =>
  cutText(title, style.textSize * boldness, maxLabelWidth);

/** The lines of the note as they fit into its box. */
export const shownNotes = (note: string): string[] =>
  linesOf(note).map((line) => cutText(line, noteSize, maxLabelWidth));

const linesOf = (note: string) => note === "" ? [] : note.split("\n");
