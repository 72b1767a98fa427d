import { type Database, type Sql, sql } from "../../../sql/mod.ts";
import { isThere, type Kind, kinds, typeOf } from "./kinds.ts";
import { isOf, type SpanSource } from "./copy.ts";

/**
 * Collects the identities in the rows of one source, each once, in a temporary
 * table per kind of span, with the span's id. A lookup there takes a fraction of
 * the time of computing a key for every row.
 */
export function collectNames(db: Database, source: SpanSource): void {
  for (const [kind, others] of namedIn) {
    const columns = sql.join(kinds[kind].columns.map(sql.id));
    // SQLite uses an index for DISTINCT, if there is one.
    const inTable = (name: string) =>
      sql`(SELECT DISTINCT ${columns} FROM ${sql.id(`monitoring_${name}`)}
        AS told WHERE ${isOf(source, name)}) AS told WHERE TRUE`;
    // Without declared types, values are compared unconverted.
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

/** Adds identities of a kind from rows; `hasRow` for rows of its own table. */
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

/** Looks up the spans with these identities. */
export function findNamed(db: Database, kind: Kind): void {
  db.run(sql`UPDATE ${namesOf(kind)} SET span_id = (
    SELECT id FROM span
    WHERE type = ${typeOf(kind)} AND key = ${kinds[kind].key})`);
}

/** Drops the temporary tables. */
export function forgetNames(db: Database): void {
  for (const [kind] of namedIn) db.run(sql`DROP TABLE ${namesOf(kind)}`);
}

/** The temporary table with the identities of a kind. */
export const namesOf = (kind: Kind): Sql =>
  sql`temp.${sql.id(`dnpc_named_${kind}`)}`;

/** Joins a row of a table, `told`, with its identity. */
export function isCalled(kind: Kind, names = "named"): Sql {
  const values = valuesOf(kind);
  return sql.join(
    kinds[kind].columns.map((column, i) =>
      sql`${sql.id(names)}.${sql.id(column)} = ${values[i]!}`
    ),
    " AND ",
  );
}

// The plus removes the column's affinity, by which SQLite would convert values
// that are compared with it.
function valuesOf(kind: Kind): Sql[] {
  const { columns, otherwise } = kinds[kind];
  return columns.map((column) =>
    otherwise[column]
      ? sql`ifnull(told.${sql.id(column)}, ${otherwise[column]})`
      : sql`+told.${sql.id(column)}`
  );
}

/**
 * Where else identities of a kind occur than in its own table: a row of status
 * is enough for a try, and a try for its task.
 */
const namedIn: readonly [Kind, readonly (string | Sql)[]][] = [
  ["try", ["status", "resource"]],
  ["task", [namesOf("try")]],
  ["workflow", ["block", "node", namesOf("task")]],
  ["block", []],
  ["node", []],
];
