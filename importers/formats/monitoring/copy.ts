import {
  createSchema,
  type Database,
  type Row,
  RowBuffer,
  sql,
  type SqlValue,
} from "../../../sql/mod.ts";
import { type Clock, zoneClock } from "../../clock/clock.ts";
import { readClockTime, unixTime } from "../../clock/written_time.ts";
import type { OpenSource } from "../../container/open_source.ts";
import { type Column, columnsOfTable, readRows, type Table } from "./read.ts";
import { knownTables } from "./tables.ts";

/** How to copy the tables of a source. */
export interface Copying {
  sourceId: number;
  times: ReturnType<typeof timesOfRuns>;
  /** Receives a row and the rowid of its copy; false if it is malformed. */
  use(row: Row, copy: number): boolean;
}

/**
 * Copies a table, adding Unix times for clock times and the source. Malformed
 * rows have an unreadable time, whose x_unix is NULL, or no identity. `offset` is
 * the difference between a copied rowid and that in the source.
 */
export function copyTable(
  from: OpenSource,
  to: Database,
  table: Table,
  { sourceId, times, use }: Copying,
): { rows: number; malformed: number; offset: number } {
  const name = copyOf(table);
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
  const offset = Math.max(0, Number(last?.rowid ?? 0));
  const copied = { rows: 0, malformed: 0, offset };
  const names = columns.map(({ name }) => name);
  const copies = new RowBuffer(to, name, ["rowid", ...names]);
  for (const { rowid, row } of readRows(from, table)) {
    // The first rowid is the least, and it may be less than 1.
    if (copied.rows === 0 && rowid < 1) copied.offset += 1 - rowid;
    const values: SqlValue[] = [rowid + copied.offset];
    for (const { name } of table.columns) values.push(row[name]!);
    let isWhole = use(row, rowid + copied.offset);
    for (const name of clocks) {
      const written = row[name] ?? null;
      const time = times.read(written, String(row.run_id));
      if (written !== null && Number.isNaN(time)) isWhole = false;
      values.push(time);
    }
    values.push(sourceId);
    copied.rows++;
    if (!isWhole) copied.malformed++;
    copies.add(values);
  }
  copies.flush();
  return copied;
}

/** Refuses anything that would act on what is written to or removed from copies. */
export function checkCopies(db: Database, tables: readonly Table[]): void {
  const names = [...copiesIn(db), ...tables.map(copyOf)];
  createSchema(db, names.map((name) => name.toLowerCase()));
}

const copyOf = ({ name }: Table) => `monitoring_${name}`;

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
