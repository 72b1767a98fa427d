import type { Database } from "./database.ts";
import { DatabaseError } from "./errors.ts";
import schema from "./schema.sql" with { type: "text" };
import {
  absenceOf,
  definitions,
  problemOf,
  readObjects,
  schemaVersion,
  type State,
} from "./schema_problems.ts";

/**
 * Creates the tables that imports write, if they do not exist: run, source,
 * span, origin, subspan, facet, rule, span_kind, event_kind, log_kind and log_record; and
 * the views run_label, event and metric, with the tables that they read. Every
 * importer calls it.
 *
 * @param copies further tables that the caller writes to, in lower case, which
 * may have no triggers and generated columns either
 * @throws {DatabaseError} if the file has another version of the schema, tables
 * of these names that another program made, or anything that would change or
 * refuse what is written to them: triggers, generated columns, constraints
 *
 * @example
 * ```ts
 * import { createSchema, openDatabase } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * createSchema(db);
 * assert.deepEqual([...db.query("SELECT count(*) AS spans FROM span")], [
 *   { spans: 0 },
 * ]);
 * ```
 */
export function createSchema(
  db: Database,
  copies: readonly string[] = [],
): void {
  const found = stateOf(db);
  // Importers of thousands of small logs call it for each of them.
  if (!isChecked(db, found)?.isComplete) complete(db, found);
  if (copies.length === 0) return;
  refuse(problemOf(db, stateOf(db), readObjects(db, copies)));
}

function complete(db: Database, found: State): void {
  const objects = readObjects(db);
  refuse(problemOf(db, found, objects));
  const names = new Set(objects.map(({ name }) => name));
  const isWhole = objectNames.every((name) => names.has(name));
  if (found.version !== schemaVersion || !isWhole) {
    db.transaction(() => {
      db.exec(schema);
      db.exec(`PRAGMA user_version = ${schemaVersion}`);
    });
  }
  checked.set(db, { ...stateOf(db), isComplete: true });
}

/**
 * Checks that a database has the tables that imports write, in this version.
 * Questions call it, and so say what is wrong instead of finding no rows in
 * another program's tables. Temporary tables and views of these names count as
 * well. While the schema stays the same, calling it again costs little.
 *
 * @param options.allowNew accepts a database into which nothing was imported yet
 * @throws {DatabaseError} for whatever {@linkcode createSchema} refuses, and if
 * nothing was imported yet
 *
 * @example
 * ```ts
 * import { checkSchema, openDatabase } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * assert.throws(() => checkSchema(db), /nothing was imported into it yet/);
 * ```
 */
export function checkSchema(
  db: Database,
  { allowNew = false }: { allowNew?: boolean } = {},
): void {
  const found = stateOf(db);
  if (isChecked(db, found)) return;
  const temporary = new Set(
    db.query<{ name: string }>("SELECT name FROM sqlite_temp_schema")
      .map(({ name }) => name.toLowerCase()),
  );
  const objects = readObjects(db);
  const inFile = objects.filter(({ table }) =>
    !temporary.has(table.toLowerCase())
  );
  refuse(problemOf(db, found, inFile));
  const names = [...temporary, ...objects.map(({ name }) => name)];
  const absence = absenceOf(db, names);
  if (absence !== undefined && allowNew) return;
  refuse(absence);
  checked.set(db, { ...found, isComplete: false });
}

/**
 * Explains why a table that imports write does not exist; undefined for another
 * table.
 */
export function explainMissing(
  db: Database,
  table: string,
): string | undefined {
  if (!definitions.has(table.toLowerCase())) return;
  const objects = readObjects(db);
  return problemOf(db, stateOf(db), objects) ??
    absenceOf(db, objects.map(({ name }) => name));
}

const stateOf = (db: Database): State =>
  db.query<State>(
    `SELECT user_version AS version, schema_version AS changes
     FROM pragma_user_version, pragma_schema_version`,
  )[0]!;

/** The states of schemas that are known to be right. */
const checked = new WeakMap<Database, State & { isComplete: boolean }>();

function isChecked(db: Database, { version, changes }: State) {
  const known = checked.get(db);
  return known?.version === version && known.changes === changes
    ? known
    : undefined;
}

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new DatabaseError(problem);
}

const objectNames = [...schema.matchAll(/IF NOT EXISTS (\w+)/g)]
  .map(([, name]) => name!);
