import { exportCampaign } from "dnpc/campaign";
import { type Database, openDatabase } from "dnpc/sql";
import { makeFolderIfMissing, statOrNothing } from "../../display/output.ts";
import { counted } from "../../display/text/format.ts";
import { visible } from "../../display/text/untrusted.ts";
import type { Given } from "../arguments.ts";
import { command } from "../command.ts";
import {
  isCampaignDirectory,
  isDatabaseFile,
  isImported,
  isMonitoringDb,
  openReadOnly,
  timeZoneOption,
} from "../data.ts";
import { DataError, exitCodes, UsageError } from "../errors.ts";
import { jsonText } from "../formats.ts";
import { checkRead, type Losses, lossesOf } from "../losses.ts";
import { say, standardOutput, terminalSize } from "../output.ts";
import { importPath, patternsOption, readPatterns } from "../patterns.ts";
import { receiptOf } from "../receipts.ts";
import { watchSignals } from "../signals.ts";

export const importCommand = command(
  `import: Import what Parsl left behind into a database

  Reads everything below each path, packed or not: monitoring.db, parsl.log, and
  the logs of executors, as text or JSON, of any number of runs. Skips what the
  database already has, continues logs that have grown, and relates what the
  components report. Prints what was read and what could not be.

  With --to parquet, the target is a campaign: a directory with Parquet files for
  any number of runs, run=ID for each. A run that is there already is replaced if
  it has changed. Each PATH is imported by itself, so all files of a run must be
  in one of them. A PATH whose files have the names, sizes and times of the last
  import is not read again. Several of these commands may write to one campaign
  at a time.

  Arguments:
  PATH...  A runinfo directory, the directory of one run, a tarball, a file, or -
    for standard input. With --to parquet and without -o, the last one is the
    target

  Options:
  -o, --output FILE  The SQLite database, or the campaign; created if it does not
    exist
  --to FORMAT  sqlite, or parquet for a campaign. Default: sqlite
  --attribute NAME=VALUE ...  Set on every span of this import: campaign=spring
  ${timeZoneOption}
  ${patternsOption}
  --records WHICH  Records of JSON logs to keep whole: all, unmatched or none
  --unknown WHICH  Lines of logs that match no rule and become events of the
    process that wrote them: warnings (and errors; the default), all, or none,
    so that they are only counted: count
  --strict  Exit with 1 if a file could not be read or a line is malformed; the
    rest is imported
  --verbose  Print tables, too: what was read of each file, the lines that match
    no rule, the spans that rules could not relate
  --json  Print the report as JSON
  -q, --quiet  Print no report, show no progress

  Examples:
  # Import all runs below runinfo
  dnpc import runinfo -o runs.sqlite3
  # Mark every span, to tell two campaigns apart later
  dnpc import runinfo -o all.sqlite3 --attribute campaign=spring
    --time-zone America/New_York
  # Import a log or a tarball from a pipe, such as \`ssh HOST tar cz runinfo\`
  cat runinfo/000/parsl.log | dnpc import - -o one.sqlite3
  # Write a campaign, and add to it later
  dnpc import runinfo --to parquet campaign
  # Count the lines that match no rule
  dnpc import runinfo -o runs.sqlite3 --json | grep unmatched`,
  async (given) => {
    const how = {
      attributes: Object.fromEntries(given.pairs("attribute")),
      timeZone: given.value("time-zone"),
      records: given.choice("records", ["all", "unmatched", "none"]),
      unknown: given.choice("unknown", ["count", "warnings", "all"]),
    };
    const options = { ...how, progress: !given.has("quiet") };
    const patterns = readPatterns(given);
    const { paths, target, isCampaign } = targetOf(given);
    for (const path of paths) if (path !== "-") await refuseImported(path);
    const width = terminalSize()?.columns;
    const isJson = given.has("json");
    const shown: string[] = [];
    // Keeps the text of each report, because thousands of reports fill the memory.
    const importOne: ImportOne = async (db, path) => {
      const reports = await importPath(db, path, patterns, options);
      for (const report of given.has("quiet") ? [] : reports) {
        if (isJson) shown.push(jsonText(report, 2));
        else shown.push(report.toString(width));
        if (!isJson && given.has("verbose")) shown.push(report.details(width));
      }
      return reports.map((report) => lossesOf(path, report));
    };
    const imported = isCampaign
      ? await importCampaign(
        paths,
        target,
        importOne,
        { ...how, patterns, strict: given.has("strict") },
        ({ lost, malformed }) =>
          lost.count === 0 && !(malformed && given.has("strict")),
        (text) => given.has("quiet") || say(text),
      )
      : await importInto(paths, target, importOne);
    const text = !isJson
      ? shown.join("\n\n")
      : shown.length === 1
      ? shown[0]!
      : `[${shown.join(", ")}]`;
    if (!given.has("quiet") && text !== "") {
      using out = standardOutput();
      out.write(text + "\n");
    }
    const isWhole = checkRead(
      imported.flat(),
      imported.some((losses) => losses.length === 0),
    );
    if (given.has("strict") && !isWhole) return exitCodes.failedCheck;
  },
);

/** @throws {DataError} for a path that is missing or was written by an import */
async function refuseImported(path: string): Promise<void> {
  if (isCampaignDirectory(path)) {
    throw new DataError(
      `${path} is a campaign: to merge it with another one, copy its ` +
        "directories run=ID into that",
    );
  }
  if (!isDatabaseFile(path)) return;
  using db = await openReadOnly(path);
  if (!isImported(db)) return;
  throw new DataError(
    `${path} is a database from dnpc import already: dnpc export ${path} ` +
      "--to parquet -o DIR adds its runs to a campaign",
  );
}

type ImportOne = (db: Database, path: string) => Promise<Losses[]>;

/** The paths to import and the target, which may come last, as with cp. */
function targetOf(given: Given) {
  const paths = given.all("PATH");
  const output = given.value("output");
  const isCampaign = given.choice("to", ["sqlite", "parquet"]) === "parquet";
  if (output !== undefined) return { paths, target: output, isCampaign };
  if (!isCampaign) {
    throw new UsageError("dnpc import needs -o FILE, the database");
  }
  if (paths.length < 2) {
    throw new UsageError("dnpc import --to parquet needs a directory: -o DIR");
  }
  return { paths: paths.slice(0, -1), target: paths.at(-1)!, isCampaign };
}

async function importInto(
  paths: readonly string[],
  target: string,
  importOne: ImportOne,
): Promise<Losses[][]> {
  const isNew = statOrNothing(target) === undefined;
  using db = await openTarget(target);
  using _ = { [Symbol.dispose]: () => isNew && removeIfEmpty(db, target) };
  using _signals = watchSignals();
  return await Array.fromAsync(paths, (path) => importOne(db, path));
}

/**
 * Imports each path into a database of its own, which becomes Parquet files.
 *
 * @param how everything that the result depends on, but for the paths
 * @param isFinal whether the path need not be read again before it changes
 */
async function importCampaign(
  paths: readonly string[],
  target: string,
  importOne: ImportOne,
  how: unknown,
  isFinal: (losses: Losses) => boolean,
  tell: (text: string) => void,
): Promise<Losses[][]> {
  if (statOrNothing(target)?.isDirectory === false) {
    throw new UsageError(
      `${target} is a file, and a campaign is a directory: give -o another name`,
    );
  }
  using _ = makeFolderIfMissing(target);
  using folder = temporaryFolder(target);
  using _signals = watchSignals();
  const written = new Set<string>();
  return await Array.fromAsync(paths, async (path, i) => {
    const receipt = path === "-" ? undefined : receiptOf(target, path, how);
    if (receipt?.unchanged) {
      const runs = counted(receipt.unchanged.length, "run");
      tell(`${visible(target)}: ${runs} already there`);
      return [];
    }
    const file = `${folder.path}/${i}.sqlite3`;
    using db = await openDatabase(file);
    db.exec("PRAGMA synchronous = OFF");
    const losses = await importOne(db, path);
    if (isImported(db)) {
      const report = exportCampaign(db, target, { keep: written });
      for (const name of report.directories) written.add(name);
      if (losses.every(isFinal)) receipt?.write(report.directories);
      tell(String(report));
    }
    db.close();
    Deno.removeSync(file);
    return losses;
  });
}

/**
 * A folder that is removed at the end: among the temporary ones of this machine,
 * as file systems of clusters are slow with databases or refuse their locks.
 */
function temporaryFolder(dir: string): { path: string } & Disposable {
  const path = Deno.permissions.querySync({ name: "write" }).state === "granted"
    ? Deno.makeTempDirSync({ prefix: "dnpc-" })
    : Deno.makeTempDirSync({ dir, prefix: ".import-" });
  return {
    path,
    [Symbol.dispose]() {
      if (statOrNothing(path)) Deno.removeSync(path, { recursive: true });
    },
  };
}

/** An import of nothing leaves no file. */
function removeIfEmpty(db: Database, path: string): void {
  const isEmpty = !isImported(db) ||
    db.query("SELECT 1 FROM source LIMIT 1").length === 0;
  db.close();
  if (isEmpty && statOrNothing(path)) Deno.removeSync(path);
}

/** Opens the database to write; refuses one of another program. */
async function openTarget(path: string): Promise<Database> {
  if (isCampaignDirectory(path)) {
    throw new UsageError(`${path} is a campaign: add --to parquet`);
  }
  if (statOrNothing(path)?.size) await refuseForeign(path);
  return await openDatabase(path);
}

async function refuseForeign(path: string): Promise<void> {
  if (!isDatabaseFile(path)) return;
  using db = await openReadOnly(path);
  const [first] = db.query("SELECT 1 FROM sqlite_schema LIMIT 1");
  if (!first || isImported(db)) return;
  const owner = isMonitoringDb(db) ? "Parsl's own" : "another program's";
  throw new DataError(
    `${path} is ${owner} database: nothing was written to it. Give -o ` +
      "another name",
  );
}
