import type { Contradiction, ContradictionSource } from "./report.ts";

/** What a step of merging did to the rows of a database. */
export interface MergeReport {
  /** How many rows changed. */
  changed: number;
  /** How many contradictions there are; nothing was made of these. */
  contradicted: number;
  /** Contradictions in full: the first hundred of each rule. */
  contradictions: Contradiction<RowSide>[];
}

/** One side of a contradiction among rows. */
export interface RowSide {
  /** What is said by the row. */
  values: Record<string, string | null>;
  /** The id of the row in its table. */
  id: number;
  /** The sources that tell of it, with a line each. */
  sources: ContradictionSource[];
}
