import {
  checkSchema,
  type Database,
  DatabaseError,
  openDatabase,
  readDatabaseFile,
  sql,
} from "dnpc/sql";
import { type Campaign, openCampaign, openRun } from "dnpc/campaign";
import { statOrNothing } from "../display/output.ts";
import { type Command, command } from "./command.ts";
import { DataError, exitCodes, UsageError } from "./errors.ts";
import type { Given } from "./arguments.ts";
import { checkRead, lossesOf } from "./losses.ts";
import { say } from "./output.ts";
import { importPath, patternsOption, readPatterns } from "./patterns.ts";

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
  command(
    text,
    async (given) => {
      const code = await run(given);
      const isFailed = given.has("strict") && incomplete.has(given);
      return code || (isFailed ? exitCodes.failedCheck : exitCodes.success);
    },
    {
      arguments:
        `DATA  A database or a campaign from \`dnpc import\`, or what Parsl left
        behind: a directory, a tarball, a monitoring.db, a log, or - for standard input`,
      options: `${options}
        ${patternsOption}
        --strict  Exit with 1 if a file of DATA could not be read or a line is
          malformed; the rest is answered
        ${timeZoneOption}`,
    },
  );

/** Calls whose data could not be read as a whole. */
const incomplete = new WeakSet<Given>();

/**
 * Opens the data of a command that asks about spans.
 *
 * @throws {DatabaseError} if it is another program's database, or another version
 */
export async function openSpans(given: Given): Promise<Database> {
  const db = await openData(given);
  try {
    checkSchema(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** A database or a campaign: both answer questions that are SQL. */
export type Asked = Database | Campaign;

/** Whether it is a campaign. */
export const isCampaign = (data: Asked): data is Campaign => "runs" in data;

/** Opens a campaign, or else the data of a command that asks about spans. */
export const openAsked = (given: Given): Promise<Asked> =>
  openCampaignAsked(given, openSpans);

/** Opens a campaign, or else other data. */
export async function openCampaignAsked(
  given: Given,
  open: (given: Given) => Promise<Database>,
): Promise<Asked> {
  const path = given.argument("DATA");
  if (!isCampaignDirectory(path)) return await open(given);
  refuseOverwriting(path, given.value("output"));
  refusePatterns(given, `${path} is a campaign`);
  return await openCampaign(path, { warn: warnOf(given) });
}

/** Names what is left out of a campaign. */
const warnOf = (given: Given) => (text: string): void => {
  incomplete.add(given);
  say(text);
};

function refusePatterns(given: Given, what: string): void {
  if (!given.has("patterns")) return;
  throw new UsageError(
    `--patterns is for logs, and ${what}: give the patterns to \`dnpc import\``,
  );
}

/** The run that a command is about: by --run, or as an attribute. */
function runAsked(given: Given): string | undefined {
  const attributes = [...given.all("NAME=VALUE"), ...given.all("where")];
  return given.value("run") ??
    attributes.find((text) => text.startsWith("run="))?.slice("run=".length);
}

/** Whether a path is a directory of runs as Parquet files. */
export function isCampaignDirectory(path: string): boolean {
  if (path === "-" || !statOrNothing(path)?.isDirectory) return false;
  return [...Deno.readDirSync(path)].some(({ name }) =>
    name.startsWith("run=") && isRunOfCampaign(`${path}/${name}`)
  );
}

/** Whether it is the directory of a run, complete or not. */
const isRunOfCampaign = (path: string): boolean =>
  ["span.parquet", "subspan.parquet"].some((name) =>
    statOrNothing(`${path}/${name}`)
  );

/**
 * Opens a database read-only; loads a run of a campaign, or imports anything else,
 * into memory.
 *
 * @throws {DataError} if there is nothing to read
 */
export async function openData(given: Given): Promise<Database> {
  const path = given.argument("DATA");
  refuseOverwriting(path, given.value("output"));
  if (isCampaignDirectory(path)) {
    refusePatterns(given, `${path} is a campaign`);
    return await openRun(path, runAsked(given), { warn: warnOf(given) });
  }
  if (isRunOfCampaign(path)) {
    throw new DataError(
      `${path} is one run of a campaign: give the directory above it, and ` +
        "--run for this run",
    );
  }
  const patterns = readPatterns(given);
  if (path !== "-" && isDatabaseFile(path)) {
    const db = await openReadOnly(path);
    const isWhole = isImported(db) || !isMonitoringDb(db);
    if (isWhole && patterns.length === 0) return db;
    db.close();
    if (isWhole) refusePatterns(given, `${path} is a database`);
  }
  const db = await openDatabase(undefined, { engine: "native" });
  try {
    const reports = await importPath(db, path, patterns, {
      timeZone: given.value("time-zone"),
    });
    const isWhole = checkRead(reports.map((report) => lossesOf(path, report)));
    if (!isWhole) incomplete.add(given);
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

/**
 * Opens a database that is read. Where SQLite would write to it or beside it,
 * because it has a write-ahead log or an interrupted transaction, it is copied to
 * memory; but the interrupted transaction of a dnpc import is rolled back.
 */
export async function openReadOnly(path: string): Promise<Database> {
  const hasLog = startOf(path).slice(18).includes(2);
  try {
    if (!hasLog) return await openDatabase(path, { readOnly: true });
  } catch (error) {
    const isLeft = error instanceof DatabaseError &&
      error.code === "SQLITE_READONLY";
    if (!isLeft) throw error;
  }
  const copy = await openDatabase(readDatabaseFile(path), { readOnly: true });
  if (hasLog || !isImported(copy)) return copy;
  try {
    (await openDatabase(path)).close();
    const db = await openDatabase(path, { readOnly: true });
    copy.close();
    return db;
  } catch {
    // It may not be written to, or is being written to.
    return copy;
  }
}

/**
 * Whether a file is a SQLite database, by its first bytes.
 *
 * @throws {DataError} if the path does not exist
 */
export function isDatabaseFile(path: string): boolean {
  try {
    // Opening a pipe would wait for a writer.
    return Deno.statSync(path).isFile &&
      new TextDecoder().decode(startOf(path)).startsWith("SQLite format 3\0");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new DataError(`there is no ${path}. Check the path`);
  }
}

/** The first bytes of a file: how SQLite's begins, and its format versions. */
function startOf(path: string): Uint8Array {
  using file = Deno.openSync(path);
  const start = new Uint8Array(20);
  return start.subarray(0, file.readSync(start) ?? 0);
}

/** Whether a database was written by an import. */
export const isImported = (db: Database): boolean =>
  hasTables(db, ["source", "span", "subspan"]);

/** Whether a database is Parsl's own. */
export const isMonitoringDb = (db: Database): boolean =>
  hasTables(db, ["workflow", "task"]);

function hasTables(db: Database, names: readonly string[]): boolean {
  const rows = db.query(sql`SELECT name FROM sqlite_schema
    WHERE type = 'table' AND name IN (${sql.join(names)})`);
  return rows.length === names.length;
}
