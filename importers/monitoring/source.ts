import { type Sql, sql } from "../../sql/mod.ts";
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
  // Its rows are the last ones: those of all other sources need not be read.
  const after = tables.find(({ name }) => name === table)?.after ?? 0;
  return sql`told.source_id = ${sourceId} AND told.rowid > ${after}`;
}

/** What a rowid in the source has less than its rowid here. */
export const offsetOf = ({ tables }: SpanSource, table: string): number =>
  tables.find(({ name }) => name === table)?.offset ?? 0;
