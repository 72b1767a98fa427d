import { type importRuninfo, logImporter } from "../../store/import.ts";
import { workQueue } from "./format.ts";

/**
 * Imports Work Queue's logs: a transaction_log, a master_log or a debug_log with
 * any name, or all such files below a directory. The debug_log relates Work
 * Queue's number of a task to the executor's. Its clock times have no zone. The
 * numbers of the master_log are metrics of the manager, of the family
 * `performance`: counts, sizes in MB and times in seconds.
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importWorkQueueLog } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importWorkQueueLog(db, "tests/fixtures/wq/runinfo");
 * const [row] = db.query(
 *   `SELECT count(*) AS tasks FROM span WHERE type = 'workqueue.task'`,
 * );
 * assert.equal(row?.tasks, 104);
 * ```
 *
 * @throws {Deno.errors.NotFound} if there is no such file or directory.
 * @throws {TypeError} if there is no such log.
 */
export const importWorkQueueLog: typeof importRuninfo = logImporter(
  workQueue.files,
);
