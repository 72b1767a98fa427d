import {
  type CloudWatchOptions,
  importCloudWatch,
  type ImportReport,
} from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import { inFolder } from "../sql/engines.ts";
import { type Files, writeFiles } from "./logs.ts";

/** A fixture in the documented format; see its README. */
export const fixture = "tests/fixtures/cloudwatch/get-query-results.json";

/** Imports CloudWatch exports and passes the database and report to a test. */
export const withExports = (
  files: Files,
  options: CloudWatchOptions,
  work: (
    db: Database,
    report: ImportReport,
    folder: string,
  ) => void | Promise<void>,
) =>
  inFolder(async (temporary) => {
    const folder = Deno.realPathSync(temporary);
    await writeFiles(folder, files);
    using db = await openDatabase(undefined, { engine: "native" });
    await work(db, await importCloudWatch(db, folder, options), folder);
  });

/** The kept records. */
export const entries = (db: Database) =>
  db.query<{ entry: string }>("SELECT entry FROM log_record ORDER BY id")
    .map(({ entry }) => JSON.parse(entry));

/** A row of get-query-results. */
export const row = (message: string) => [
  { field: "@timestamp", value: "2022-08-03 09:26:40.123" },
  { field: "@message", value: message },
];
