import {
  createSchema,
  type Database,
  DatabaseError,
  type Row,
  RowBuffer,
  sql,
  type SqlValue,
} from "../../../sql/mod.ts";
import { type Clock, zoneClock } from "../../clock/clock.ts";
import { readClockTime, unixTime } from "../../clock/written_time.ts";
import type { OpenSource } from "../../container/open_source.ts";
import {
  type Column,
  columnsOfTable,
  readRows,
  rowidOf,
  type Table,
} from "./read.ts";
import { type CopiedTable, identifies } from "./copied_rows.ts";
import { knownTables, meanings } from "./tables.ts";

/** How to copy the tables of a source. */
interface Copying {
  sourceId: number;
  times: ReturnType<typeof timesOfRuns>;
  /** Whether the source is attached to the database. */
  isAttached: boolean;
}

/** The schema of an attached source. */
export const attachedAs = "dnpc_source";

/** A table that was copied. */
interface Copy extends CopiedTable {
  rows: number;
  malformed: number;
  /** Rowids in the source of rows that were left out. */
  tooLong: number[];
  /** The copied rowids are greater. */
  after: number;
}

/**
 * Copies a table, adding Unix times for clock times and the source. Malformed
 * rows have an unreadable time, whose x_unix is NULL, or no identity.
 */
export function copyTable(
  from: OpenSource,
  to: Database,
  table: Table,
  copying: Copying,
): Copy {
  const name = copyName(table);
  const present = columnsOfTable(to, name);
  const clocks = timeColumns(table, present);
  const added = [
    ...clocks.map((name) => ({ name: `${name}_unix`, type: "REAL" })),
    { name: "source_id", type: "INTEGER" },
  ];
  const columns = [...renamed(table.columns, added), ...added];
  makeRoom(to, name, present, columns);
  const [last] = to.query<Row>(
    sql`SELECT max(rowid) AS rowid FROM ${sql.id(name)}`,
  );
  const after = Math.max(0, Number(last?.rowid ?? 0));
  const target = { name, columns, clocks, after };
  const { rows, offset, tooLong } =
    copyInside(from, to, table, target, copying) ??
      copyRows(from, to, table, target, copying);
  const { kind } = meanings[table.name] ?? {};
  const isMalformed = sql.join([
    kind ? sql`(${identifies(kind)}) IS NOT TRUE` : sql`FALSE`,
    ...clocks.map((name) =>
      sql`t.${sql.id(name)} IS NOT NULL AND t.${sql.id(`${name}_unix`)} IS NULL`
    ),
  ], " OR ");
  const [found] = to.query<{ malformed: number }>(
    sql`SELECT count(*) AS malformed FROM ${sql.id(name)} AS t
      WHERE t.rowid > ${after} AND (${isMalformed})`,
  );
  const malformed = found!.malformed + tooLong.length;
  return { name: table.name, rows, malformed, after, offset, tooLong };
}

/** A table to copy rows into. */
interface Target {
  name: string;
  /** The columns of the source, one of Unix time for each clock, source_id. */
  columns: readonly Column[];
  clocks: readonly string[];
  /** The last rowid. */
  after: number;
}

/** Copies the rows of an attached source; undefined if that is impossible. */
function copyInside(
  from: OpenSource,
  to: Database,
  table: Table,
  { name, columns, clocks, after }: Target,
  { sourceId, times, isAttached }: Copying,
): ReturnType<typeof copyRows> | undefined {
  if (!isAttached) return undefined;
  const source = sql`${sql.id(attachedAs)}.${sql.id(table.name)} AS t`;
  const field = (column: string) => sql`t.${sql.id(column)}`;
  const run = table.columns.some(({ name }) => name === "run_id")
    ? field("run_id")
    : sql`NULL`;
  to.define("dnpc_unix", (time, run) => times.read(time, String(run)));
  const values = sql.join([
    ...table.columns.map(({ name }) => field(name)),
    ...clocks.map((name) => sql`dnpc_unix(${field(name)}, ${run})`),
    sourceId,
  ]);
  const names = sql.join(columns.map(({ name }) => sql.id(name)));
  const rowid = rowidOf(from, table);
  const place = rowid ? field(rowid) : sql`row_number() OVER ()`;
  try {
    const [first] = !rowid ? [] : to.query<{ rowid: number | null }>(
      sql`SELECT min(${place}) AS rowid FROM ${source}`,
    );
    const offset = offsetOf(after, Number(first?.rowid ?? 1));
    const { changes: rows } = to.run(
      sql`INSERT INTO ${sql.id(name)} (rowid, ${names})
        SELECT ${place} + ${offset}, ${values} FROM ${source}
        ${rowid ? sql`ORDER BY ${place}` : sql``}`,
    );
    return { rows, offset, tooLong: [] };
  } catch (error) {
    // Reading rows one by one finds the damage, or the row that is too long.
    const isDamage = error instanceof DatabaseError &&
      (error.file === undefined || error.code === "SQLITE_CORRUPT");
    if (!isDamage) throw error;
    return undefined;
  }
}

/** Copies rows one by one. */
function copyRows(
  from: OpenSource,
  to: Database,
  table: Table,
  { name, columns, clocks, after }: Target,
  { sourceId, times }: Copying,
): { rows: number; offset: number; tooLong: number[] } {
  let offset = after;
  let rows = 0;
  const tooLong: number[] = [];
  const names = columns.map(({ name }) => name);
  const copies = new RowBuffer(to, name, [...names, "rowid"]);
  const placeOf = (name: string) =>
    table.columns.findIndex((column) => column.name === name);
  const run = placeOf("run_id");
  const places = clocks.map(placeOf);
  for (const { rowid, values, mayBeLong } of readRows(from, table)) {
    if (rows === 0) offset = offsetOf(after, rowid);
    rows++;
    if (!values) {
      tooLong.push(rowid);
      continue;
    }
    for (const place of places) {
      values.push(times.read(values[place] ?? null, String(values[run])));
    }
    values.push(sourceId, rowid + offset);
    copies.add(values);
    // A long row would otherwise stay in memory until dozens of others come.
    if (mayBeLong && values.some(isLong)) copies.flush();
  }
  copies.flush();
  return { rows, offset, tooLong };
}

const isLong = (value: SqlValue): boolean =>
  (typeof value === "string" || value instanceof Uint8Array) &&
  value.length > 2 ** 20;

/** The first rowid is the least, and it may be less than 1. */
const offsetOf = (after: number, first: number): number =>
  after + Math.max(0, 1 - first);

/** Refuses triggers and constraints that would act on rows of the copies. */
export function checkCopies(db: Database, tables: readonly Table[]): void {
  const names = [...copiesIn(db), ...tables.map(copyName)];
  createSchema(db, names.map((name) => name.toLowerCase()));
}

const copyName = ({ name }: Table) => `monitoring_${name}`;

// A user's own table may have such a name, too.
const copiesIn = (db: Database): string[] =>
  db.query<{ name: string }>(
    `SELECT name FROM sqlite_schema AS t
     WHERE type = 'table' AND name LIKE 'monitoring\\_%' ESCAPE '\\'
       AND EXISTS (SELECT 1 FROM pragma_table_info(t.name)
                   WHERE name = 'source_id')`,
  ).map(({ name }) => name);

/** Removes the rows of a source from all copied tables. */
export function removeCopies(db: Database, sourceId: number): void {
  for (const name of copiesIn(db)) {
    db.run(sql`DELETE FROM ${sql.id(name)} WHERE source_id = ${sourceId}`);
  }
}

/** Creates the table or adds the columns that it lacks. */
function makeRoom(
  db: Database,
  table: string,
  present: readonly Column[],
  wanted: readonly Column[],
): void {
  const names = new Set(present.map(({ name }) => name.toLowerCase()));
  const declared = wanted
    .filter(({ name }) => !names.has(name.toLowerCase()))
    .map(({ name, type }) => sql`${sql.id(name)} ${sql.raw(plainType(type))}`);
  if (present.length === 0) {
    db.run(sql`CREATE TABLE ${sql.id(table)} (${sql.join(declared)})`);
    return;
  }
  for (const column of declared) {
    db.run(sql`ALTER TABLE ${sql.id(table)} ADD COLUMN ${column}`);
  }
}

// Columns of the source that clash with ours get an underscore.
function renamed(own: readonly Column[], added: readonly Column[]): Column[] {
  const taken = new Set(["rowid", ...added.map(({ name }) => name)]);
  return own.map(({ name, type }) => ({
    name: taken.has(name.toLowerCase()) ? `${name}_` : name,
    type,
  }));
}

// By declared type, or as in the existing copy: another program may have
// rewritten the database with times as TEXT.
function timeColumns(
  { name, columns }: Table,
  present: readonly Column[],
): string[] {
  const names = new Set(
    knownTables.includes(name) ? present.map(({ name }) => name) : [],
  );
  return columns.filter(({ name, type }) =>
    /^(datetime|timestamp)\b/i.test(type) || names.has(`${name}_unix`)
  ).map(({ name }) => name);
}

/** A type that needs no quoting; any other is replaced by its affinity. */
const plainType = (type: string): string =>
  /^(?:[a-z][a-z ]*(\(\d+(, *\d+)?\))?)?$/i.test(type) && !constraint.test(type)
    ? type
    : affinities.find((name) => type.toUpperCase().includes(name)) ?? "NUMERIC";

const constraint =
  /\b(primary|not|null|unique|check|default|collate|references|generated|as)\b/i;

// https://www.sqlite.org/datatype3.html#determination_of_column_affinity
const affinities = ["INT", "CHAR", "CLOB", "TEXT", "BLOB", "REAL", "FLOA"]
  .concat("DOUB");

/** Reads times by the clock of the run's parsl.log, or else in a zone. */
export function timesOfRuns(
  clocks: ReadonlyMap<string, Clock>,
  timeZone: string,
) {
  const inZone = zoneClock(timeZone);
  return {
    /** Unix seconds, NaN for a value that is not a time. */
    read(value: SqlValue, run: string): number {
      if (typeof value === "number") return value;
      const written = typeof value === "string"
        ? readClockTime(value)
        : undefined;
      return unixTime(written, clocks.get(run) ?? inZone);
    },
    /** How many of them occurred twice on the clock. */
    ambiguous: () =>
      [inZone, ...clocks.values()]
        .reduce((sum, { ambiguous }) => sum + ambiguous, 0),
  };
}
