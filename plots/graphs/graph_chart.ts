// @ts-types="npm:@types/d3-array@3.2.2"
import { max } from "d3-array";
import type { Chart } from "../chart/chart.ts";
import {
  chartOf,
  type FacetData,
  type HelperOptions,
} from "../chart/chart_kind.ts";
import { colorScale, legendOfNames } from "../chart/colors.ts";
import { emptyMark } from "../chart/frame.ts";
import type { Panel } from "../chart/plot_types.ts";
import { panelsWidth } from "../drawing/figure.ts";
import { mergeOptions } from "../drawing/merge.ts";
import { chartSize } from "../drawing/size.ts";
import { style } from "../drawing/style.ts";
import type { Rows } from "../rows/channels.ts";
import type { Graph, PlacedGraph } from "./graph.ts";
import {
  edgeColor,
  graphMarks,
  loadGraphviz,
  placeGraph,
} from "./layout_graph.ts";

/** How rows become a chart of graphs. */
interface GraphKind<Columns> {
  title: string;
  /** Text in place of a graph without nodes. */
  empty: string;
  /** Meanings of edges that are solid and of those that are dashed. */
  edges: readonly [solid: string, dashed: string];
  read(rows: Rows): Columns;
  /**
   * The names in the bars of nodes, and for each facet a function that lays it
   * out with `place`, for a width in pixels.
   */
  derive(
    all: readonly Columns[],
    place: (graph: Graph, width: number) => PlacedGraph,
  ): {
    names: readonly string[];
    facets: ((width: number) => { placed: PlacedGraph; caption: string })[];
  };
}

/** Makes a chart of graphs, one per facet. */
export async function graphChart<Columns>(
  rows: Rows,
  options: HelperOptions,
  { title, empty, edges: [solid, dashed], read, derive }: GraphKind<Columns>,
): Promise<Chart> {
  const graphviz = await loadGraphviz();
  return chartOf(rows, options, {
    height: 0,
    read,
    derive(all) {
      const { names, facets: places } = derive(
        all,
        (graph, width) => placeGraph(graph, width, graphviz),
      );
      const width = panelsWidth(chartSize(options).width);
      let graphs = places.map((place) => place(width));
      // Again, if one needs it, in the width of the widest.
      const needed = max(graphs, ({ placed }) => placed.width)!;
      if (needed > width) graphs = places.map((place) => place(needed));
      const color = colorScale(names, options);
      const legend = legendOfNames(names, color);
      const edges = graphs.flatMap(({ placed }) => placed.edges);
      if (edges.some(({ dashed }) => !dashed)) {
        legend.push({ label: solid, color: edgeColor, shape: "line" });
      }
      if (edges.some(({ dashed }) => dashed)) {
        legend.push({ label: dashed, color: edgeColor, shape: "dashes" });
      }
      if (graphs.some(({ placed }) => placed.nodes.some((n) => n.marked))) {
        const label = "critical path";
        legend.push({ label, color: style.ink, shape: "line" });
      }
      const facets = graphs.map(({ placed, caption }): FacetData => ({
        caption,
        minWidth: placed.width,
        draw: (sized) => graphPanel(placed, sized, empty),
      }));
      return { facets, title, color, legend };
    },
  });
}

// To the graphs above and below, in pixels.
const room = 6;

/** The plot of a graph, in the middle of its width. It has no axes. */
function graphPanel(
  placed: PlacedGraph,
  { width, ...options }: HelperOptions & { width: number },
  empty: string,
): Panel {
  const height = Math.max(placed.height, 60) + 2 * room;
  const left = Math.max(0, Math.round((width - placed.width) / 2));
  return mergeOptions({
    width,
    height,
    marginLeft: 0,
    marginRight: 0,
    marginTop: 0,
    marginBottom: 0,
    x: { domain: [-left, width - left], axis: null },
    y: { domain: [height - room, -room], axis: null },
    marks: placed.nodes.length ? graphMarks(placed) : [emptyMark(empty)],
    tips: () =>
      placed.nodes.filter(({ tip }) => tip).map(({ x, y, width, tip }) => ({
        x: x - width / 2,
        x2: x + width / 2,
        y,
        text: tip!,
      })),
  }, options);
}
