import {
  type Database,
  insertRows,
  type Row,
  type Sql,
  sql,
  type SqlValue,
} from "../../../sql/mod.ts";
import type { Clock } from "../../clock/clock.ts";
import { localTimeReader } from "../../clock/local_time.ts";
import { kindOfTable, kinds } from "./kinds.ts";
import type { OpenSource } from "../../container/open_source.ts";
import { readRows } from "./read.ts";
import { type Column, columnsOf, type Table } from "./tables.ts";

/** A table of the source, copied. */
export interface CopiedTable {
  /** The name in the source: "status". Here it has `monitoring_` before it. */
  name: string;
  rows: number;
  /**
   * Rows with a time that cannot be read, whose x_unix is NULL, and rows that
   * do not say what they tell of.
   */
  malformed: number;
  /** The rowids here are all greater than this. */
  after: number;
  /** What a rowid in the source has less than its rowid here. */
  offset: number;
}

/**
 * Copies a table row by row, with the moments that its clock times stand for
 * and the source beside them.
 */
export function copyTable(
  from: OpenSource,
  to: Database,
  table: Table,
  { sourceId, readTime }: { sourceId: number; readTime: TimeOfRun },
): CopiedTable {
  const name = `monitoring_${table.name}`;
  const present = columnsOf(to, name);
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
      // The first is the least, and a rowid may be less than 1.
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

/** Takes the rows of a source out of all tables. */
export function removeCopies(db: Database, sourceId: number): void {
  // A user's own table may have such a name too.
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

/** Adds the table and the columns that this source has and none had before. */
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

// A column of the source that is called as one of ours has an underscore.
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

// By the type in the source; or as it is here, where another program has
// written the database anew and called its times TEXT.
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

/**
 * A type that can stand in a declaration without being quoted. Any other is
 * replaced by what SQLite takes it for.
 */
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

/** What the spans of one source are made from. */
export interface SpanSource {
  sourceId: number;
  /** JSON: the attributes that every span of the import is given. */
  attributes: string;
  /** What was copied just now; empty for a source of an earlier import. */
  tables: readonly CopiedTable[];
}

/** Whether a row of a table, under the name `told`, is of the source. */
export function isOf({ sourceId, tables }: SpanSource, table: string): Sql {
  const copied = tables.find(({ name }) => name === table);
  // Its rows are the last ones then, which an index tells too.
  return copied
    ? sql`told.rowid > ${copied.after}`
    : sql`told.source_id = ${sourceId}`;
}

/** What a rowid in the source has less than its rowid here. */
export const offsetOf = ({ tables }: SpanSource, table: string): number =>
  tables.find(({ name }) => name === table)?.offset ?? 0;

/** Reads a clock time that a run's host wrote. */
export interface TimeOfRun {
  /** Unix seconds, NaN for what is no time. */
  (text: string, run: string): number;
  /** How many times were read that the clock showed twice. */
  readonly ambiguous: number;
}

/**
 * Reads the times of each run by the clock that its own parsl.log shows, and
 * those of other runs in a zone.
 */
export function timesOfRuns(
  clocks: ReadonlyMap<string, Clock>,
  timeZone: string,
): TimeOfRun {
  const inZone = localTimeReader(timeZone);
  const asWritten = localTimeReader("UTC");
  const read = (text: string, run: string): number => {
    const clock = clocks.get(run);
    return clock && !hasZone.test(text)
      ? clock.unix(asWritten(text))
      : inZone(text);
  };
  return Object.defineProperty(read, "ambiguous", {
    get: () =>
      clocks.values().reduce(
        (sum, { ambiguous }) => sum + ambiguous,
        inZone.ambiguous,
      ),
  }) as TimeOfRun;
}

const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/;
