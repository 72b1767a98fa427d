/** What is drawn as a box of a graph. */
export interface GraphNode {
  /** What edges call it. */
  name: string;
  /** The first line of its label, in bold. */
  title: string;
  /** The lines below, parted by `\n`; none if it is empty. */
  note: string;
  /** The bar at its foot: each of its parts as a share of 1, by its colour. */
  shares?: readonly Share[];
  /** Whether it has a thick frame. */
  marked?: boolean;
  /** What is said where one points at it. */
  tip?: string;
}

/** A part of the bar of a node. */
export interface Share {
  /** What the colour stands for, as the color scale knows it. */
  name: string;
  /** Of 1. */
  share: number;
}

/** What is drawn as a line between two boxes. */
export interface GraphEdge {
  /** The name of the node that it starts from. */
  from: string;
  /** The name of the node that it leads to. */
  to: string;
  /** What stands beside it. */
  label?: string | undefined;
  /** Whether it is drawn with dashes. */
  dashed?: boolean;
  /** Whether both are equals: no arrow. */
  mutual?: boolean;
  /** Whether it is thick. */
  marked?: boolean;
}

/** Nodes and the edges between them. */
export interface Graph {
  /** Each with a name of its own. */
  nodes: readonly GraphNode[];
  /** Between two of the nodes. */
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
  /** The control points of Bézier curves of the third degree, one after another. */
  points: readonly Point[];
  /** Where its arrow points to, if it has one. */
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
  /** In their places. */
  nodes: readonly PlacedNode[];
  /** In their places. */
  edges: readonly PlacedEdge[];
}
