import type { Database } from "../database.ts";
import { jsonPath } from "../json_path.ts";
import { createSchema } from "../schema.ts";
import type { Sql } from "../sql_text.ts";
import { sql } from "../template.ts";
import {
  type ChosenRows,
  memberText,
  type RowsInSql,
  rowsInSql,
} from "./chosen_rows.ts";
import { findSources, maxPerRule } from "./contradictions.ts";
import { attributeText, member, unchanged } from "./records.ts";
import type { Merged, MergeReport } from "./report.ts";

/**
 * New names and values: for each attribute its new name, or an object that maps
 * its values to new ones. `{ task_id: "task", host: { vm: "login1" } }`
 */
export type Labels = Readonly<
  Record<string, string | Readonly<Record<string, string>>>
>;

/**
 * Translates records into one vocabulary: renames members, and maps values,
 * such as two names of one machine. Relabelling again changes nothing, unless a
 * new value is mapped itself.
 *
 * A record that has both names with different values keeps both, and is
 * reported.
 *
 * @param records any iterable of plain objects: events, log records, the rows
 * of a query
 * @param labels for each member its new name, or an object that maps its values
 * to new ones; values are compared as text
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
 * source writes the original names again.
 *
 * @param rows the rows to relabel, by default all spans
 * @throws {TypeError} for rows that do not exist, and for a new name that is
 * relabelled itself
 *
 * @example
 * ```ts
 * import { createSchema, insertRows, openDatabase, relabel } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * createSchema(db);
 * insertRows(db, "event", ["span_id", "type", "attributes"], [
 *   [1, "boards", '{"vessel":"A"}'],
 *   [2, "boards", '{"ship":"b"}'],
 * ]);
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

function checkLabels(labels: Labels): void {
  for (const [name, label] of Object.entries(labels)) {
    if (typeof label !== "string") {
      const isMap = typeof label === "object" && label !== null &&
        Object.values(label).every((value) => typeof value === "string");
      if (isMap) continue;
      throw new TypeError(
        `a label is another name, or { value: "other value" }, not ` +
          `${JSON.stringify(label)} for ${name}`,
      );
    }
    if (!Object.hasOwn(labels, label)) continue;
    throw new TypeError(
      `${name} cannot become ${label}, which is relabelled itself: ` +
        "relabel that one first, in a call of its own",
    );
  }
}

/** A contradiction between the values of both names of a member. */
const bothNames = <Side extends object>(
  [from, old]: readonly [string, string],
  [to, now]: readonly [string, string],
  sideOf: () => Side,
) => ({
  rule: `relabel: ${from} => ${to}`,
  on: {},
  sides: [{ [from]: old }, { [to]: now }]
    .map((values) => ({ values, ...sideOf() })),
});

function relabelRecords(
  given: Iterable<object>,
  labels: Labels,
): Merged<object> {
  const merged = unchanged<object>([]);
  const counts = new Map<string, number>();
  for (const record of given) {
    let now = record;
    for (const [name, label] of Object.entries(labels)) {
      const text = attributeText(member(now, name));
      if (text === undefined) continue;
      if (typeof label !== "string") {
        const value = member(label, text);
        if (value !== undefined && value !== text) {
          now = { ...now, [name]: value };
        }
        continue;
      }
      const other = attributeText(member(now, label)) ?? text;
      if (other === text) {
        now = withNewName(now, name, label);
        continue;
      }
      merged.contradicted++;
      // By the old name, which has one new name.
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      if (count > maxPerRule) continue;
      merged.contradictions.push(
        bothNames([name, text], [label, other], () => ({ record })),
      );
    }
    if (now !== record) merged.changed++;
    merged.records.push(now);
  }
  return merged;
}

/** The member keeps its place among the others. */
function withNewName(record: object, from: string, to: string): object {
  return Object.fromEntries(
    Object.entries(record).filter(([name]) => name !== to)
      .map(([name, value]) => [name === from ? to : name, value]),
  );
}

function relabelRows(
  db: Database,
  labels: Labels,
  chosen: ChosenRows,
): MergeReport {
  const rows = rowsInSql(chosen);
  createSchema(db);
  return db.transaction(() => {
    const report: MergeReport = {
      changed: 0,
      contradicted: 0,
      contradictions: [],
    };
    // A row that several labels change counts once.
    const changed = new Set<number>();
    for (const [name, label] of Object.entries(labels)) {
      const change = typeof label === "string"
        ? rename(rows, name, label)
        : mapValues(rows, name, label);
      const updated = db.query<{ id: number }>(
        sql`UPDATE ${rows.table} SET ${change} RETURNING id`,
      );
      for (const { id } of updated) changed.add(id);
      if (typeof label === "string") {
        noteBothNames(db, rows, name, label, report);
      }
    }
    findSources(db, report.contradictions, ({ id }) => id, chosen.table);
    report.changed = changed.size;
    return report;
  });
}

/** The assignments and the condition of an UPDATE. */
function rename(
  { json, where, isSpan }: RowsInSql,
  from: string,
  to: string,
): Sql {
  const [oldText, newText] = [memberText(json, from), memberText(json, to)];
  const isImplied = (name: string) =>
    sql`${name} IN (SELECT value FROM json_each(implied))`;
  // It is no longer implied if the source used one of the names.
  const implied = sql`, implied = (
    SELECT nullif(json_group_array(name), '[]') FROM (
      SELECT value AS name FROM json_each(implied)
      WHERE value NOT IN (${from}, ${to})
      UNION ALL SELECT ${to} WHERE ${isImplied(from)}
        AND (${newText} IS NULL OR ${isImplied(to)})))`;
  const [old, now] = [jsonPath(from), jsonPath(to)];
  return sql`${json} = json_remove(
      json_set(${json}, ${now}, ${json} -> ${old}), ${old})
      ${isSpan ? implied : sql``}
    WHERE ${where} AND ${oldText} IS NOT NULL AND
      (${newText} IS NULL OR ${newText} = ${oldText})`;
}

function mapValues(
  { json, where }: RowsInSql,
  name: string,
  values: Readonly<Record<string, string>>,
): Sql {
  const text = memberText(json, name);
  const value = sql`(SELECT value FROM json_each(${JSON.stringify(values)})
    WHERE key = ${text})`;
  return sql`${json} = json_set(${json}, ${jsonPath(name)}, ${value})
    WHERE ${where} AND ${text} <> ${value}`;
}

function noteBothNames(
  db: Database,
  { table, json, where }: RowsInSql,
  from: string,
  to: string,
  report: MergeReport,
): void {
  const [old, now] = [memberText(json, from), memberText(json, to)];
  const conflicts = db.query<{ id: number; old: string; now: string }>(
    sql`SELECT id, ${old} AS old, ${now} AS now
    FROM ${table} WHERE ${where} AND ${old} <> ${now} ORDER BY id`,
  );
  report.contradicted += conflicts.length;
  for (const { id, old, now } of conflicts.slice(0, maxPerRule)) {
    report.contradictions.push(
      bothNames([from, old], [to, now], () => ({ id, sources: [] })),
    );
  }
}
