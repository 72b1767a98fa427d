import {
  type Database,
  DatabaseError,
  openDatabase,
  type Row,
  sql,
  type SqlValue,
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
  const page = (after: SqlValue, read: number): Row[] =>
    reading(db, () =>
      db.query(sql`
        SELECT ${sql.raw(isPlain ? rowid : "NULL")} AS ${sql.id(alias)},
          ${sql.join(columns.map(({ name }) => sql.id(name)))}
        FROM ${sql.id(name)} ${
        isPlain
          ? sql`WHERE ${sql.raw(rowid)} > ${after} ORDER BY ${sql.raw(rowid)}
                LIMIT ${rowsAtOnce}`
          : sql`LIMIT ${rowsAtOnce} OFFSET ${read}`
      }`));
  let after: SqlValue = -(2n ** 63n);
  for (let read = 0;; read += rowsAtOnce) {
    const rows = page(after, read);
    for (const [i, row] of rows.entries()) {
      yield { rowid: Number(row[alias] ?? read + i + 1), row };
    }
    if (rows.length < rowsAtOnce) return;
    after = rows.at(-1)![alias]!;
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
