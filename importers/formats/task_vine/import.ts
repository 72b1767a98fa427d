import { type importRuninfo, logImporter } from "../../store/import.ts";
import { taskVine } from "./format.ts";

/**
 * Imports TaskVine's transactions log: one file with any name, or all such
 * files below a directory. This follows the log's header and TaskVine's manual;
 * no log of a real run was available.
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
export const importTaskVineLog: typeof importRuninfo = logImporter(
  taskVine.files,
);
