import {
  type Database,
  DatabaseError,
  openDatabase,
  type Row,
  sql,
} from "../../sql/mod.ts";
import { isFile } from "../paths.ts";
import type { Table } from "./tables.ts";

/** A row of a source. */
export interface SourceRow {
  /** Counted from 1 in a table WITHOUT ROWID. */
  rowid: number;
  row: Row;
}

/** Opens a source, which is never written to. */
export async function openSource(path: string): Promise<Database> {
  try {
    return await openDatabase(path, { readOnly: true });
  } catch (error) {
    const journal = `${path}-journal`;
    if (!(error instanceof DatabaseError) || !isFile(journal)) throw error;
    throw new DatabaseError(
      `${error.message}. ${journal} shows that a program was killed while it ` +
        "wrote: open a copy of both with sqlite3, which mends it, and import " +
        "the copy",
    );
  }
}

const rowsAtOnce = 5000;

/**
 * The rows of a table of a source in the order of their rowids, read by pages,
 * so that memory does not grow with the table.
 */
export function* readRows(
  db: Database,
  { name, columns }: Table,
): Generator<SourceRow> {
  const names = new Set(columns.map(({ name }) => name.toLowerCase()));
  // A column of that name hides it.
  const rowid = ["rowid", "_rowid_", "oid"].find((name) => !names.has(name));
  const isPlain = rowid !== undefined && !isWithoutRowid(db, name);
  let alias = "rowid of the source";
  while (names.has(alias)) alias += "_";
  const place = sql.raw(isPlain ? `told.${rowid}` : "NULL");
  // With the table before it, a name that is no column is an error; alone,
  // SQLite would take it for text.
  const wanted = columns.map(({ name }) => sql`told.${sql.id(name)}`);
  const page = (after: number | bigint, read: number): Row[] =>
    reading(db, () =>
      db.query(sql`
        SELECT ${place} AS ${sql.id(alias)}, ${sql.join(wanted)}
        FROM ${sql.id(name)} AS told ${
        isPlain
          ? sql`WHERE ${place} > ${after} ORDER BY ${place}
                LIMIT ${rowsAtOnce}`
          : sql`LIMIT ${rowsAtOnce} OFFSET ${read}`
      }`));
  let after: number | bigint = -(2n ** 63n);
  for (let read = 0;; read += rowsAtOnce) {
    const rows = page(after, read);
    for (const [i, row] of rows.entries()) {
      const rowid = (row[alias] ?? read + i + 1) as number | bigint;
      // A damaged file may give a row again, and without an end.
      if (rowid <= after) {
        throw new DatabaseError(
          `cannot read ${db.path}: the rows of ${name} are out of order`,
        );
      }
      after = rowid;
      yield { rowid: Number(rowid), row };
    }
    if (rows.length < rowsAtOnce) return;
  }
}

/** Does work on a source; an error of SQLite's then says which file it is. */
export function reading<T>(db: Database, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const [message] = error.message.split("\n");
    throw new DatabaseError(`cannot read ${db.path}: ${message}`);
  }
}

function isWithoutRowid(db: Database, table: string): boolean {
  return reading(db, () =>
    db.query(sql`
      SELECT 1 FROM pragma_table_list
      WHERE schema = 'main' AND name = ${table} AND wr`)).length > 0;
}
