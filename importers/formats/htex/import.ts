import { type importRuninfo, logImporter } from "../../store/import.ts";
import { interchangeLog } from "./interchange_log.ts";
import { managerLog } from "./manager_log.ts";
import { workerLog } from "./worker_log.ts";

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
export const importHtexLogs: typeof importRuninfo = logImporter([
  interchangeLog,
  managerLog,
  workerLog,
]);
