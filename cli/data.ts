import { importRuninfo } from "dnpc/importers";
import { type Database, openDatabase, sql } from "dnpc/sql";
import type { Argument, Given, Option } from "./command.ts";
import { DataError, UsageError } from "./errors.ts";
import { visible } from "../display/text/untrusted.ts";
import { say } from "./output/say.ts";

/** What every question is asked of. */
export const dataArgument: Argument = {
  name: "DATA",
  says: "A database that `dnpc import` made, or what Parsl left behind: a " +
    "directory, a tarball, a monitoring.db, a log",
};

/** How data that is no database yet is read. */
export const dataOptions: Readonly<Record<string, Option>> = {
  "time-zone": {
    value: "ZONE",
    says: "Where clock times are from that say no zone, if no parsl.log " +
      "shows it: America/New_York. By default this machine's",
  },
};

/**
 * Opens the data that a command is asked of, read-only: a database as it is;
 * anything else is imported into memory.
 *
 * @throws {DataError} if there is nothing to read
 */
export async function openData(given: Given): Promise<Database> {
  const path = given.argument("DATA");
  refuseOverwriting(path, given.value("output"));
  const db = await openIfDatabase(path);
  return db ?? await imported(path, given);
}

function refuseOverwriting(path: string, output: string | undefined): void {
  try {
    if (output === undefined) return;
    if (Deno.realPathSync(path) !== Deno.realPathSync(output)) return;
  } catch {
    return; // One of them is not there.
  }
  throw new UsageError(`-o ${visible(output)} would overwrite what is asked`);
}

/** The database at a path; undefined if an importer has to read what is there. */
async function openIfDatabase(path: string): Promise<Database | undefined> {
  if (!isSqlite(path)) return undefined;
  const db = await openDatabase(path, { readOnly: true });
  if (!isMonitoringDb(db)) return db;
  db.close();
  return undefined;
}

async function imported(path: string, given: Given): Promise<Database> {
  const timeZone = given.value("time-zone");
  const db = await openDatabase(undefined, { engine: "native" });
  try {
    const report = await importRuninfo(db, path, {
      ...(timeZone !== undefined && { timeZone }),
    });
    const { sources, notRead } = report;
    if (!sources.some(({ outcome }) => outcome !== "failed")) {
      throw nothingRead(path, [
        ...sources.map(({ error }) => error),
        ...notRead.map(({ reason }) => reason),
      ]);
    }
    const broken = sources.filter(({ error }) => error).length;
    const malformed = sources.reduce(
      (sum, { malformed }) => sum + malformed,
      0,
    );
    if (broken || malformed) {
      say(
        `${path}: ${broken} files damaged, ${malformed} lines malformed; the ` +
          "rest was read. `dnpc import` says which",
      );
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Says why of a path nothing was read. */
export function nothingRead(
  path: string,
  reasons: readonly (string | undefined)[],
): DataError {
  const reason = reasons.find((reason) => reason !== undefined);
  return new DataError(
    `${path}: there is nothing here that an importer reads` +
      (reason === undefined ? "" : ` (${reason})`),
  );
}

/**
 * Whether a file is a SQLite database, by how it begins.
 *
 * @throws {DataError} if there is nothing at that path
 */
export function isSqlite(path: string): boolean {
  try {
    // To open a pipe would wait for somebody who writes into it.
    if (!Deno.statSync(path).isFile) return false;
    using file = Deno.openSync(path);
    const start = new Uint8Array(16);
    file.readSync(start);
    return new TextDecoder().decode(start) === "SQLite format 3\0";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new DataError(`there is no ${path}. Check the path`);
    }
    throw error;
  }
}

/** Whether it has the tables of an import. */
export const isImported = (db: Database): boolean =>
  hasTables(db, ["source", "span", "event"]);

const isMonitoringDb = (db: Database): boolean =>
  hasTables(db, ["workflow", "task"]) && !isImported(db);

export function hasTables(db: Database, names: readonly string[]): boolean {
  const rows = db.query(sql`SELECT name FROM sqlite_schema
    WHERE type = 'table' AND name IN (${sql.join(names)})`);
  return rows.length === names.length;
}

/**
 * Opens the data for a command that asks of spans.
 *
 * @throws {DataError} if it is another program's database
 */
export async function openSpans(given: Given): Promise<Database> {
  const db = await openData(given);
  if (isImported(db)) return db;
  db.close();
  throw new DataError(
    `${given.argument("DATA")} is another program's database: it has no ` +
      "spans. `dnpc sql` reads it all the same",
  );
}
