import { panelsWidth } from "../drawing/figure.ts";
import { defaultWidth } from "../chart/chart.ts";
import type { Graph, PlacedGraph } from "./graph.ts";
import { loadGraphviz } from "./graphviz.ts";
import { placeGraph } from "./place_graph.ts";

/** Where a graph is to be laid out in. */
export interface LayoutOptions {
  /** In pixels. If not given, as wide as the plot of a chart is. */
  width?: number | undefined;
}

/**
 * Lays a graph of your own out, by Graphviz, for {@linkcode graphMarks}: each
 * part that hangs together downwards or to the right as it takes less room, and
 * the parts side by side. It may come out wider than asked for. Takes a moment
 * for a hundred nodes, and minutes for thousands.
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
 *   ...{ marginLeft: 0, marginRight: 0, marginTop: 0, marginBottom: 0 },
 *   x: { domain: [0, 738], axis: null },
 *   y: { domain: [height, 0], axis: null },
 *   marks: graphMarks(graph),
 * });
 * assert.ok(width < 738 && chart.svg.includes(">a</text>"));
 * ```
 *
 * @throws {TypeError} if an edge is from or to a node that is not there.
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
        "an end that is no node",
    );
  }
  return placeGraph(graph, width, await loadGraphviz());
}
