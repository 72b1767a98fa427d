import { type Sql, sql } from "../../../sql/mod.ts";
import type { CopiedTable } from "./copy.ts";

/** What the spans of one source are made from. */
export interface SpanSource {
  sourceId: number;
  /** JSON: the attributes that every span of the import is given. */
  attributes: string;
  /** What was copied just now; empty for a source of an earlier import. */
  tables: readonly CopiedTable[];
}

/** Whether a row of a table, under the name `told`, is of the source. */
export function isOf({ sourceId, tables }: SpanSource, table: string): Sql {
  const copied = tables.find(({ name }) => name === table);
  // Its rows are the last ones then, which an index tells too.
  return copied
    ? sql`told.rowid > ${copied.after}`
    : sql`told.source_id = ${sourceId}`;
}

/** What a rowid in the source has less than its rowid here. */
export const offsetOf = ({ tables }: SpanSource, table: string): number =>
  tables.find(({ name }) => name === table)?.offset ?? 0;
