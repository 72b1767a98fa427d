import type { Database } from "../../sql/mod.ts";
import { findFiles } from "./find_files.ts";
import { importFrom } from "../store/import.ts";
import type { ImportOptions } from "../store/options.ts";
import type { ImportReport } from "../report/report.ts";

/**
 * Imports what is found in a directory or a tarball: a runinfo, one run
 * directory, or whatever holds some. Links in it are not followed. The report
 * names each file that was read, with what it came to, and those that were not.
 *
 * This reads Parsl's monitoring.db, parsl.log and the logs of the high
 * throughput executor (interchange, managers, workers), as text or as JSON, of
 * Parsl from 2023 on; Work Queue's transaction_log and debug_log, and TaskVine's
 * transactions; of Parsl's DESC branches parsl_tracing.pickle and the log of
 * each task in function_data; and the records of other JSON logs as they are.
 * Runs may be packed, in tarballs or file by file with gzip.
 *
 * The components' accounts are bound together by rules. Numbers that they report
 * over time, such as the workers that are ready and the tasks that wait, become
 * metrics. Clock times without a zone are read as the run's own parsl.log shows.
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * const report = await importRuninfo(db, "tests/fixtures/wq/runinfo");
 * assert.deepEqual(report.sources.map(({ importer }) => importer), [
 *   "debug_log",
 *   "transaction_log",
 *   "parsl.log",
 *   "monitoring.db",
 * ]);
 * ```
 *
 * @throws {Deno.errors.NotFound} if there is no such directory or file.
 * @throws {RangeError} if there is no such time zone.
 * @throws {TypeError} if an attribute is no text, number or boolean.
 */
export async function importRuninfo(
  db: Database,
  path: string | URL,
  options: ImportOptions = {},
): Promise<ImportReport> {
  return await importFrom(db, path, options, findFiles);
}
