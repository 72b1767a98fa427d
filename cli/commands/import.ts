import {
  type ImportOptions,
  type ImportReport,
  importRuninfo,
} from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import {
  type Command,
  DataError,
  exitCodes,
  type Given,
  pairs,
  UsageError,
} from "../command.ts";
import {
  checkRead,
  isDatabaseFile,
  isImported,
  isMonitoringDb,
  timeZoneOption,
} from "../data.ts";
import { jsonText } from "../formats.ts";
import { standardOutput } from "../output.ts";

export const importCommand: Command = {
  name: "import",
  summary: "Import what Parsl left behind into a database",
  about: [
    "Reads everything below each path, packed or not: monitoring.db, " +
    "parsl.log, and the logs of executors, as text or JSON, of any number of " +
    "runs. Skips what the database already has, continues logs that have " +
    "grown, and relates what the components report. Prints a report of what " +
    "was read and of the lines that match no rule.",
  ],
  arguments: [{
    name: "PATH",
    many: true,
    help: "A runinfo directory, the directory of one run, a tarball, a file",
  }],
  options: {
    output: {
      short: "o",
      value: "FILE",
      help: "The SQLite database; created if it does not exist",
    },
    attribute: {
      value: "NAME=VALUE",
      many: true,
      help: "Set on every span of this import: campaign=spring",
    },
    "time-zone": timeZoneOption,
    records: {
      value: "WHICH",
      help: "Records of JSON logs to keep whole: all, unmatched or none",
    },
    strict: {
      help:
        "Exit with 1 if a file failed or a line is malformed; the rest is " +
        "imported",
    },
    json: { help: "Print the report as JSON" },
    quiet: { short: "q", help: "Print no report, show no progress" },
  },
  examples: [
    {
      help: "Import all runs below runinfo",
      line: "dnpc import runinfo -o runs.sqlite3",
    },
    {
      help: "Mark every span, to tell two campaigns apart later",
      line: "dnpc import runinfo -o all.sqlite3 --attribute campaign=spring " +
        "--time-zone America/New_York",
    },
    {
      help: "Count the lines that match no rule",
      line: "dnpc import runinfo -o runs.sqlite3 --json | grep unmatched",
    },
  ],
  async run(given) {
    const options = optionsOf(given);
    const paths = given.all("PATH");
    const output = given.value("output");
    if (output === undefined) {
      throw new UsageError("dnpc import needs -o FILE, the database");
    }
    for (const path of paths) Deno.lstatSync(path);
    using db = await openTarget(output);
    const reports: ImportReport[] = [];
    for (const path of paths) {
      reports.push(await importRuninfo(db, path, options));
    }
    if (!given.has("quiet")) printReport(given, reports);
    checkRead(paths.join(", "), reports);
    const isBroken = reports.flatMap(({ sources }) => sources)
      .some(({ error, malformed }) => error || malformed);
    if (given.has("strict") && isBroken) return exitCodes.failedCheck;
  },
};

function optionsOf(given: Given): ImportOptions {
  const records = given.choice("records", ["all", "unmatched", "none"]);
  const timeZone = given.value("time-zone");
  return {
    attributes: Object.fromEntries(
      pairs("--attribute takes NAME=VALUE", given.values("attribute")),
    ),
    ...(timeZone !== undefined && { timeZone }),
    ...(records && { records }),
    ...(given.has("quiet") && { progress: false }),
  };
}

/** Opens the database to write; refuses one of another program. */
async function openTarget(path: string): Promise<Database> {
  const isThere = existsAsDatabase(path);
  const db = await openDatabase(path);
  if (!isThere || isImported(db) || isEmpty(db)) return db;
  const owner = isMonitoringDb(db) ? "Parsl's own" : "another program's";
  db.close();
  throw new DataError(
    `${path} is ${owner} database: nothing was written to it. Give -o ` +
      "another name",
  );
}

function existsAsDatabase(path: string): boolean {
  try {
    Deno.lstatSync(path);
  } catch {
    return false;
  }
  return isDatabaseFile(path);
}

const isEmpty = (db: Database) =>
  db.query("SELECT 1 FROM sqlite_schema LIMIT 1").length === 0;

function printReport(given: Given, reports: readonly ImportReport[]): void {
  using out = standardOutput();
  const text = given.has("json")
    ? jsonText(reports.length === 1 ? reports[0] : reports, 2)
    : reports.join("\n\n");
  out.write(text + "\n");
}
