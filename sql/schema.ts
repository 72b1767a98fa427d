import { checkTables } from "./check_tables.ts";
import type { Database } from "./database.ts";
import { DatabaseError } from "./errors.ts";
import schema from "./schema.sql" with { type: "text" };

/** The version of the schema, as `PRAGMA user_version` has it in a file. */
export const schemaVersion = 2;

/**
 * Creates the tables that imports write, if they are not there: source, span,
 * event, subspan, facet, metric and log_record. Every importer calls it.
 *
 * @throws {DatabaseError} where the file has a newer schema than this library
 * knows, or tables of these names that are another program's
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
export function createSchema(db: Database): void {
  const [row] = db.query<{ version: number }>(
    "SELECT user_version AS version FROM pragma_user_version",
  );
  const version = row?.version ?? 0;
  if (version > schemaVersion) {
    throw new DatabaseError(
      `${db.path ?? "the database"} has version ${version} of the schema, ` +
        `and this version of dnpc knows ${schemaVersion}: ` +
        "use a newer dnpc, or import into a new file",
    );
  }
  // Thousands of small logs ask for it.
  if (version === schemaVersion && isWhole(db)) return;
  checkTables(db);
  db.transaction(() => {
    db.exec(schema);
    addColumns(db);
    db.exec(`PRAGMA user_version = ${schemaVersion}`);
  });
}

/** Adds the columns that a table of an earlier version has not. */
function addColumns(db: Database): void {
  const [known] = db.query(
    "SELECT 1 FROM pragma_table_info('source') WHERE name = 'attributes'",
  );
  if (!known) db.exec("ALTER TABLE source ADD COLUMN attributes TEXT");
}

/** Whether nothing of it was dropped. */
function isWhole(db: Database): boolean {
  const [row] = db.query<{ n: number }>(
    "SELECT count(*) AS n FROM sqlite_schema WHERE name IN " +
      "(SELECT value FROM json_each(?))",
    [names],
  );
  return row?.n === count;
}

const made = [...schema.matchAll(/IF NOT EXISTS (\w+)/g)]
  .map(([, name]) => name);
const count = made.length;
const names = JSON.stringify(made);
