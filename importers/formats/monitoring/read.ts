import {
  type Database,
  DatabaseError,
  type Row,
  type Sql,
  sql,
  type SqlValue,
} from "../../../sql/mod.ts";
import {
  maxTries,
  type OpenSource,
  seemsHalfDone,
} from "../../container/open_source.ts";

/** A table of a database. */
export interface Table {
  name: string;
  columns: Column[];
}

/** A column with its declared type. */
export interface Column {
  name: string;
  type: string;
}

/** The tables of a database, without SQLite's own. */
export function tablesOf(db: Database): Table[] {
  const names = db.query<{ name: string }>(
    `SELECT name FROM sqlite_schema
     WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
     ORDER BY name`,
  );
  return names.map(({ name }) => ({ name, columns: columnsOfTable(db, name) }));
}

/**
 * The columns of a table; none if there is no table. Leaves out columns that are
 * computed when read: a hostile one could return anything.
 */
export function columnsOfTable(db: Database, table: string): Column[] {
  // 1: argument of a virtual table; 2: computed; 3: computed and stored.
  return db.query<Row>(sql`PRAGMA table_xinfo(${sql.id(table)})`)
    .filter(({ hidden }) => hidden === 0 || hidden === 3)
    .map(({ name, type }) => ({ name: String(name), type: String(type) }));
}

/** Whether these are the tables of Parsl's monitoring, in a file of any name. */
export function areMonitoringTables(tables: readonly Table[]): boolean {
  const has = (table: string, ...columns: string[]) => {
    const found = tables.find(({ name }) => name === table);
    return columns.every((column) =>
      found?.columns.some(({ name }) => name === column)
    );
  };
  return has("workflow", "run_id", "time_began") &&
    has("task", "run_id", "task_id");
}

/** The name of the rowid; undefined if a table has none. */
export function rowidOf(
  source: OpenSource,
  { name, columns }: Table,
): string | undefined {
  const withoutRowid = reading(source, () =>
    source.db.query(sql`
      SELECT 1 FROM pragma_table_list
      WHERE schema = 'main' AND name = ${name} AND wr`));
  if (withoutRowid.length > 0) return undefined;
  // A column with that name hides it.
  const names = new Set(columns.map(({ name }) => name.toLowerCase()));
  return ["rowid", "_rowid_", "oid"].find((name) => !names.has(name));
}

const maxRows = 2000;
const maxBytes = 2 ** 25;

/** An expression of SQLite has at most 1,000 levels. */
const maxCompared = 500;

/** The bytes of a row that can be copied: both engines have this limit. */
const maxRowBytes = 2 ** 29 - 24;

/** A row that was read; without values if it is too long. */
interface ReadRow {
  rowid: number;
  /** In the order of the columns. */
  values: SqlValue[] | undefined;
  /** False if no value has more than a few kilobytes. */
  mayBeLong: boolean;
}

/**
 * Reads the rows of a table by rowid, in pages of bounded size. In a table
 * WITHOUT ROWID they are counted from 1. A row that is too long has no values.
 */
export function* readRows(
  source: OpenSource,
  { name, columns }: Table,
): Generator<ReadRow> {
  const rowid = rowidOf(source, { name, columns });
  const isPlain = rowid !== undefined;
  const place = sql.raw(isPlain ? `t.${rowid}` : "NULL");
  // A qualified unknown column is an error; SQLite would read an unqualified
  // one as text.
  const wanted = columns.map(({ name }) => sql`t.${sql.id(name)}`);
  let after: number | bigint = -(2n ** 63n);
  let read = 0;
  const page = (values: Sql, limit: number, until = sql`TRUE`): Sql =>
    sql`SELECT ${values}, ${place} FROM ${sql.id(name)} AS t ${
      isPlain
        ? sql`WHERE ${place} > ${after} AND ${until}
          ORDER BY ${place} LIMIT ${limit}`
        : sql`LIMIT ${limit} OFFSET ${read}`
    }`;
  // A sum of them all would be too deep an expression for a wide table.
  const totals = sql.join(
    columns.map((_, i) => sql`total(${sql.id(`b${i}`)})`),
  );
  const bytes = sql.join(
    columns.map((column, i) => sql`${bytesIn(column)} AS ${sql.id(`b${i}`)}`),
  );
  const sizeOf = (limit: number): number => {
    const [row] = reading(source, () =>
      source.db.query<Record<string, number>>(
        sql`SELECT ${totals} FROM (${page(bytes, limit)})`,
      ));
    return Object.values(row!).reduce((sum, total) => sum + total, 0);
  };
  const longest = Math.floor(maxBytes / maxRows / columns.length);
  const isLong = sql.join(
    columns.map((column) => sql`${bytesIn(column)} > ${longest}`),
    " OR ",
  );
  // Finding these takes half the time of the sizes of all pages.
  const nextLong = (): number | bigint | undefined =>
    reading(source, () =>
      source.db.query<{ rowid: number | bigint }>(
        sql`SELECT ${place} AS rowid FROM ${sql.id(name)} AS t
          WHERE ${place} > ${after} AND (${isLong})
          ORDER BY ${place} LIMIT 1`,
      ))[0]?.rowid;
  const canCompare = isPlain && columns.length <= maxCompared;
  let long = canCompare ? nextLong() : undefined;
  /** Whether the next rows have no long value. */
  let isShort = canCompare;
  for (let limit = maxRows;;) {
    if (isShort) limit = maxRows;
    let size = isShort ? 0 : sizeOf(limit);
    while (size > maxBytes && limit > 1) {
      limit = Math.ceil(limit / 4);
      size = sizeOf(limit);
    }
    const isTooLong = size > maxRowBytes;
    const values = isTooLong ? sql`NULL` : sql.join(wanted);
    const until = isShort && long !== undefined
      ? sql`${place} < ${long}`
      : undefined;
    const rows = reading(
      source,
      () => source.db.arrays(page(values, limit, until)),
    );
    for (const [i, values] of rows.entries()) {
      const rowid = (values.pop() ?? read + i + 1) as number | bigint;
      // A damaged file may repeat rows forever.
      if (rowid <= after) {
        throw new DatabaseError(
          `cannot read ${source.path}: the rows of ${name} are out of order`,
        );
      }
      after = rowid;
      yield {
        rowid: Number(rowid),
        values: isTooLong ? undefined : values,
        mayBeLong: !isShort,
      };
    }
    read += rows.length;
    const isEnd = rows.length < limit;
    if (isEnd && until === undefined) return;
    if (!isShort) {
      limit = Math.min(2 * limit, maxRows);
      if (canCompare) long = nextLong();
    }
    isShort = canCompare && !(isShort && isEnd);
  }
}

/**
 * The bytes of a text or blob, which are at the start of a row: long values are
 * not read. A number would be converted to text, which takes longer than to
 * compare it.
 */
function bytesIn({ name, type }: Column): Sql {
  const value = sql`t.${sql.id(name)}`;
  const length = sql`octet_length(${value})`;
  return /INT|REAL|FLOA|DOUB|BOOL/i.test(type)
    ? sql`iif(${value} >= '', ${length}, 0)`
    : length;
}

/** Runs work on a source; its SQLite errors name the file. */
export function reading<T>(source: OpenSource, work: () => T): T {
  for (let tries = 1;; tries++) {
    try {
      return work();
    } catch (error) {
      if (seemsHalfDone(error) && tries < maxTries) continue;
      if (!(error instanceof DatabaseError)) throw error;
      throw new DatabaseError(`cannot read ${source.path}: ${error.reason}`);
    }
  }
}
