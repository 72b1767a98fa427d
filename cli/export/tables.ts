import defer * as crypto from "node:crypto";
import { type Database, type Row, sql } from "dnpc/sql";
import { beginFolder } from "../../display/output.ts";
import { didYouMean } from "../../display/text/nearest.ts";
import { DataError } from "../errors.ts";
import {
  csvHeader,
  type CsvOptions,
  rowFormats,
  withoutFormula,
} from "../formats.ts";
import { writeBuffered } from "../output.ts";

/** Writes a CSV file per table. */
export function writeCsv(
  db: Database,
  tables: readonly string[],
  folder: string,
  { isSafe = false }: Pick<CsvOptions, "isSafe"> = {},
): void {
  using output = beginFolder(folder);
  for (const table of tables) {
    const columns = tableColumns(db, table).map(({ name }) => name);
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
 * The names of the wanted tables, or of all.
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

/** A column with its declared type. */
export interface TableColumn {
  name: string;
  declared: string;
}

/**
 * The columns of a table. Without generated ones: those of a stranger may take
 * any time and memory.
 */
export const tableColumns = (db: Database, table: string): TableColumn[] =>
  db.query<TableColumn>(
    sql`SELECT name, type AS declared FROM pragma_table_info(${table})`,
  );

/** Large row groups of Parquet have less overhead, but are in memory. */
export const chunkRows = 100_000;

/**
 * All rows of a table in chunks, so that a large table never is in memory as a
 * whole.
 *
 * @param more further columns, each after a comma
 */
export function* rowsInChunks(
  db: Database,
  table: string,
  more = sql``,
): Generator<Row[]> {
  const own = sql.id(table);
  const columns = tableColumns(db, table).map(({ name }) =>
    sql`${own}.${sql.id(name)}`
  );
  const from = sql`${sql.join(columns)}${more} FROM ${own}`;
  if (!hasRowid(db, table)) {
    yield db.query<Row>(sql`SELECT ${from}`);
    return;
  }
  const select = sql`SELECT ${own}.rowid AS ${sql.id(rowidName)}, ${from}`;
  let rows: Row[] = [];
  do {
    const last = rows.at(-1)?.[rowidName];
    const after = last == null ? sql`` : sql`WHERE ${own}.rowid > ${last}`;
    rows = db.query<Row>(
      sql`${select} ${after} ORDER BY ${own}.rowid LIMIT ${chunkRows}`,
    );
    yield rows;
  } while (rows.length === chunkRows);
}

/** False for a table made WITHOUT ROWID. */
const hasRowid = (db: Database, table: string): boolean =>
  db.query(sql`SELECT 1 FROM pragma_table_list
    WHERE schema = 'main' AND name = ${table} AND wr = 0`).length > 0;

// Unlikely to be the name of a column.
const rowidName = "dnpc row number";

const maxPathName = 200;

/** A file name for any table or run, which stays in its directory. */
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
