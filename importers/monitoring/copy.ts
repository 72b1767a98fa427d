import {
  type Database,
  insertRows,
  type Row,
  sql,
  type SqlValue,
} from "../../sql/mod.ts";
import type { LocalTimeReader } from "../local_time.ts";
import { type Column, columnsOf, type Table } from "./tables.ts";

/** A table of the source, copied. */
export interface CopiedTable {
  /** The name in the source: "status". Here it has `monitoring_` before it. */
  name: string;
  rows: number;
  /** Rows with a time that cannot be read; their x_unix is NULL. */
  malformed: number;
  /** What a rowid in the source has less than its rowid here. */
  offset: number;
}

/**
 * Copies a table row by row, with the moments that its clock times stand for
 * and the source beside them.
 */
export function copyTable(
  from: Database,
  to: Database,
  table: Table,
  { sourceId, readTime }: { sourceId: number; readTime: LocalTimeReader },
): CopiedTable {
  const name = `monitoring_${table.name}`;
  const times = timeColumns(table);
  makeRoom(to, name, table, times);
  const [last] = to.query<{ rowid: number | null }>(
    sql`SELECT max(rowid) AS rowid FROM ${sql.id(name)}`,
  );
  const offset = Math.max(0, last?.rowid ?? 0);
  const copied = { name: table.name, rows: 0, malformed: 0, offset };
  const columns = [
    "rowid",
    ...table.columns.map(({ name }) => name),
    ...times.map(({ name }) => unixName(name)),
    "source_id",
  ];
  function* rows() {
    for (const row of readTable(from, table)) {
      const values: SqlValue[] = Object.values(row);
      values[0] = Number(values[0]) + offset;
      let isMalformed = false;
      for (const { name } of times) {
        const time = unixTime(row[name], readTime);
        isMalformed ||= row[name] !== null && Number.isNaN(time);
        values.push(time);
      }
      values.push(sourceId);
      copied.rows++;
      if (isMalformed) copied.malformed++;
      yield values;
    }
  }
  insertRows(to, name, columns, rows());
  return copied;
}

/** Takes the rows of a source out of all tables. */
export function removeCopies(db: Database, sourceId: number): void {
  const tables = db.query<{ name: string }>(
    `SELECT name FROM sqlite_schema
     WHERE type = 'table' AND name LIKE 'monitoring\\_%' ESCAPE '\\'`,
  );
  for (const { name } of tables) {
    db.run(sql`DELETE FROM ${sql.id(name)} WHERE source_id = ${sourceId}`);
  }
}

const rowsAtOnce = 5000;

// By pages, so that memory does not grow with the table.
function* readTable(
  db: Database,
  { name, columns }: Table,
): Generator<Row> {
  const names = sql.join(columns.map(({ name }) => sql.id(name)));
  let after: SqlValue = -(2n ** 63n);
  for (;;) {
    const page: Row[] = db.query(sql`
      SELECT rowid AS ${sql.id("rowid of the source")}, ${names}
      FROM ${sql.id(name)}
      WHERE rowid > ${after}
      ORDER BY rowid LIMIT ${rowsAtOnce}`);
    yield* page;
    if (page.length < rowsAtOnce) return;
    after = page.at(-1)!["rowid of the source"]!;
  }
}

/** Adds the table and the columns that this source has and none had before. */
function makeRoom(
  db: Database,
  name: string,
  table: Table,
  times: readonly Column[],
): void {
  const present = new Set(
    columnsOf(db, name).map(({ name }) => name.toLowerCase()),
  );
  const wanted = [
    ...table.columns,
    ...times.map(({ name }) => ({ name: unixName(name), type: "REAL" })),
    { name: "source_id", type: "INTEGER" },
  ];
  const declared = wanted
    .filter(({ name }) => !present.has(name.toLowerCase()))
    .map(({ name, type }) => sql`${sql.id(name)} ${sql.raw(plainType(type))}`);
  if (present.size === 0) {
    db.run(sql`CREATE TABLE ${sql.id(name)} (${sql.join(declared)})`);
    return;
  }
  for (const column of declared) {
    db.run(sql`ALTER TABLE ${sql.id(name)} ADD COLUMN ${column}`);
  }
}

function unixTime(value: SqlValue | undefined, readTime: LocalTimeReader) {
  if (typeof value === "string") return readTime(value);
  return typeof value === "number" ? value : NaN;
}

const timeColumns = ({ columns }: Table) =>
  columns.filter(({ type }) => /^(datetime|timestamp)\b/i.test(type));

const unixName = (name: string) => `${name}_unix`;

// A type is not a name, so it cannot be quoted: one that is not of plain words
// is left out, and SQLite does well without.
const plainType = (type: string) =>
  /^[a-z][a-z ]*(\(\d+(, *\d+)?\))?$/i.test(type) ? type : "";
