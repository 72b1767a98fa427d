import type { Database } from "../database.ts";
import { createSchema } from "../schema.ts";
import { sql } from "../template.ts";
import { jsonPath } from "../json_path.ts";
import { type ChosenRows, rowsInSql } from "./chosen_rows.ts";
import { attributeText, member } from "./records.ts";

/**
 * Adds attributes to all records: a context that they do not mention, such as
 * the site or the campaign. A record keeps its own values, unless they are
 * null. Widening again changes nothing, and the order does not matter.
 *
 * It processes one record at a time, so that a stream can have any length.
 *
 * @param records any iterable of plain objects: events, log records, the rows
 * of a query
 * @param attributes the attributes to add; null adds nothing
 * @returns the records; changed ones are new objects
 *
 * @example
 * ```ts
 * import { widen } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * const guests = [{ name: "Ida" }, { name: "Bo", line: "white" }];
 * assert.deepEqual([...widen(guests, { line: "blue", year: 1912 })], [
 *   { name: "Ida", line: "blue", year: 1912 },
 *   { name: "Bo", line: "white", year: 1912 },
 * ]);
 * ```
 */
export function widen<T extends object, A extends object>(
  records: Iterable<T>,
  attributes: A,
): Generator<T & A>;

/**
 * Adds attributes to spans, events or log records of a database. A row keeps
 * the values of its source; a value that a rule implied is replaced.
 *
 * @param rows the rows to widen, by default all spans
 * @returns how many rows changed
 * @throws {TypeError} for rows that do not exist
 *
 * @example
 * ```ts
 * import { createSchema, openDatabase, widen } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * createSchema(db);
 * db.exec(`INSERT INTO span (type, key, attributes) VALUES
 *   ('ship', 'a', '{"ship":"a"}'), ('guest', 'Ida', '{"line":"white"}')`);
 *
 * assert.equal(widen(db, { line: "blue" }, { of: "ship" }), 1);
 * assert.deepEqual(
 *   [...db.query("SELECT attributes ->> 'line' AS line FROM span")],
 *   [{ line: "blue" }, { line: "white" }],
 * );
 * ```
 */
export function widen(
  db: Database,
  attributes: object,
  rows?: ChosenRows,
): number;

export function widen(
  given: Database | Iterable<object>,
  attributes: object,
  rows: ChosenRows = {},
): Generator<object> | number {
  const added = Object.entries(attributes)
    .filter(([, value]) => attributeText(value) !== undefined);
  return Symbol.iterator in given
    ? widenRecords(given, added)
    : widenRows(given, added, rows);
}

type Attributes = readonly (readonly [name: string, value: unknown])[];

function* widenRecords(
  records: Iterable<object>,
  attributes: Attributes,
): Generator<object> {
  for (const record of records) {
    const lacking = attributes.filter(([name]) =>
      attributeText(member(record, name)) === undefined
    );
    yield lacking.length === 0
      ? record
      : { ...record, ...Object.fromEntries(lacking) };
  }
}

function widenRows(
  db: Database,
  attributes: Attributes,
  rows: ChosenRows,
): number {
  const { table, json, where, isSpan } = rowsInSql(rows);
  if (attributes.length === 0) return 0;
  createSchema(db);
  const each = attributes.map(([name, value]) => {
    const path = jsonPath(name);
    const isImplied = isSpan
      ? sql`OR ${name} IN (SELECT value FROM json_each(implied))`
      : sql``;
    const isLacking = sql`(${json} ->> ${path} IS NULL ${isImplied})`;
    // JSON.stringify() refuses a bigint.
    const text = typeof value === "bigint" ? `${value}` : JSON.stringify(value);
    const added = sql`json(${text})`;
    return {
      isLacking,
      set: sql`${path}, iif(${isLacking}, ${added}, ${json} -> ${path})`,
    };
  });
  const names = JSON.stringify(attributes.map(([name]) => name));
  const implied = isSpan
    ? sql`, implied = (SELECT nullif(json_group_array(value), '[]')
        FROM json_each(implied)
        WHERE value NOT IN (SELECT value FROM json_each(${names})))`
    : sql``;
  return db.run(sql`UPDATE ${table} SET
      ${json} = json_set(ifnull(${json}, '{}'),
        ${sql.join(each.map(({ set }) => set))}) ${implied}
    WHERE ${where} AND (
      ${sql.join(each.map(({ isLacking }) => isLacking), " OR ")})`).changes;
}
