import type { ImpliesRule } from "./rules.ts";
import type { Database } from "../database.ts";
import type { ChosenRows } from "./chosen_rows.ts";
import { implyRecords } from "./imply_records.ts";
import { implyRows } from "./imply_rows.ts";
import type { Merged } from "./records.ts";
import type { MergeReport } from "./row_report.ts";

/**
 * Completes records by what others say: if some members lead to others in the
 * records that have both, a record with the first alone gets the others. From
 * one rule to the next, to a fixpoint; neither the order of the records nor that
 * of the rules matters, and to do it again changes nothing.
 *
 * Where the same members lead to different values, the rule makes nothing of
 * them and both sides are reported; where two rules lead to different values of
 * one record, it gets neither, and that is reported too. Values are compared as text; one that is
 * missing or null is equal to none. The time is about linear in the records.
 *
 * @param records any iterable of plain objects: events, log records, the rows
 * of a query
 * @param rules those of {@linkcode bind} that imply
 * @returns the records in their order, and contradictions
 * @throws {TypeError} for what is no such rule
 *
 * @example
 * ```ts
 * import { implies } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * const rows = [
 *   { event: "sold", cabin: "12", guest: "Ida" },
 *   { event: "cleaned", cabin: "12" },
 *   { event: "sold", cabin: "13", guest: "Bo" },
 *   { event: "sold", cabin: "13", guest: "Ann" },
 * ];
 * const merged = implies(rows, [{ implies: ["cabin"], gives: ["guest"] }]);
 * assert.deepEqual(merged.records[1], {
 *   event: "cleaned",
 *   cabin: "12",
 *   guest: "Ida",
 * });
 * assert.deepEqual(merged.contradictions, [{
 *   rule: "implies: cabin => guest",
 *   on: { cabin: "13" },
 *   sides: [
 *     { values: { guest: "Ann" }, record: rows[3] },
 *     { values: { guest: "Bo" }, record: rows[2] },
 *   ],
 * }]);
 * ```
 */
export function implies<T extends object>(
  records: Iterable<T>,
  rules: Iterable<ImpliesRule>,
): Merged<T>;

/**
 * Completes spans, events or log records of a database by what others of them
 * say. Of a span, `implied` then names what it got, and the next `bind` starts
 * without that.
 *
 * @param rows which ones: by default all spans
 * @throws {TypeError} for what is no such rule, and for rows that cannot be
 *
 * @example
 * ```ts
 * import { createSchema, implies, openDatabase } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * createSchema(db);
 * db.exec(`INSERT INTO log_record (entry) VALUES
 *   ('{"cabin":12,"guest":"Ida"}'), ('{"cabin":"12"}')`);
 *
 * const rules = [{ implies: ["cabin"], gives: ["guest"] }];
 * assert.equal(implies(db, rules, { table: "log_record" }).changed, 1);
 * assert.deepEqual(
 *   [...db.query("SELECT entry ->> 'guest' AS guest FROM log_record")],
 *   [{ guest: "Ida" }, { guest: "Ida" }],
 * );
 * ```
 */
export function implies(
  db: Database,
  rules: Iterable<ImpliesRule>,
  rows?: ChosenRows,
): MergeReport;

export function implies(
  given: Database | Iterable<object>,
  rules: Iterable<ImpliesRule>,
  rows: ChosenRows = {},
): Merged<object> | MergeReport {
  const all = [...rules];
  for (const rule of all) {
    if ("implies" in Object(rule)) continue;
    throw new TypeError(
      "implies() takes rules { implies: [names], gives: [names] }, not " +
        JSON.stringify(rule),
    );
  }
  return Symbol.iterator in given
    ? implyRecords(given, all)
    : implyRows(given, all, rows);
}
