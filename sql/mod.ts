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

// Databases
export { openDatabase, type OpenOptions } from "./open.ts";
export type { Database } from "./database.ts";
export type {
  Row,
  RunResult,
  SqlParameter,
  SqlParameters,
  SqlValue,
} from "./values.ts";
export {
  type ColumnKind,
  showRows,
  type ShowRowsOptions,
} from "../display/rows.ts";
export { DatabaseError, messageOf } from "./errors.ts";
export { readDatabaseFile } from "./snapshot/read_database_file.ts";
export {
  type BesideDatabase,
  committedBytes,
} from "./snapshot/committed_bytes.ts";

// SQL as a template
export { Sql, sql, type SqlPiece, type SqlTag } from "./template.ts";

// Spans and events of your own
export { createSchema, schemaVersion } from "./schema.ts";
export { insertRows } from "./insert.ts";
export { spanKey, spanKeySql } from "./span_key.ts";

// What is in a database
export { relatedTypes, spanTypes } from "./queries/span_types.ts";
export { nestedSpans, type Roots } from "./queries/nested_spans.ts";
export { spanLinks } from "./queries/span_links.ts";
export {
  logVolume,
  type LogVolumeOptions,
  type TaskVolume,
  type TemplateVolume,
} from "./queries/log_volume.ts";

// Events, and the times between them
export { eventsOf, type EventsOfOptions } from "./queries/events_of.ts";
export {
  timesBetween,
  type TimesBetweenOptions,
} from "./queries/times_between.ts";
export {
  spansBetween,
  type SpansBetweenOptions,
} from "./queries/spans_between.ts";
export {
  eventCounts,
  type EventCountsOptions,
} from "./queries/event_counts.ts";
export type { By } from "./queries/by_attributes.ts";
export {
  type EventName,
  eventName,
  type NamedEvent,
} from "./queries/named_events.ts";

// States, and orders of events
export {
  statesOverTime,
  type StatesOverTimeOptions,
} from "./queries/states_over_time.ts";
export { stateOrder, statesInOrder } from "./queries/state_order.ts";
export {
  eventSequences,
  type EventSequencesOptions,
  type SequenceStep,
} from "./queries/event_sequences.ts";
export {
  compareSpans,
  type CompareSpansOptions,
  type StepComparison,
} from "./queries/compare_spans.ts";

// One thing, in all its names
export { story, type StoryEvent, type StoryOf } from "./queries/story.ts";

// Rules that relate spans
export { bind } from "./bind/bind.ts";
export {
  type ContextRule,
  type FacetRule,
  type ImpliesRule,
  type Rule,
  ruleText,
  type SubspanRule,
} from "./bind/rules.ts";
export {
  type BindReport,
  type Contradiction,
  type ContradictionSide,
  type ContradictionSource,
  contradictionText,
  type RuleReport,
} from "./bind/report.ts";

// Logs brought to one language
export { widen } from "./merge/widen.ts";
export { relabel } from "./merge/relabel.ts";
export { implies } from "./merge/implies.ts";
export type { ChosenRows } from "./merge/chosen_rows.ts";
export type { Labels } from "./merge/labels.ts";
export type { Merged, RecordSide } from "./merge/records.ts";
export type { MergeReport, RowSide } from "./merge/row_report.ts";
