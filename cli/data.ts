import { type ImportReport, importRuninfo } from "dnpc/importers";
import { type Database, openDatabase, sql } from "dnpc/sql";
import { type Command, command } from "./command.ts";
import { DataError, UsageError } from "./errors.ts";
import type { Given } from "./arguments.ts";
import { say } from "./output.ts";

export const timeZoneOption =
  `--time-zone ZONE  Time zone of times that name none, if no parsl.log shows it,
    such as America/New_York. Default: the zone of this machine`;

/**
 * A command that reads DATA, which may have to be imported first.
 *
 * @param options further options that it shares with other commands
 */
export const dataCommand = (
  text: string,
  run: Command["run"],
  options = "",
): Command =>
  command(text, run, {
    arguments:
      `DATA  A database from \`dnpc import\`, or what Parsl left behind: a
        directory, a tarball, a monitoring.db, a log`,
    options: `${options}\n${timeZoneOption}`,
  });

/**
 * Opens the data of a command that asks about spans.
 *
 * @throws {DataError} if it is another program's database
 */
export async function openSpans(given: Given): Promise<Database> {
  const db = await openData(given);
  if (isImported(db)) return db;
  db.close();
  throw new DataError(
    `${given.argument("DATA")} is another program's database: it has no ` +
      "spans. `dnpc sql` can query it",
  );
}

/**
 * Opens a database read-only; imports anything else into memory.
 *
 * @throws {DataError} if there is nothing to read
 */
export async function openData(given: Given): Promise<Database> {
  const path = given.argument("DATA");
  refuseOverwriting(path, given.value("output"));
  if (isDatabaseFile(path)) {
    const db = await openDatabase(path, { readOnly: true });
    if (isImported(db) || !isMonitoringDb(db)) return db;
    db.close();
  }
  const db = await openDatabase(undefined, { engine: "native" });
  try {
    const report = await importRuninfo(db, path, {
      timeZone: given.value("time-zone"),
    });
    checkRead(path, [report]);
    sayDamage(path, report);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function refuseOverwriting(path: string, output: string | undefined): void {
  try {
    if (output === undefined) return;
    if (Deno.realPathSync(path) !== Deno.realPathSync(output)) return;
  } catch {
    return; // One of the two does not exist.
  }
  throw new UsageError(`-o ${output} would overwrite DATA`);
}

/** @throws {DataError} if the imports read no source, with a reason */
export function checkRead(
  path: string,
  reports: readonly ImportReport[],
): void {
  const sources = reports.flatMap(({ sources }) => sources);
  if (sources.some(({ outcome }) => outcome !== "failed")) return;
  const reason = [
    ...sources.map(({ error }) => error),
    ...reports.flatMap(({ notRead }) => notRead.map(({ reason }) => reason)),
  ].find((reason) => reason !== undefined);
  throw new DataError(
    `${path}: there is nothing here that an importer reads` +
      (reason === undefined ? "" : ` (${reason})`),
  );
}

function sayDamage(path: string, { sources }: ImportReport): void {
  const damaged = sources.filter(({ error }) => error).length;
  const malformed = sources.reduce((sum, it) => sum + it.malformed, 0);
  if (!damaged && !malformed) return;
  say(
    `${path}: ${damaged} files damaged, ${malformed} lines malformed; the ` +
      "rest was read. `dnpc import` lists them",
  );
}

/**
 * Whether a file is a SQLite database, by its first bytes.
 *
 * @throws {DataError} if the path does not exist
 */
function isDatabaseFile(path: string): boolean {
  try {
    // Opening a pipe would wait for a writer.
    if (!Deno.statSync(path).isFile) return false;
    using file = Deno.openSync(path);
    const start = new Uint8Array(16);
    file.readSync(start);
    return new TextDecoder().decode(start) === "SQLite format 3\0";
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new DataError(`there is no ${path}. Check the path`);
  }
}

/** Whether a database was written by an import. */
export const isImported = (db: Database): boolean =>
  hasTables(db, ["source", "span", "event"]);

/** Whether a database is Parsl's own. */
export const isMonitoringDb = (db: Database): boolean =>
  hasTables(db, ["workflow", "task"]);

function hasTables(db: Database, names: readonly string[]): boolean {
  const rows = db.query(sql`SELECT name FROM sqlite_schema
    WHERE type = 'table' AND name IN (${sql.join(names)})`);
  return rows.length === names.length;
}
