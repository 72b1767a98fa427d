import type { Database } from "../database.ts";
import type { ChosenRows } from "./chosen_rows.ts";
import { checkLabels, type Labels } from "./labels.ts";
import type { Merged } from "./records.ts";
import { relabelRecords } from "./relabel_records.ts";
import { relabelRows } from "./relabel_rows.ts";
import type { MergeReport } from "./row_report.ts";

/**
 * Lets records use the same words: renames members, and maps values, such as
 * two names of one machine. To relabel again changes nothing, unless a value
 * becomes one that is mapped itself.
 *
 * A record that has both names with different values keeps both, and is
 * reported.
 *
 * @param records any iterable of plain objects: events, log records, the rows
 * of a query
 * @param labels by the name of a member its new name, or an object that has new
 * values for its values; values are compared as text
 * @returns the records in their order, and contradictions
 * @throws {TypeError} for a new name that is relabelled itself
 *
 * @example
 * ```ts
 * import { relabel } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * const rows = [
 *   { task_id: 5, host: "vm" },
 *   { task: "6", host: "login2" },
 *   { task_id: 7, task: 8 },
 * ];
 * const merged = relabel(rows, { task_id: "task", host: { vm: "login1" } });
 * assert.deepEqual([...merged], [
 *   { task: 5, host: "login1" },
 *   { task: "6", host: "login2" },
 *   { task_id: 7, task: 8 },
 * ]);
 * assert.deepEqual(merged.contradictions, [{
 *   rule: "relabel: task_id => task",
 *   on: {},
 *   sides: [
 *     { values: { task_id: "7" }, record: rows[2] },
 *     { values: { task: "8" }, record: rows[2] },
 *   ],
 * }]);
 * ```
 */
export function relabel<T extends object>(
  records: Iterable<T>,
  labels: Labels,
): Merged<Partial<T> & Record<string, unknown>>;

/**
 * Renames attributes of spans, events or log records in a database, and maps
 * their values. The key of a span stays as it is. A later import of the same
 * source says again what it says, under the names that it knows.
 *
 * @param rows which ones: by default all spans
 * @throws {TypeError} for rows that cannot be, and for a new name that is
 * relabelled itself
 *
 * @example
 * ```ts
 * import { createSchema, openDatabase, relabel } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * createSchema(db);
 * db.exec(`INSERT INTO event (span_id, type, attributes) VALUES
 *   (1, 'boards', '{"vessel":"A"}'), (2, 'boards', '{"ship":"b"}')`);
 *
 * relabel(db, { vessel: "ship" }, { table: "event" });
 * relabel(db, { ship: { A: "a" } }, { table: "event" });
 * assert.deepEqual(
 *   [...db.query("SELECT attributes FROM event")],
 *   [{ attributes: '{"ship":"a"}' }, { attributes: '{"ship":"b"}' }],
 * );
 * ```
 */
export function relabel(
  db: Database,
  labels: Labels,
  rows?: ChosenRows,
): MergeReport;

export function relabel(
  given: Database | Iterable<object>,
  labels: Labels,
  rows: ChosenRows = {},
): Merged<object> | MergeReport {
  checkLabels(labels);
  return Symbol.iterator in given
    ? relabelRecords(given, labels)
    : relabelRows(given, labels, rows);
}
