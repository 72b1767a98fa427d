/**
 * A database for the spans, events and records of a workflow, and for any
 * table of your own: SQLite in memory or in a file, the same from the outside.
 *
 * ```ts
 * import { openDatabase, sql } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * db.exec("CREATE TABLE visit (place TEXT, minutes REAL)");
 * db.run("INSERT INTO visit VALUES (?, ?), (?, ?)", ["sea", 30, "sea", 90]);
 *
 * const place = "sea";
 * const rows = db.query(
 *   sql`SELECT place, median(minutes) AS usual FROM visit
 *       WHERE place = ${place} GROUP BY place`,
 * );
 * assert.deepEqual([...rows], [{ place: "sea", usual: 60 }]);
 * ```
 *
 * @module
 */

import { showHelp } from "../display/notebook/help.ts";

// Databases
export { openDatabase, type OpenOptions } from "./open.ts";
export type { Database } from "./database.ts";
export * from "./values.ts";
export { changesOf } from "./materialized.ts";
export { rowChunks } from "./row_chunks.ts";
export {
  type ColumnKind,
  showRows,
  type ShowRowsOptions,
} from "../display/text/rows.ts";
export { DatabaseError } from "./errors.ts";
export { readDatabaseFile } from "./snapshot/read_database_file.ts";
export * from "./snapshot/committed_bytes.ts";

// SQL as a template
export { spanSql, sql, type SqlPiece, type SqlTag } from "./template.ts";
export {
  type CampaignForm,
  type CampaignTables,
  type MaterializedQuery,
  type Queryable,
  type QueryCheck,
  Sql,
} from "./sql_text.ts";

export { replaceParameters, type Token, tokenize } from "./tokens.ts";
export { type Result, rowTable } from "./rows.ts";

// Statistics of the rows of any query
export * from "./statistics/linear_regression.ts";
export * from "./statistics/quantiles.ts";
export * from "./statistics/trends.ts";
export type { StatisticsOptions } from "./statistics/known_rows.ts";

// Spans and events of your own
export { checkSchema, createSchema } from "./schema.ts";
export { schemaVersion } from "./schema_problems.ts";
export { insertRows, RowBuffer } from "./insert.ts";
export { jsonPath } from "./json_path.ts";
export { spanKey, spanKeySql } from "./span_key.ts";
export { taskCounts } from "./task_counts.ts";
export { KeyNumbers } from "./key_numbers.ts";
export { type ColumnRow, Columns } from "./columns.ts";
export { PairNumbers } from "./pair_numbers.ts";
export { firstText, TextNumbers, withRoom } from "./text_numbers.ts";

// Rules that relate spans
export { bind } from "./rules/bind.ts";
export {
  type ContextRule,
  type FacetRule,
  type ImpliesRule,
  type Rule,
  ruleText,
  type SubspanRule,
} from "./rules/rules.ts";
export * from "./rules/report.ts";
export { ImpliedEarly } from "./rules/implied_early.ts";

// Logs brought to one vocabulary
export { widen } from "./rules/widen.ts";
export { type Labels, relabel } from "./rules/relabel.ts";
export { implies } from "./rules/implies.ts";
export type { ChosenRows } from "./rules/chosen_rows.ts";

showHelp(import.meta.url);
