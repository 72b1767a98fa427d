import { DatabaseError, type Row, sql } from "../../../sql/mod.ts";
import {
  mostTries,
  type OpenSource,
  seemsHalfDone,
} from "../../container/open_source.ts";
import type { Table } from "./tables.ts";

/** A row of a source. */
export interface SourceRow {
  /** Counted from 1 in a table WITHOUT ROWID. */
  rowid: number;
  row: Row;
}

const rowsAtOnce = 5000;

/**
 * The rows of a table of a source in the order of their rowids, read by pages,
 * so that memory does not grow with the table.
 */
export function* readRows(
  source: OpenSource,
  { name, columns }: Table,
): Generator<SourceRow> {
  const names = new Set(columns.map(({ name }) => name.toLowerCase()));
  // A column of that name hides it.
  const rowid = ["rowid", "_rowid_", "oid"].find((name) => !names.has(name));
  const isPlain = rowid !== undefined && !isWithoutRowid(source, name);
  let alias = "rowid of the source";
  while (names.has(alias)) alias += "_";
  const place = sql.raw(isPlain ? `told.${rowid}` : "NULL");
  // With the table before it, a name that is no column is an error; alone,
  // SQLite would take it for text.
  const wanted = columns.map(({ name }) => sql`told.${sql.id(name)}`);
  const page = (after: number | bigint, read: number): Row[] =>
    reading(source, () =>
      source.db.query(sql`
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
          `cannot read ${source.path}: the rows of ${name} are out of order`,
        );
      }
      after = rowid;
      yield { rowid: Number(rowid), row };
    }
    if (rows.length < rowsAtOnce) return;
  }
}

/** Does work on a source; an error of SQLite's then says which file it is. */
export function reading<T>(source: OpenSource, work: () => T): T {
  for (let tries = 1;; tries++) {
    try {
      return work();
    } catch (error) {
      if (seemsHalfDone(error) && tries < mostTries) continue;
      if (!(error instanceof DatabaseError)) throw error;
      const [message] = error.message.replace(`cannot use ${error.file}: `, "")
        .split("\n");
      throw new DatabaseError(`cannot read ${source.path}: ${message}`);
    }
  }
}

function isWithoutRowid(source: OpenSource, table: string): boolean {
  return reading(source, () =>
    source.db.query(sql`
      SELECT 1 FROM pragma_table_list
      WHERE schema = 'main' AND name = ${table} AND wr`)).length > 0;
}
