import { type Database, type Sql, sql } from "../../../sql/mod.ts";
import { isThere, type Kind, kinds, typeOf } from "./kinds.ts";
import { isOf, type SpanSource } from "./copy.ts";

/**
 * Collects what the rows of one source call the things that they tell of, each
 * name once, in a temporary table for each kind of span: the values as they
 * stand there, and the span. To find a span by them takes a fraction of the
 * time of making its key for every row.
 */
export function collectNames(db: Database, source: SpanSource): void {
  for (const [kind, others] of namedIn) {
    const columns = sql.join(kinds[kind].columns.map(sql.id));
    // What is the same is left out by an index, where there is one.
    const inTable = (name: string) =>
      sql`(SELECT DISTINCT ${columns} FROM ${sql.id(`monitoring_${name}`)}
        AS told WHERE ${isOf(source, name)}) AS told WHERE TRUE`;
    // No types are declared: values are compared as they are.
    db.run(sql`CREATE TEMP TABLE ${namesOf(kind)} (
      ${columns}, has_row INTEGER NOT NULL, span_id INTEGER,
      PRIMARY KEY (${columns})) WITHOUT ROWID`);
    addNames(db, kind, inTable(kind), true);
    for (const other of others) {
      addNames(
        db,
        kind,
        typeof other === "string"
          ? inTable(other)
          : sql`${other} AS told WHERE TRUE`,
      );
    }
  }
}

/** Adds what rows call things of a kind, and whether those are rows of it. */
export function addNames(
  db: Database,
  kind: Kind,
  rows: Sql,
  hasRow = false,
): void {
  db.run(sql`INSERT OR IGNORE INTO ${namesOf(kind)}
      (${sql.join(kinds[kind].columns.map(sql.id))}, has_row)
    SELECT ${sql.join(valuesOf(kind))}, ${hasRow}
    FROM ${rows} AND ${isThere(kind)}`);
}

/** Finds the spans that are called so. */
export function findNamed(db: Database, kind: Kind): void {
  db.run(sql`UPDATE ${namesOf(kind)} SET span_id = (
    SELECT id FROM span
    WHERE type = ${typeOf(kind)} AND key = ${kinds[kind].key})`);
}

/** Drops the temporary tables. */
export function forgetNames(db: Database): void {
  for (const [kind] of namedIn) db.run(sql`DROP TABLE ${namesOf(kind)}`);
}

/** The temporary table of what things of a kind are called. */
export const namesOf = (kind: Kind): Sql =>
  sql`temp.${sql.id(`dnpc_named_${kind}`)}`;

/** Whether a row of a table, `told`, calls a thing as a row of names does. */
export function isCalled(kind: Kind, names = "named"): Sql {
  const values = valuesOf(kind);
  return sql.join(
    kinds[kind].columns.map((column, i) =>
      sql`${sql.id(names)}.${sql.id(column)} = ${values[i]!}`
    ),
    " AND ",
  );
}

// The plus takes from a column its type, by which SQLite would convert what is
// compared with it.
function valuesOf(kind: Kind): Sql[] {
  const { columns, otherwise } = kinds[kind];
  return columns.map((column) =>
    otherwise[column]
      ? sql`ifnull(told.${sql.id(column)}, ${otherwise[column]})`
      : sql`+told.${sql.id(column)}`
  );
}

/**
 * Where else things of a kind are named than in their own table: a row of
 * status alone is enough for a try, and a try for its task.
 */
const namedIn: readonly [Kind, readonly (string | Sql)[]][] = [
  ["try", ["status", "resource"]],
  ["task", [namesOf("try")]],
  ["workflow", ["block", "node", namesOf("task")]],
  ["block", []],
  ["node", []],
];
