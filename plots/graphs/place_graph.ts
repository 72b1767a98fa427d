import type { Graph, GraphNode, PlacedGraph, Point } from "./graph.ts";
import type { Graphviz } from "./graphviz.ts";
import { type Direction, placeComponent } from "./place_component.ts";

const gap = { x: 18, y: 20 };

/**
 * A graph laid out within `width` pixels, if it can be: each part that hangs
 * together by Graphviz, downwards or to the right as it takes less room, and
 * the parts side by side, the largest first.
 */
export function placeGraph(
  graph: Graph,
  width: number,
  graphviz: Graphviz,
): PlacedGraph {
  const parts = componentsOf(graph)
    .map((part) => bestPlaced(part, width, graphviz))
    .sort((a, b) => b.nodes.length - a.nodes.length || b.height - a.height);
  const placed = { width: 0, height: 0, nodes: [], edges: [] } as {
    -readonly [Name in keyof PlacedGraph]: PlacedGraph[Name];
  };
  const nodes: PlacedGraph["nodes"][number][] = [];
  const edges: PlacedGraph["edges"][number][] = [];
  let [left, top, high] = [0, 0, 0];
  for (const part of parts) {
    if (left > 0 && left + part.width > width) {
      top += high + gap.y;
      [left, high] = [0, 0];
    }
    const moved = ([x, y]: Point): Point => [x + left, y + top];
    for (const node of part.nodes) {
      nodes.push({ ...node, x: node.x + left, y: node.y + top });
    }
    for (const edge of part.edges) {
      edges.push({
        ...edge,
        points: edge.points.map(moved),
        head: edge.head && moved(edge.head),
        labelAt: edge.labelAt && moved(edge.labelAt),
      });
    }
    placed.width = Math.max(placed.width, left + part.width);
    high = Math.max(high, part.height);
    left += part.width + gap.x;
  }
  return { ...placed, height: top + high, nodes, edges };
}

function bestPlaced(
  part: Graph,
  width: number,
  graphviz: Graphviz,
): PlacedGraph {
  const ways: readonly Direction[] = part.nodes.length === 1
    ? ["down"]
    : ["down", "right"];
  const [best] = ways.map((way) => placeComponent(part, way, graphviz))
    .sort((a, b) =>
      Math.max(0, a.width - width) - Math.max(0, b.width - width) ||
      a.width * a.height - b.width * b.height
    );
  return best!;
}

/** The parts of a graph between which there is no edge. */
function componentsOf({ nodes, edges }: Graph): Graph[] {
  const beside = new Map<string, string[]>(
    nodes.map(({ name }) => [name, []]),
  );
  for (const { from, to } of edges) {
    beside.get(from)!.push(to);
    beside.get(to)!.push(from);
  }
  const parts = new Map<string, number>();
  let count = 0;
  for (const { name } of nodes) {
    if (parts.has(name)) continue;
    const waiting = [name];
    parts.set(name, count);
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      for (const other of beside.get(one)!) {
        if (parts.has(other)) continue;
        parts.set(other, count);
        waiting.push(other);
      }
    }
    count++;
  }
  const found = Array.from({ length: count }, () => ({
    nodes: [] as GraphNode[],
    edges: [] as Graph["edges"][number][],
  }));
  for (const node of nodes) found[parts.get(node.name)!]!.nodes.push(node);
  for (const edge of edges) found[parts.get(edge.from)!]!.edges.push(edge);
  return found;
}
