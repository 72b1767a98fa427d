import {
  type Database,
  insertRows,
  type Row,
  type Sql,
  sql,
  type SqlValue,
} from "../../../sql/mod.ts";
import { type Clock, zoneClock } from "../../clock/clock.ts";
import { readClockTime, unixTime as timeBy } from "../../clock/written_time.ts";
import { kindOfTable, kinds } from "./kinds.ts";
import type { OpenSource } from "../../container/open_source.ts";
import { readRows } from "./read.ts";
import { type Column, columnsOfTable, type Table } from "./tables.ts";

/** A copied table of a source. */
export interface CopiedTable {
  /** Name in the source, "status"; the copy has the prefix `monitoring_`. */
  name: string;
  rows: number;
  /** Rows with an unreadable time, whose x_unix is NULL, or no identity. */
  malformed: number;
  /** Copied rowids are greater than this. */
  after: number;
  /** Difference between a copied rowid and that in the source. */
  offset: number;
}

/** Copies a table, adding Unix times for clock times and the source. */
export function copyTable(
  from: OpenSource,
  to: Database,
  table: Table,
  { sourceId, readTime }: { sourceId: number; readTime: TimeOfRun },
): CopiedTable {
  const name = `monitoring_${table.name}`;
  const present = columnsOfTable(to, name);
  const times = timeColumns(table, present);
  const added = [
    ...times.map(({ name }) => ({ name: unixName(name), type: "REAL" })),
    { name: "source_id", type: "INTEGER" },
  ];
  const columns = [...renamed(table.columns, added), ...added];
  makeRoom(to, name, present, columns);
  const after = lastRowid(to, name);
  const copied = {
    ...{ name: table.name, rows: 0, malformed: 0 },
    ...{ after, offset: after },
  };
  const needs = kinds[kindOfTable.get(table.name)!]?.needs ?? [];
  function* rows() {
    for (const { rowid, row } of readRows(from, table)) {
      // The first rowid is the least, and it may be less than 1.
      if (copied.rows === 0 && rowid < 1) copied.offset += 1 - rowid;
      const values: SqlValue[] = [rowid + copied.offset];
      for (const { name } of table.columns) values.push(row[name]!);
      let isMalformed = needs.some((column) => row[column] === null);
      for (const { name } of times) {
        const time = unixTime(row[name], row.run_id, readTime);
        isMalformed ||= row[name] !== null && Number.isNaN(time);
        values.push(time);
      }
      values.push(sourceId);
      copied.rows++;
      if (isMalformed) copied.malformed++;
      yield values;
    }
  }
  insertRows(to, name, ["rowid", ...columns.map(({ name }) => name)], rows());
  return copied;
}

/** Removes the rows of a source from all copied tables. */
export function removeCopies(db: Database, sourceId: number): void {
  // A user's own table may have such a name, too.
  const tables = db.query<{ name: string }>(
    `SELECT name FROM sqlite_schema AS t
     WHERE type = 'table' AND name LIKE 'monitoring\\_%' ESCAPE '\\'
       AND EXISTS (SELECT 1 FROM pragma_table_info(t.name)
                   WHERE name = 'source_id')`,
  );
  for (const { name } of tables) {
    db.run(sql`DELETE FROM ${sql.id(name)} WHERE source_id = ${sourceId}`);
  }
}

function lastRowid(db: Database, table: string): number {
  const [last] = db.query<Row>(
    sql`SELECT max(rowid) AS rowid FROM ${sql.id(table)}`,
  );
  return Math.max(0, Number(last?.rowid ?? 0));
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

function unixTime(
  value: SqlValue | undefined,
  run: SqlValue | undefined,
  readTime: TimeOfRun,
) {
  if (typeof value === "string") return readTime(value, String(run));
  return typeof value === "number" ? value : NaN;
}

// By declared type, or as in the existing copy: another program may have written
// the database anew with times as TEXT.
function timeColumns(
  { name, columns }: Table,
  present: readonly Column[],
): Column[] {
  const names = new Set(
    kindOfTable.has(name) ? present.map(({ name }) => name) : [],
  );
  return columns.filter(({ name, type }) =>
    /^(datetime|timestamp)\b/i.test(type) || names.has(unixName(name))
  );
}

const unixName = (name: string) => `${name}_unix`;

/** A type that needs no quoting; any other is replaced by its affinity. */
function plainType(type: string): string {
  const isPlain = /^[a-z][a-z ]*(\(\d+(, *\d+)?\))?$/i.test(type) &&
    !constraint.test(type);
  if (isPlain || type === "") return type;
  const [, affinity] = affinities.find(([pattern]) => pattern.test(type))!;
  return affinity;
}

const constraint =
  /\b(primary|not|null|unique|check|default|collate|references|generated|as)\b/i;

// https://www.sqlite.org/datatype3.html#determination_of_column_affinity
const affinities: readonly [RegExp, string][] = [
  [/int/i, "INTEGER"],
  [/char|clob|text/i, "TEXT"],
  [/blob/i, "BLOB"],
  [/real|floa|doub/i, "REAL"],
  [/(?:)/, "NUMERIC"],
];

/** The copied rows that the spans of one source are made from. */
export interface SpanSource {
  sourceId: number;
  /** JSON: the user attributes of the import. */
  attributes: string;
  /** Tables copied by this import; none for a source of an earlier one. */
  tables: readonly CopiedTable[];
}

/** Whether a row of a table, named `told`, is from the source. */
export function isOf({ sourceId, tables }: SpanSource, table: string): Sql {
  const copied = tables.find(({ name }) => name === table);
  // Its rows are the last ones; indexes have the rowid, too.
  return copied
    ? sql`told.rowid > ${copied.after}`
    : sql`told.source_id = ${sourceId}`;
}

/** Difference between a copied rowid and that in the source. */
export const offsetOf = ({ tables }: SpanSource, table: string): number =>
  tables.find(({ name }) => name === table)?.offset ?? 0;

/** Reads clock times of a run's host. */
export interface TimeOfRun {
  /** Unix seconds, NaN for a value that is not a time. */
  (text: string, run: string): number;
  /** How many of them occurred twice on the clock. */
  readonly ambiguous: number;
}

/** Reads times by the clock of the run's parsl.log, or else in a zone. */
export function timesOfRuns(
  clocks: ReadonlyMap<string, Clock>,
  timeZone: string,
): TimeOfRun {
  const inZone = zoneClock(timeZone);
  const read = (text: string, run: string): number =>
    timeBy(readClockTime(text), clocks.get(run) ?? inZone);
  return Object.defineProperty(read, "ambiguous", {
    get: () =>
      clocks.values().reduce(
        (sum, { ambiguous }) => sum + ambiguous,
        inZone.ambiguous,
      ),
  }) as TimeOfRun;
}
