import type { Row } from "./table.ts";

/** A part of the benchmarks. */
export interface Part {
  /** `deno task bench NAME` runs it alone. */
  name: string;
  /** Heading of the table of results. */
  about: string;
  /**
   * Takes the measurements. `folder` is temporary, for any files.
   *
   * @returns the rows of one table
   */
  run(folder: string): Promise<Row[]>;
}
