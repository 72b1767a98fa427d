import {
  type ImportOptions,
  type ImportReport,
  importRuninfo,
} from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import { type Command, exitCodes, type Given } from "../command.ts";
import { hasTables, isImported, isSqlite, nothingRead } from "../data.ts";
import { DataError, UsageError } from "../errors.ts";
import { jsonText } from "../output/json.ts";
import { standardOutput } from "../output/sink.ts";
import { pairs } from "../pairs.ts";

const recordsWanted = ["all", "unmatched", "none"] as const;

export const importCommand: Command = {
  name: "import",
  summary: "Read what Parsl left behind into a database",
  about: [
    "Reads what is found below each path: monitoring.db, parsl.log, the logs of " +
    "executors, as text or JSON, of any number of runs; packed or not. What is " +
    "in the database already is not read again, a log that has grown is read " +
    "on. Then the components' accounts are bound together. The report of what " +
    "was read, and which lines no rule matched, is printed.",
  ],
  arguments: [{
    name: "PATH",
    many: true,
    says: "A runinfo directory, one run's directory, a tarball, a file",
  }],
  options: {
    output: {
      short: "o",
      value: "FILE",
      says: "The SQLite database, which is made if it is not there",
    },
    attribute: {
      value: "NAME=VALUE",
      many: true,
      says: "Given to every span of this import: campaign=spring",
    },
    "time-zone": {
      value: "ZONE",
      says: "Where clock times are from that say no zone, if no parsl.log " +
        "shows it: America/New_York. By default this machine's",
    },
    records: {
      value: "WHICH",
      says: "Which records of JSON logs are kept whole: all, unmatched or none",
    },
    strict: {
      says:
        "Exit with 1 if a file failed or a line is malformed; what can be " +
        "read is in the database all the same",
    },
    json: { says: "Print the report as JSON" },
    quiet: { short: "q", says: "Print no report, show no progress" },
  },
  examples: [
    {
      says: "All runs below runinfo",
      line: "dnpc import runinfo -o runs.sqlite3",
    },
    {
      says: "Two campaigns, told apart later by an attribute of every span",
      line: "dnpc import runinfo -o all.sqlite3 --attribute campaign=spring " +
        "--time-zone America/New_York",
    },
    {
      says: "How many lines no rule matched",
      line: "dnpc import runinfo -o runs.sqlite3 --json | grep unmatched",
    },
  ],
  async run(given) {
    const options = optionsOf(given);
    const path = given.value("output");
    if (path === undefined) {
      throw new UsageError("dnpc import needs -o FILE, the database");
    }
    for (const source of given.all("PATH")) Deno.lstatSync(source);
    using db = await openTarget(path);
    const reports: ImportReport[] = [];
    for (const source of given.all("PATH")) {
      reports.push(await importRuninfo(db, source, options));
    }
    if (!given.has("quiet")) print(given, reports);
    const sources = reports.flatMap(({ sources }) => sources);
    if (!sources.some(({ outcome }) => outcome !== "failed")) {
      throw nothingRead(given.all("PATH").join(", "), [
        ...sources.map(({ error }) => error),
        ...reports.flatMap(({ notRead }) => notRead)
          .map(({ reason }) => reason),
      ]);
    }
    const isBroken = sources.some(({ error, malformed }) => error || malformed);
    if (given.has("strict") && isBroken) return exitCodes.failedCheck;
  },
};

function optionsOf(given: Given): ImportOptions {
  const records = given.value("records");
  const wanted = recordsWanted.find((name) => name === records);
  if (records !== undefined && !wanted) {
    throw new UsageError(`--records is ${recordsWanted.join(", ")}`);
  }
  const timeZone = given.value("time-zone");
  return {
    attributes: Object.fromEntries(
      pairs("attribute", given.values("attribute")),
    ),
    ...(timeZone !== undefined && { timeZone }),
    ...(wanted && { records: wanted }),
    ...(given.has("quiet") && { progress: false }),
  };
}

/** Nothing is written into a database that is somebody else's. */
async function openTarget(path: string): Promise<Database> {
  const isThere = existsAsDatabase(path);
  const db = await openDatabase(path);
  if (!isThere || isImported(db) || isEmpty(db)) return db;
  const isParsls = hasTables(db, ["workflow", "task"]);
  db.close();
  throw new DataError(
    `${path} is ${isParsls ? "Parsl's own" : "another program's"} database: ` +
      "nothing was written to it. Give -o another name",
  );
}

function existsAsDatabase(path: string): boolean {
  try {
    Deno.lstatSync(path);
  } catch {
    return false;
  }
  return isSqlite(path);
}

const isEmpty = (db: Database) =>
  db.query("SELECT 1 FROM sqlite_schema LIMIT 1").length === 0;

function print(given: Given, reports: readonly ImportReport[]): void {
  using out = standardOutput();
  const text = given.has("json")
    ? jsonText(reports.length === 1 ? reports[0] : reports, 2)
    : reports.join("\n\n");
  out.write(text + "\n");
}
