import type { Database } from "../database.ts";
import { createSchema } from "../schema.ts";
import { sql } from "../template.ts";
import {
  type ChosenRows,
  readRows,
  rowsInSql,
  writeImplied,
} from "./chosen_rows.ts";
import {
  contradictionsOf,
  type Findings,
  findSources,
  startFindings,
} from "./contradictions.ts";
import { imply } from "./implications.ts";
import { attributeText, member, unchanged } from "./records.ts";
import type { Merged, MergeReport } from "./report.ts";
import { isImplied, Rows } from "./rows.ts";
import { checkRules, type ImpliesRule } from "./rules.ts";

/**
 * Completes records from other records: if some members determine others in the
 * records that have both, a record that has only the first gets the others.
 * Rules are applied to a fixpoint; the order of records and rules does not
 * matter, and repeating it changes nothing.
 *
 * If the same members lead to different values, the rule ignores them and both
 * sides are reported; likewise if two rules lead to different values for one
 * record. Values are compared as text; a missing or null one equals nothing.
 * The time is about linear in the number of records, for each rule. Contradictions
 * may hide one another: a value that shows only after 16 of them were removed in
 * turn may be left out.
 *
 * @param records any iterable of plain objects: events, log records, the rows
 * of a query
 * @param rules the rules of {@linkcode bind} that imply
 * @returns the records in their order, and contradictions
 * @throws {TypeError} for any other rule
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
 * Completes spans, events or log records of a database from the others. For a
 * span, `implied` then names the new attributes, and the next `bind` removes
 * them again.
 *
 * @param rows the rows to complete, by default all spans
 * @throws {TypeError} for any other rule, and for rows that do not exist
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
  const findings = startFindings(checkRules(all));
  const report = Symbol.iterator in given
    ? implyRecords([...given], findings)
    : implyRows(given, findings, rows);
  for (const { contradicted } of findings) report.contradicted += contradicted;
  return report;
}

function implyRows(
  db: Database,
  findings: readonly Findings<ImpliesRule>[],
  chosen: ChosenRows,
): MergeReport {
  const inSql = rowsInSql(chosen);
  const { table, json, isSpan } = inSql;
  createSchema(db);
  return db.transaction(() => {
    const rows = readRows(db, findings.map(({ rule }) => rule), inSql);
    imply(rows, findings);
    const completed = sql`json_patch(ifnull(t.${json}, '{}'), added)`;
    const names = sql`(SELECT json_group_array(value) FROM (
      SELECT value FROM json_each(t.implied)
      UNION ALL SELECT value FROM json_each(names)))`;
    const changed = writeImplied(db, rows, completedRows(rows), {
      table,
      columns: isSpan ? sql`${json}, implied` : json,
      values: isSpan ? sql`${completed}, ${names}` : completed,
    });
    const contradictions = contradictionsOf(findings, ({ values, row }) => (
      { values, id: rows.ids[row]!, sources: [] }
    ));
    findSources(db, contradictions, ({ id }) => id, chosen.table);
    return { changed, contradicted: 0, contradictions };
  });
}

function implyRecords(
  given: object[],
  findings: readonly Findings<ImpliesRule>[],
): Merged<object> {
  const rows = new Rows(findings.map(({ rule }) => rule));
  given.forEach((record, i) => {
    const texts = rows.columns.map(({ name }) => [
      name,
      attributeText(member(record, name)),
    ]);
    rows.add(i, Object.fromEntries(texts));
  });
  imply(rows, findings);
  const merged = unchanged([...given]);
  const valueOf = new Map(
    rows.given.map(({ name }) => [name, typedValues(given, name)]),
  );
  for (const row of completedRows(rows)) {
    const values = rows.impliedIn(row).map(({ name, values }) => [
      name,
      valueOf.get(name)!(rows.text(values[row]!)!),
    ]);
    merged.records[row] = { ...given[row], ...Object.fromEntries(values) };
    merged.changed++;
  }
  merged.contradictions = contradictionsOf(findings, ({ values, row }) => (
    { values, record: given[row]! }
  ));
  return merged;
}

const completedRows = (rows: Rows): IteratorObject<number> =>
  rows.rows().filter((row) => isImplied(rows.given, row));

/**
 * The value of a member for its text: a number or boolean if all records that
 * have the text agree on the type, otherwise the text.
 */
function typedValues(records: readonly object[], name: string) {
  const values = new Map<string, unknown>();
  for (const record of records) {
    const value = member(record, name);
    const text = attributeText(value);
    if (text === undefined) continue;
    const known = values.get(text);
    if (known === undefined) values.set(text, value);
    else if (typeof known !== typeof value) values.set(text, text);
  }
  return (text: string) => values.get(text) ?? text;
}
