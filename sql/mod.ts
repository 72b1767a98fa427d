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

export * from "./open.ts";
export { readDatabaseFile } from "./snapshot/read_database_file.ts";
export * from "./snapshot/committed_bytes.ts";
export * from "./database.ts";
export * from "./values.ts";
export * from "./errors.ts";
export * from "./template.ts";
export * from "./insert.ts";
export * from "./schema.ts";
export * from "./span_key.ts";
export * from "./bind/bind.ts";
export {
  type ContextRule,
  type FacetRule,
  type ImpliesRule,
  type Rule,
  ruleText,
  type SubspanRule,
} from "./bind/rules.ts";
export * from "./bind/report.ts";
export * from "./merge/widen.ts";
export * from "./merge/relabel.ts";
export * from "./merge/implies.ts";
export type { Labels } from "./merge/labels.ts";
export type { Merged, RecordSide } from "./merge/records.ts";
export type { ChosenRows } from "./merge/chosen_rows.ts";
export * from "./merge/row_report.ts";
export { nestedSpans, type Roots } from "./queries/nested_spans.ts";
export * from "./queries/span_links.ts";
export * from "./queries/events_of.ts";
export { eventName, type NamedEvent } from "./queries/named_events.ts";
export * from "./queries/times_between.ts";
export type { By } from "./queries/by_attributes.ts";
export * from "./queries/spans_between.ts";
export * from "./queries/event_counts.ts";
export * from "./queries/states_over_time.ts";
export * from "./queries/span_types.ts";
export * from "./queries/event_sequences.ts";
export * from "./queries/compare_spans.ts";
export * from "./queries/story.ts";
export * from "./queries/log_volume.ts";
export * from "./queries/state_order.ts";
export {
  type ColumnKind,
  showRows,
  type ShowRowsOptions,
} from "../display/rows.ts";
