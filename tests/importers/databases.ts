import { type Database, openDatabase } from "dnpc/sql";
import { importMonitoringDb } from "dnpc/importers";
import { DatabaseSync } from "node:sqlite";
import { keptImport } from "./kept_imports.ts";

/** A monitoring.db written by Parsl, and the time zone of its host. */
export interface Original {
  name: string;
  path: string;
  /** How to import it. */
  options: { timeZone: string };
  /** Skips tests if the file is missing. */
  ignore: boolean;
}

const newYork = "America/New_York";

const original = (name: string, folder: string, timeZone = "UTC"): Original => {
  const path = `${folder}/runinfo/monitoring.db`;
  return { name, path, options: { timeZone }, ignore: !isThere(path) };
};

export const tz = original("tz", "tests/fixtures/tz", newYork);
export const wq = original("wq", "tests/fixtures/wq");

// Larger databases that are not part of the repository.
const data = "../shared/data";
export const originals: readonly Original[] = [
  tz,
  wq,
  ...["mon-htex", "wq-2023", "multi-load", "desc-wq", "head-json"].map((name) =>
    original(name, `${data}/${name}`)
  ),
  original("multi-htex", `${data}/multi-htex`, newYork),
];

export const tables = [
  "workflow",
  "task",
  "try",
  "status",
  "resource",
  "node",
  "block",
] as const;

/** Registers a test for each original, with its import on each engine. */
export function onOriginals(
  claim: string,
  work: (db: Database, original: Original) => void | Promise<void>,
): void {
  for (const original of originals) {
    for (const engine of ["sqljs", "native"] as const) {
      const name = `${claim} [${original.name}, ${engine}]`;
      Deno.test({ name, ignore: original.ignore }, async () => {
        const { path } = await keptImport(
          original.path,
          (db) => importMonitoringDb(db, original.path, original.options),
          engine,
        );
        const bytes = await Deno.readFile(path);
        using db = await openDatabase(bytes, { engine });
        await work(db, original);
      });
    }
  }
}

/** Query results from the original, each row as an array. */
export function ask(path: string, sql: string): unknown[][] {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    return db.prepare(sql).all().map((row) => Object.values(row));
  } finally {
    db.close();
  }
}

/** Query results from a dnpc database, each row as an array. */
export const rows = (db: Database, sql: string): unknown[][] =>
  db.query(sql).map((row) => Object.values(row));

/** Creates a database file from SQL, without an importer. */
export function makeDatabase(path: string, script: string): string {
  const db = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  try {
    db.exec(script);
  } finally {
    db.close();
  }
  return path;
}

/** Copies an original so that a test may change it. */
export async function copyOf({ path }: Original, to: string): Promise<string> {
  await Deno.writeFile(to, await Deno.readFile(path));
  return to;
}

/** A minimal monitoring.db, extended by the given SQL. */
export const smallest = (more = "") =>
  `CREATE TABLE workflow (run_id TEXT, time_began DATETIME);
   CREATE TABLE task (run_id TEXT, task_id INTEGER);
   CREATE TABLE status (task_id INTEGER, task_status_name TEXT,
     timestamp DATETIME, run_id TEXT, try_id INTEGER);
   INSERT INTO workflow VALUES ('r', '2026-01-01 00:00:00');
   INSERT INTO task VALUES ('r', 0);
   ${more}`;

const answers = new Map<string, Promise<string | undefined>>();

/**
 * Output of Python, undefined if it is not installed; cached for all engines.
 */
export function askPython(
  script: string,
  ...args: string[]
): Promise<string | undefined> {
  const question = JSON.stringify([script, ...args]);
  const answer = answers.get(question) ?? printedByPython(script, args);
  answers.set(question, answer);
  return answer;
}

async function printedByPython(
  script: string,
  args: string[],
): Promise<string | undefined> {
  try {
    const command = new Deno.Command("python3", {
      args: ["-c", script, ...args],
    });
    const { stdout, stderr, success } = await command.output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout).trim();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.log("skipped: python3 is not installed here");
    return undefined;
  }
}

/** Whether a file exists. */
export function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
