/** A box of a graph. */
export interface GraphNode {
  /** Edges refer to it. */
  name: string;
  /** The first line of its label, in bold. */
  title: string;
  /** The lines below, separated by `\n`; none if it is empty. */
  note: string;
  /** Parts of the bar at its bottom. */
  shares?: readonly Share[];
  /** Whether it has a thick frame. */
  marked?: boolean;
  /** Text under the pointer. */
  tip?: string;
}

/** A part of the bar of a node. */
export interface Share {
  /** Meaning of the colour, as on the color scale. */
  name: string;
  /** Of 1. */
  share: number;
}

/** A line between two boxes. */
export interface GraphEdge {
  /** Name of its start node. */
  from: string;
  /** Name of its end node. */
  to: string;
  /** Text beside it. */
  label?: string | undefined;
  /** Whether it is dashed. */
  dashed?: boolean;
  /** Whether it has no arrow, because both ends are equal. */
  mutual?: boolean;
  /** Whether it is thick. */
  marked?: boolean;
}

/** Nodes and the edges between them. */
export interface Graph {
  /** Each with a name of its own. */
  nodes: readonly GraphNode[];
  /** Each between two of the nodes. */
  edges: readonly GraphEdge[];
}

/** A node in its place. */
export interface PlacedNode extends GraphNode {
  /** Its middle, in pixels from the left. */
  x: number;
  /** Its middle, in pixels from the top. */
  y: number;
  /** In pixels. */
  width: number;
  /** In pixels. */
  height: number;
}

/** An edge in its place. */
export interface PlacedEdge extends GraphEdge {
  /** The start, and the control points and ends of cubic Bézier curves. */
  points: readonly Point[];
  /** The point of its arrow, if it has one. */
  head?: Point | undefined;
  /** The middle of its label. */
  labelAt?: Point | undefined;
}

/** Pixels from the left and from the top. */
export type Point = readonly [number, number];

/** A graph that is laid out, in pixels. */
export interface PlacedGraph {
  /** From the left to the right. */
  width: number;
  /** From the top to the bottom. */
  height: number;
  /** The nodes in their places. */
  nodes: readonly PlacedNode[];
  /** The edges in their places. */
  edges: readonly PlacedEdge[];
}
