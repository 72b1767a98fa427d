import { type Database, type Row, sql } from "dnpc/sql";
import { DataError } from "../errors.ts";
import { nearest } from "../../display/text/nearest.ts";
import { visible } from "../../display/text/untrusted.ts";

/**
 * The names of the tables that are wanted, or of all.
 *
 * @throws {DataError} if one is not there
 */
export function tablesOf(
  db: Database,
  wanted: readonly string[],
): readonly string[] {
  const names = db.query<{ name: string }>(
    `SELECT name FROM sqlite_schema
    WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    ORDER BY name`,
  ).map(({ name }) => name);
  for (const table of wanted) {
    if (names.includes(table)) continue;
    const meant = nearest(table, names);
    throw new DataError(
      `there is no table ${visible(table)}` +
        (meant ? `. Did you mean ${visible(meant)}?` : ""),
    );
  }
  return wanted.length ? wanted : names;
}

/** The columns of a table, and what they were declared to be. */
export const columnsOf = (
  db: Database,
  table: string,
): { name: string; declared: string }[] =>
  db.query<{ name: string; declared: string }>(
    sql`SELECT name, type AS declared FROM pragma_table_info(${table})`,
  );

const mostRows = 20_000;

/**
 * All rows of a table, some at a time: a table of millions is never in memory
 * as a whole.
 *
 * @param more further columns, each behind a comma
 * @param joined what they are taken from
 */
export function* rowsInParts(
  db: Database,
  table: string,
  more = sql``,
  joined = sql``,
): Generator<Row[]> {
  const own = sql.id(table);
  const from = sql`${own}.*${more} FROM ${own} ${joined}`;
  if (!hasRowNumbers(db, table)) {
    yield db.query<Row>(sql`SELECT ${from}`);
    return;
  }
  const select = sql`SELECT ${own}.rowid AS ${rowNumber}, ${from}`;
  let after = sql``;
  while (true) {
    const rows = db.query<Row>(
      sql`${select} ${after} ORDER BY ${own}.rowid LIMIT ${mostRows}`,
    );
    if (rows.length === 0) return;
    yield rows;
    if (rows.length < mostRows) return;
    after = sql`WHERE ${own}.rowid > ${rows.at(-1)![rowNumberName]!}`;
  }
}

/** A table of somebody's may have been made WITHOUT ROWID. */
const hasRowNumbers = (db: Database, table: string): boolean =>
  db.query(sql`SELECT 1 FROM pragma_table_list
    WHERE schema = 'main' AND name = ${table} AND wr = 0`).length > 0;

// No table of anybody's has a column of this name.
const rowNumberName = "dnpc row number";
const rowNumber = sql.id(rowNumberName);

/** A name that stands in a path, whatever characters are in it. */
export function pathName(name: string): string {
  const safe = encodeURIComponent(name.toWellFormed()).replace(
    /^\.+/,
    (dots) => "%2E".repeat(dots.length),
  );
  if (safe.length <= 200) return safe;
  // A file has a name of 255 bytes at most. What is cut is told apart by a hash.
  let hash = 0n;
  for (const byte of new TextEncoder().encode(name)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 1099511628211n);
  }
  return `${safe.slice(0, 180)}-${hash.toString(16)}`;
}
