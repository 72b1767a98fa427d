import type { Database } from "../../../sql/mod.ts";
import { importLogs } from "../../store/import_logs.ts";
import { interchangeLog } from "../htex/interchange_log.ts";
import { managerLog } from "../htex/manager_log.ts";
import { workerLog } from "../htex/worker_log.ts";
import type { ImportOptions } from "../../store/options.ts";
import { parslLog } from "./parsl_log.ts";
import type { ImportReport } from "../../report/report.ts";

/**
 * Imports parsl.log, which the submitting process writes: one file, whatever
 * it is called, or those below a directory.
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importParslLog } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importParslLog(db, "tests/fixtures/tz/runinfo/000/parsl.log");
 * const [row] = db.query(
 *   "SELECT count(*) AS tasks FROM span WHERE type = 'parsl.rundir.task'",
 * );
 * assert.equal(row?.tasks, 62);
 * ```
 *
 * @throws {Deno.errors.NotFound} if there is no such file or directory.
 * @throws {TypeError} if there is no such log.
 */
export async function importParslLog(
  db: Database,
  path: string | URL,
  options: ImportOptions = {},
): Promise<ImportReport> {
  return await importLogs(db, path, options, [parslLog]);
}

/**
 * Imports the text logs of high throughput executors below a directory, or one
 * of them: interchange.log, manager.log, worker_N.log. A task of the executor
 * is bound to Parsl's task by parsl.log; without it, it keeps its own number.
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importHtexLogs } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importHtexLogs(db, "tests/fixtures/tz/runinfo/000/htex_Local", {
 *   timeZone: "America/New_York",
 * });
 * const [row] = db.query(
 *   "SELECT count(*) AS got FROM event WHERE type = 'worker_received_task'",
 * );
 * assert.equal(row?.got, 63);
 * ```
 *
 * @throws {Deno.errors.NotFound} if there is no such file or directory.
 * @throws {TypeError} if there are no such logs.
 */
export async function importHtexLogs(
  db: Database,
  path: string | URL,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const formats = [interchangeLog, managerLog, workerLog];
  return await importLogs(db, path, options, formats);
}
