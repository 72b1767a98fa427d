import type { Database } from "../../../sql/mod.ts";
import { importLogs } from "../../store/import_logs.ts";
import type { ImportOptions } from "../../store/options.ts";
import type { ImportReport } from "../../report/report.ts";
import { tracing } from "./format.ts";

/**
 * Imports what the DESC branches of Parsl trace: parsl_tracing.pickle, and the
 * function_data/NNNN/log of each task that Work Queue ran. One such file, or
 * those below a directory. Nothing in a pickle is run.
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importParslTracing } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importParslTracing(db, "tests/fixtures/desc-wq/runinfo");
 * const [row] = db.query(
 *   `SELECT count(*) AS tries FROM span WHERE type = 'parsl.tracing.TRY'`,
 * );
 * assert.equal(row?.tries, 65);
 * ```
 *
 * @throws {Deno.errors.NotFound} if there is no such file or directory.
 * @throws {TypeError} if there is no such file of tracing.
 */
export async function importParslTracing(
  db: Database,
  path: string | URL,
  options: ImportOptions = {},
): Promise<ImportReport> {
  return await importLogs(db, path, options, tracing.files);
}
