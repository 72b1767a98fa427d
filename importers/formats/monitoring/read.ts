import { DatabaseError, type Row, sql } from "../../../sql/mod.ts";
import {
  maxTries,
  type OpenSource,
  seemsHalfDone,
} from "../../container/open_source.ts";
import type { Table } from "./tables.ts";

/** A row of a source. */
export interface SourceRow {
  /** For a table WITHOUT ROWID, counted from 1. */
  rowid: number;
  row: Row;
}

const rowsAtOnce = 5000;

/** Reads the rows of a table by rowid, in pages, with bounded memory. */
export function* readRows(
  source: OpenSource,
  { name, columns }: Table,
): Generator<SourceRow> {
  const names = new Set(columns.map(({ name }) => name.toLowerCase()));
  // A column with that name hides it.
  const rowid = ["rowid", "_rowid_", "oid"].find((name) => !names.has(name));
  const isPlain = rowid !== undefined && !isWithoutRowid(source, name);
  let alias = "rowid of the source";
  while (names.has(alias)) alias += "_";
  const place = sql.raw(isPlain ? `told.${rowid}` : "NULL");
  // A qualified unknown column is an error; SQLite takes an unqualified one for
  // text.
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
      // A damaged file may repeat rows forever.
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

/** Runs work on a source; its SQLite errors name the file. */
export function reading<T>(source: OpenSource, work: () => T): T {
  for (let tries = 1;; tries++) {
    try {
      return work();
    } catch (error) {
      if (seemsHalfDone(error) && tries < maxTries) continue;
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
