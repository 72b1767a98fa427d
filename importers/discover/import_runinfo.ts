import type { Database } from "../../sql/mod.ts";
import { findFiles } from "./find_files.ts";
import { importFrom } from "../store/import.ts";
import type { ImportOptions } from "../store/options.ts";
import type { ImportReport } from "../report/report.ts";

/**
 * Imports everything in a directory or a tarball: a runinfo, one run directory,
 * or anything that contains some. Links are not followed. The report names each
 * file that was read, with the numbers of its contents, and the files that were
 * not read.
 *
 * Reads Parsl's monitoring.db, parsl.log and the logs of the high throughput
 * executor (interchange, managers, workers), as text or as JSON, of Parsl from
 * 2023 on; Work Queue's transaction_log and debug_log, and TaskVine's
 * transactions; parsl_tracing.pickle of Parsl's DESC branches and each task's
 * log in function_data; output of Slurm's sacct; and records of other JSON logs
 * as they are. Runs may be packed in tarballs, or file by file with gzip.
 *
 * Rules bind together what the components logged about one entity. Numbers that
 * they report over time, such as ready workers and waiting tasks, become
 * metrics. Clock times without a zone are read in the zone that the run's own
 * parsl.log shows.
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
 * @throws {TypeError} if an attribute is not a text, number or boolean.
 */
export async function importRuninfo(
  db: Database,
  path: string | URL,
  options: ImportOptions = {},
): Promise<ImportReport> {
  return await importFrom(db, path, options, findFiles);
}
