import type { Database } from "./database.ts";
import { DatabaseError } from "./errors.ts";
import schema from "./schema.sql" with { type: "text" };

/** The version of the schema, stored as `PRAGMA user_version` in a file. */
export const schemaVersion = 4;

/**
 * Creates the tables that imports write, if they do not exist: run, source,
 * span, event, origin, subspan, facet, rule, span_kind, event_kind, metric and
 * log_record; and the view run_label. Every importer calls it.
 *
 * @throws {DatabaseError} if the file has another version of the schema, or
 * tables of these names that another program made, or triggers on them
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
  const [state] = db.query<{ version: number; isComplete: number }>(
    `SELECT user_version AS version, (
       SELECT count(*) FROM sqlite_schema
       WHERE name IN (SELECT value FROM json_each(:names))
     ) = json_array_length(:names) AS isComplete
     FROM pragma_user_version`,
    { names: objectNames },
  );
  const { version, isComplete } = state!;
  checkAdditions(db);
  // Importers of thousands of small logs call it for each of them.
  if (version === schemaVersion && isComplete) return;
  checkVersion(db, version);
  checkTables(db);
  db.transaction(() => {
    db.exec(schema);
    db.exec(`PRAGMA user_version = ${schemaVersion}`);
  });
}

const objectNames = JSON.stringify(
  [...schema.matchAll(/IF NOT EXISTS (\w+)/g)].map(([, name]) => name!),
);

function checkVersion(db: Database, version: number): void {
  const name = db.path ?? "the database";
  if (version > schemaVersion) {
    throw new DatabaseError(
      `${name} has version ${version} of the schema, and this version of dnpc ` +
        `knows ${schemaVersion}: use a newer dnpc, or import into a new file`,
    );
  }
  // The database of another program can have a version of its own.
  const [old] = db.query(
    `SELECT 1 FROM pragma_table_info('subspan') WHERE name = 'rule'
     UNION ALL
     SELECT 1 FROM pragma_table_info('origin')
     GROUP BY NULL HAVING total(name = 'level') > total(name = 'source_id')`,
  );
  if (old && version > 0 && version < schemaVersion) {
    throw new DatabaseError(
      `${name} has version ${version} of the schema, written by an older dnpc, ` +
        `and this version of dnpc needs ${schemaVersion}: ` +
        "import the logs again, into a new file",
    );
  }
}

/** Refuses a file that would change or compute rows as they are written. */
function checkAdditions(db: Database): void {
  const [found] = db.query<{ what: string; tableName: string; advice: string }>(
    `WITH own AS (
       SELECT name FROM sqlite_schema
       WHERE lower(name) IN (SELECT value FROM json_each(?))
     )
     SELECT 'trigger "' || trigger.name || '"' AS what, tbl_name AS tableName,
       'DROP TRIGGER "' || trigger.name || '"' AS advice
     FROM sqlite_schema AS trigger JOIN own ON lower(own.name) = lower(tbl_name)
     WHERE type = 'trigger'
     UNION ALL
     SELECT 'generated column "' || added.name || '"', own.name,
       'ALTER TABLE "' || own.name || '" DROP COLUMN "' || added.name || '"'
     FROM own, pragma_table_xinfo(own.name) AS added
     WHERE hidden IN (2, 3)`,
    [JSON.stringify([...definitions.keys()])],
  );
  if (!found) return;
  throw new DatabaseError(
    `${db.path ?? "the database"} has a ${found.what} on its table ` +
      `"${found.tableName}", which dnpc did not make and which would act on ` +
      `what is written. Import into a new file, or remove it: ${found.advice}`,
  );
}

/** Refuses tables and views of these names that another program made. */
function checkTables(db: Database): void {
  const rows = db.query<{ name: string; type: string; columns: string }>(
    `SELECT name, type, (
       SELECT json_group_array(lower(c.name)) FROM pragma_table_info(t.name) AS c
     ) AS columns
     FROM sqlite_schema AS t
     WHERE type IN ('table', 'view')
       AND lower(name) IN (SELECT value FROM json_each(?))`,
    [JSON.stringify([...definitions.keys()])],
  );
  for (const { name, type, columns } of rows) {
    const expected = definitions.get(name.toLowerCase())!;
    const found = new Set<string>(JSON.parse(columns));
    const missing = expected.columns.filter((column) => !found.has(column));
    if (type === expected.type && missing.length === 0) continue;
    const problem = type === expected.type
      ? `has no column ${missing.join(", ")}`
      : `is a ${type}`;
    const advice = type === "table"
      ? `, or rename that one: ALTER TABLE "${name}" RENAME TO …`
      : "";
    throw new DatabaseError(
      `${db.path ?? "the database"} has a ${type} "${name}" that is not ` +
        `dnpc's: it ${problem}. Import into a new file${advice}`,
    );
  }
}

const definitions = new Map([
  ...schema.matchAll(/^CREATE TABLE IF NOT EXISTS (\w+) \(\n([\s\S]*?)^\)/gm),
].map(([, name, body]) => [name!, {
  type: "table",
  columns: [...body!.matchAll(/^ {2}(\w+) (?:INTEGER|TEXT|REAL)\b/gm)]
    .map(([, column]) => column!),
}]));
definitions.set("run_label", { type: "view", columns: ["id", "label"] });
