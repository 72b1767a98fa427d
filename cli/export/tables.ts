import defer * as crypto from "node:crypto";
import { type Database, type Row, rowChunks, sql } from "dnpc/sql";
import { beginFolder } from "../../display/output.ts";
import { didYouMean } from "../../display/text/nearest.ts";
import { DataError } from "../errors.ts";
import {
  csvHeader,
  type FormatOptions,
  rowFormats,
  withoutFormula,
} from "../formats.ts";
import { writeBuffered } from "../output.ts";

/** Writes a CSV file per table. */
export function writeCsv(
  db: Database,
  tables: readonly string[],
  folder: string,
  { isSafe = false }: Pick<FormatOptions, "isSafe"> = {},
): void {
  using output = beginFolder(folder);
  for (const table of tables) {
    const columns = columnsOf(db, table);
    const file = `${pathName(table)}.csv`;
    writeBuffered((bytes) => output.append(file, bytes), (out) => {
      out.write(
        csvHeader(isSafe ? columns.map(withoutFormula).map(String) : columns),
      );
      for (const rows of rowsInChunks(db, table)) {
        rowFormats.csv!({ columns, rows }, out, { hasHeader: false, isSafe });
      }
    });
  }
  output.commit();
}

/**
 * The names of the wanted tables and views, or of all. The views event and
 * metric stand for the tables that they read.
 *
 * @throws {DataError} if a table does not exist
 */
export function wantedTables(
  db: Database,
  wanted: readonly string[],
): readonly string[] {
  const names = db.query<{ name: string }>(
    `SELECT name FROM sqlite_schema
    WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
        AND name NOT IN ('event_row', 'event_type', 'metric_row', 'metric_name')
      OR type = 'view' AND name IN ('event', 'metric')
    ORDER BY name`,
  ).map(({ name }) => name);
  for (const table of wanted) {
    if (names.includes(table)) continue;
    throw new DataError(
      `there is no table ${table}${didYouMean(table, names)}`,
    );
  }
  return wanted.length ? wanted : names;
}

/**
 * The names of the columns of a table. Without generated ones: those of a
 * stranger may take any time and memory.
 */
const columnsOf = (db: Database, table: string): string[] =>
  db.query<{ name: string }>(
    sql`SELECT name FROM pragma_table_info(${table})`,
  ).map(({ name }) => name);

/** Large row groups of Parquet have less overhead, but are in memory. */
export const chunkRows = 100_000;

/**
 * All rows of a table in chunks, so that a large table never is in memory as a
 * whole.
 */
function rowsInChunks(db: Database, table: string): Generator<Row[]> {
  const columns = columnsOf(db, table).map(sql.id);
  const rows = db.iterate<Row>(
    sql`SELECT ${sql.join(columns)} FROM ${sql.id(table)}`,
  );
  return rowChunks(rows, chunkRows);
}

const maxPathName = 200;

/** A file name for any table, which stays in its directory. */
export function pathName(name: string): string {
  const safe = encodeURIComponent(name.toWellFormed()).replace(
    /^\.+/,
    (dots) => "%2E".repeat(dots.length),
  );
  if (safe.length <= maxPathName) return safe;
  // File names have at most 255 bytes. A hash keeps shortened names apart.
  const hash = crypto.createHash("sha256").update(name).digest("hex");
  return `${safe.slice(0, 180)}-${hash.slice(0, 16)}`;
}
