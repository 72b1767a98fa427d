import { shorten } from "../display/text/shorten.ts";
import type { Database } from "./database.ts";
import schema from "./schema.sql" with { type: "text" };
import { tokenize } from "./tokens.ts";

/** The version of the schema, stored as `PRAGMA user_version` in a file. */
export const schemaVersion = 10;

/** A state of the schema. */
export interface State {
  /** `PRAGMA user_version`. */
  version: number;
  /** `PRAGMA schema_version`, which rises with each change of the schema. */
  changes: number;
}

/** An object of the file that belongs to one of the tables of imports. */
export interface SchemaObject {
  type: "table" | "view" | "index" | "trigger";
  name: string;
  table: string;
  /** NULL for the index of a UNIQUE or PRIMARY KEY. */
  sql: string | null;
}

/** Reads what the file has under these names. */
export const readObjects = (
  db: Database,
  tables: Iterable<string> = definitions.keys(),
): SchemaObject[] =>
  db.query<SchemaObject>(
    `SELECT type, name, tbl_name AS "table", sql FROM sqlite_schema
     WHERE lower(tbl_name) IN (SELECT value FROM json_each(?))`,
    [JSON.stringify([...tables])],
  );

/** The first reason not to use these tables, with advice. */
export function problemOf(
  db: Database,
  { version }: State,
  objects: readonly SchemaObject[],
): string | undefined {
  const problem = versionProblem(db, version, objects) ??
    foreignTable(db, objects) ?? additionTo(db, objects);
  return problem && `${nameOf(db)} ${problem}`;
}

const nameOf = (db: Database) => db.path ?? "the database";

function versionProblem(
  db: Database,
  version: number,
  objects: readonly SchemaObject[],
): string | undefined {
  if (version === 0 || version === schemaVersion) return;
  // Another program can have a version of its own, which must stay.
  const isOther = !objects.some(({ name }) => name === "subspan");
  const others = isOther ? tablesOf(db) : [];
  if (others.length > 0) {
    return foreignTable(db, objects) ??
      `has the version ${version} and the tables ${
          listed(others)
        } of another ` +
        "program. Import into a new file";
  }
  if (version > schemaVersion) {
    return `has version ${version} of the schema, and this version of dnpc ` +
      `knows ${schemaVersion}: use a newer dnpc, or import into a new file`;
  }
  return `has version ${version} of the schema, written by an older dnpc, ` +
    `and this version of dnpc needs ${schemaVersion}: ` +
    "import the logs again, into a new file";
}

/** Finds a table or view of these names that another program made. */
function foreignTable(
  db: Database,
  objects: readonly SchemaObject[],
): string | undefined {
  for (const { type, name, sql } of objects) {
    const expected = definitions.get(name.toLowerCase());
    if (expected === undefined || type !== "table" && type !== "view") continue;
    const isVirtual = sql !== null && wordsOf(sql)[1] === "VIRTUAL";
    const found = isVirtual ? "virtual table" : type;
    const problem = found !== expected.type
      ? `is a ${found}`
      : expected.view === undefined
      ? missingColumns(db, name, expected.columns)
      : otherView(sql, expected.view);
    if (problem === undefined) continue;
    const advice = type === "table"
      ? `, or rename that one: ALTER TABLE "${name}" RENAME TO …`
      : "";
    return `has a ${found} "${name}" that is not dnpc's: it ${problem}. ` +
      `Import into a new file${advice}`;
  }
}

/** Another program's view could run for any time. */
const otherView = (sql: string | null, expected: string) =>
  wordsOf(sql ?? "").join(" ") === wordsOf(expected).join(" ")
    ? undefined
    : "selects something else";

function missingColumns(
  db: Database,
  table: string,
  expected: readonly string[],
): string | undefined {
  const rows = db.query<{ name: string }>(
    "SELECT lower(name) AS name FROM pragma_table_xinfo(?)",
    [table],
  );
  const found = new Set(rows.map(({ name }) => name));
  const missing = expected.filter((column) => !found.has(column));
  return missing.length > 0 ? `has no column ${missing.join(", ")}` : undefined;
}

/** Finds whatever would change, compute or refuse rows as they are written. */
function additionTo(
  db: Database,
  objects: readonly SchemaObject[],
): string | undefined {
  for (const object of objects) {
    const { what, advice } = additionIn(db, object) ?? {};
    if (what === undefined) continue;
    return `has ${what} on its table "${object.table}", which dnpc did not ` +
      "make and which would act on what is written. Import into a new file" +
      (advice === undefined ? "" : `, or remove it: ${advice}`);
  }
}

function additionIn(
  db: Database,
  { type, name, table, sql }: SchemaObject,
): { what: string; advice?: string } | undefined {
  switch (type) {
    case "trigger":
      return {
        what: `a trigger "${name}"`,
        advice: `DROP TRIGGER "${name}"`,
      };
    case "index": {
      if (sql === null) return;
      const expected = uniqueIndexes.get(name.toLowerCase());
      const found = wordsOf(sql);
      if (!expected && found[1] !== "UNIQUE") return;
      if (found.join(" ") === expected?.join(" ")) return;
      return { what: `an index "${name}"`, advice: `DROP INDEX "${name}"` };
    }
    case "table": {
      const [generated] = db.query<{ name: string }>(
        "SELECT name FROM pragma_table_xinfo(?) WHERE hidden IN (2, 3)",
        [name],
      );
      if (generated) {
        return {
          what: `a generated column "${generated.name}"`,
          advice: `ALTER TABLE "${table}" DROP COLUMN "${generated.name}"`,
        };
      }
      const expected = definitions.get(name.toLowerCase());
      if (!expected || sql === null) return;
      const found = constraintsOf(sql);
      const added = found.find((word) =>
        count(found, word) > count(expected.constraints, word)
      );
      return added === undefined ? undefined : { what: `another ${added}` };
    }
  }
}

// CONFLICT IGNORE drops rows without an error, and so do CHECK, NOT NULL and
// UNIQUE for INSERT OR IGNORE.
const constraintWords = new Set(
  ["CHECK", "COLLATE", "CONFLICT", "DEFAULT", "NOT", "PRIMARY", "UNIQUE"],
);

const constraintsOf = (sql: string) =>
  wordsOf(sql).filter((word) => constraintWords.has(word));

const count = (words: readonly string[], wanted: string) =>
  words.filter((word) => word === wanted).length;

const wordsOf = (sql: string) => Array.from(tokenize(sql), ({ text }) => text);

/** Explains the absence of tables that imports write, if any is absent. */
export function absenceOf(
  db: Database,
  present: readonly string[],
): string | undefined {
  const names = new Set(present.map((name) => name.toLowerCase()));
  const missing = [...definitions.keys()].filter((name) => !names.has(name));
  if (missing.length === 0) return;
  if (missing.length < definitions.size) {
    return `${nameOf(db)} has no ${listed(missing)}, which each import ` +
      "creates: import the logs again, into a new file";
  }
  const others = tablesOf(db);
  return `${nameOf(db)} has ` +
    (others.length === 0
      ? "no tables"
      : `none of dnpc's tables, but ${listed(others)}`) +
    ": nothing was imported into it yet. Import logs first, with " +
    'await importRuninfo(db, "runinfo") or `dnpc import`' +
    (others.length === 0
      ? ""
      : "; a monitoring.db is imported like a log, into a new database");
}

const tablesOf = (db: Database): string[] =>
  db.query<{ name: string }>(
    `SELECT name FROM sqlite_schema
     WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
  ).map(({ name }) => name);

function listed(names: readonly string[]): string {
  const shown = names.slice(0, maxListed).map((name) => shorten(name, maxName));
  const more = names.length - shown.length;
  return shown.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

const maxListed = 8;
const maxName = 40;

interface Definition {
  type: "table" | "view";
  columns: readonly string[];
  constraints: readonly string[];
  /** The statement that creates the view. */
  view?: string;
}

export const definitions = new Map<string, Definition>([
  ...schema.matchAll(/^CREATE TABLE IF NOT EXISTS (\w+) \(\n([\s\S]*?)^\)/gm),
].map(([, name, body]) => [name!, {
  type: "table",
  columns: [...body!.matchAll(/^ {2}(\w+) (?:INTEGER|TEXT|REAL)\b/gm)]
    .map(([, column]) => column!),
  // From the columns alone: IF NOT EXISTS is no constraint.
  constraints: constraintsOf(body!),
}]));
for (
  const [sql, name] of schema.matchAll(
    /^CREATE VIEW IF NOT EXISTS (\w+)[^]*?(?=;$)/gm,
  )
) {
  const view = sql.replace("IF NOT EXISTS ", "");
  definitions.set(name!, { type: "view", columns: [], constraints: [], view });
}

const uniqueIndexes = new Map(
  [...schema.matchAll(/^CREATE UNIQUE INDEX IF NOT EXISTS (\w+)[^;]*/gm)]
    .map(([sql, name]) => [name!, wordsOf(sql.replace("IF NOT EXISTS ", ""))]),
);
