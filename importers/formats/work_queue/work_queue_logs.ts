import type { Database } from "../../../sql/mod.ts";
import { importLogs } from "../../store/import_logs.ts";
import type { ImportOptions } from "../../store/options.ts";
import type { ImportReport } from "../../report/report.ts";
import { taskVineTransactions } from "../task_vine/transactions.ts";
import { tracingPickle } from "../tracing/tracing_pickle.ts";
import { debugLog } from "./debug_log.ts";
import { functionLog } from "./function_log.ts";
import { transactionLog } from "./transaction_log.ts";

/**
 * Imports Work Queue's logs: one file, a transaction_log or a debug_log
 * whatever it is called, or those below a directory. The debug_log ties Work
 * Queue's number of a task to the executor's. Its clock times say no zone.
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
export async function importWorkQueueLog(
  db: Database,
  path: string | URL,
  options: ImportOptions = {},
): Promise<ImportReport> {
  return await importLogs(db, path, options, [transactionLog, debugLog]);
}

/**
 * Imports TaskVine's transactions log: one file, whatever it is called, or
 * those below a directory. It is read as its header and TaskVine's manual
 * describe it; no log of a real run was at hand when this was written.
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importTaskVineLog } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importTaskVineLog(db, "tests/fixtures/taskvine/runinfo");
 * const [row] = db.query(
 *   `SELECT attributes ->> 'exit_code' AS exit_code FROM span
 *    WHERE type = 'taskvine.task' AND attributes ->> 'taskvine_task' = '1'`,
 * );
 * assert.equal(row?.exit_code, "0");
 * ```
 *
 * @throws {Deno.errors.NotFound} if there is no such file or directory.
 * @throws {TypeError} if there is no such log.
 */
export async function importTaskVineLog(
  db: Database,
  path: string | URL,
  options: ImportOptions = {},
): Promise<ImportReport> {
  return await importLogs(db, path, options, [taskVineTransactions]);
}

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
  return await importLogs(db, path, options, [functionLog, tracingPickle]);
}
