import type { Graph, PlacedEdge, PlacedGraph, Point } from "./graph.ts";
import type { Graphviz } from "./graphviz.ts";
import { nodeSize } from "./node_size.ts";
import { tenth } from "../drawing/compact.ts";

/** Which way the edges go. */
export type Direction = "down" | "right";

/**
 * A graph laid out by Graphviz. Its nodes have their size already and no text
 * goes there but counts: nothing that a log says is read by Graphviz.
 */
export function placeComponent(
  { nodes, edges }: Graph,
  direction: Direction,
  graphviz: Graphviz,
): PlacedGraph {
  if (nodes.length === 1 && edges.length === 0) {
    const size = nodeSize(nodes[0]!);
    const [x, y] = [size.width / 2 + 1, size.height / 2 + 1];
    return {
      width: size.width + 2,
      height: size.height + 2,
      nodes: [{ ...nodes[0]!, ...size, x, y }],
      edges: [],
    };
  }
  const drawn = JSON.parse(graphviz(dotOf({ nodes, edges }, direction)));
  const [, , width, height] = numbers(drawn.bb) as [0, 0, number, number];
  // Graphviz counts from the bottom. A pixel is left for the frames.
  const point = (x: number, y: number): Point => [
    tenth(x + 1),
    tenth(height - y + 1),
  ];
  const objects: { name: string; pos?: string }[] = drawn.objects ?? [];
  const places = new Map(
    objects.filter(({ pos }) => pos).map(({ name, pos }) =>
      [name, point(...numbers(pos!) as [number, number])] as const
    ),
  );
  return {
    width: Math.ceil(width) + 2,
    height: Math.ceil(height) + 2,
    nodes: nodes.map((node, i) => {
      const [x, y] = places.get(`n${i}`)!;
      return { ...node, ...nodeSize(node), x, y };
    }),
    edges: (drawn.edges ?? []).map((
      { id, pos, lp }: { id: string; pos: string; lp?: string },
    ): PlacedEdge => ({
      ...edges[Number(id)]!,
      ...pathOf(pos, point),
      labelAt: lp ? point(...numbers(lp) as [number, number]) : undefined,
    })),
  };
}

// Graphviz counts in inches: here a pixel is a point, 72 to the inch.
function dotOf({ nodes, edges }: Graph, direction: Direction): string {
  const numbers = new Map(nodes.map(({ name }, i) => [name, i]));
  const inches = (pixels: number) => (pixels / 72).toFixed(4);
  return [
    `digraph { rankdir=${direction === "down" ? "TB" : "LR"};`,
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

// As wide as the label will be; what it says is drawn later.
const zeros = (label: string) => "0".repeat(Math.min(label.length, 40));

const numbers = (text: string) => text.split(",").map(Number);

/** As Graphviz writes a spline: `e,x,y` is where the arrow points to. */
function pathOf(
  text: string,
  point: (x: number, y: number) => Point,
): Pick<PlacedEdge, "points" | "head"> {
  const points: Point[] = [];
  let head: Point | undefined;
  for (const part of text.split(" ")) {
    const [x, y] = numbers(part.replace(/^[es],/, "")) as [number, number];
    if (part.startsWith("e,")) head = point(x, y);
    else if (!part.startsWith("s,")) points.push(point(x, y));
  }
  return { points, head };
}
