import type { Row } from "./table.ts";

/** A part of the benchmarks. */
export interface Part {
  /** `deno task bench NAME` runs it alone. */
  name: string;
  /** What is measured. */
  about: string;
  /**
   * Measures. `folder` is there for what it writes, and gone afterwards.
   *
   * @returns the rows of one table
   */
  run(folder: string): Promise<Row[]>;
}
