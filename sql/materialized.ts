import type { Database } from "./database.ts";
import type { MaterializedQuery } from "./sql_text.ts";

/**
 * Returns the table of a materialized query, as SQL. Computes it, unless it
 * exists and neither this connection nor another program has changed a row or a
 * table since. Call it in the transaction that reads the table.
 */
export function tableOf(db: Database, one: MaterializedQuery): string {
  const tables = known.getOrInsertComputed(db, () => new Map());
  const found = tables.get(one);
  // A rollback may have dropped it.
  if (found?.state === stateOf(db) && namesOf(db).includes(found.name)) {
    // The last one used is the last in the map.
    tables.delete(one);
    tables.set(one, found);
    return nameInSql(found.name);
  }
  const text = one.query.withTables((inner) => tableOf(db, inner));
  const before = stateOf(db);
  makeRoom(db, tables, before);
  const name = `${prefix}${++lastTable}`;
  db.exec(`CREATE TABLE ${nameInSql(name)} (${one.columns}`);
  const { changes } = db.run(
    `INSERT INTO ${nameInSql(name)} ${text}`,
    one.query.params,
  );
  ownChanges.set(db, (ownChanges.get(db) ?? 0) + Number(changes));
  const state = stateOf(db);
  for (const other of tables.values()) {
    if (other.state === before) other.state = state;
  }
  tables.delete(one);
  tables.set(one, { name, state });
  return nameInSql(name);
}

const prefix = "materialized ";
const nameInSql = (name: string) => `temp."${name}"`;
let lastTable = 0;

/** A table, and the state of the database for which it was computed. */
interface KnownTable {
  name: string;
  state: string;
}

type Tables = Map<MaterializedQuery, KnownTable>;
const known = new WeakMap<Database, Tables>();

/** Differs after every change; sometimes without one. */
const stateOf = (db: Database): string =>
  `${changesOf(db)} ${
    db.query("PRAGMA temp.schema_version")[0]!.schema_version
  }`;

/** Rows of materialized queries. */
const ownChanges = new WeakMap<Database, number>();

/**
 * A text that differs after each change of a database, for what is computed from
 * it once. Counts changes of rows, by other programs and by this connection but
 * for materialized queries, and of tables other than temporary ones. A rollback
 * undoes none of the first two.
 *
 * @example
 * ```ts
 * import { changesOf, openDatabase } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * db.exec("CREATE TABLE visit (place TEXT)");
 * const before = changesOf(db);
 * assert.equal(changesOf(db), before);
 * db.run("INSERT INTO visit VALUES ('sea')");
 * assert.notEqual(changesOf(db), before);
 * ```
 */
export const changesOf = (db: Database): string =>
  Object.values(
    db.query(
      `SELECT data_version, total_changes() - ?, schema_version
       FROM pragma_data_version, pragma_schema_version`,
      [ownChanges.get(db) ?? 0],
    )[0]!,
  ).join(" ");

const namesOf = (db: Database): string[] =>
  db.query<{ name: string }>(
    "SELECT name FROM sqlite_temp_schema WHERE name GLOB ?",
    [`${prefix}[0-9]*`],
  ).map(({ name }) => name);

/** Drops outdated tables, and the least recently used ones. */
function makeRoom(db: Database, tables: Tables, state: string): void {
  for (const [one, table] of tables) {
    if (table.state !== state) tables.delete(one);
  }
  const kept = new Set(
    [...tables.values()].slice(-maxTables).map(({ name }) => name),
  );
  for (const name of namesOf(db)) {
    if (kept.has(name)) continue;
    try {
      db.exec(`DROP TABLE ${nameInSql(name)}`);
    } catch {
      // A loop still reads it.
    }
  }
}

/** More than any statement reads. */
const maxTables = 12;
