import { type importRuninfo, logImporter } from "../../store/import.ts";
import { parslLog } from "./parsl_log.ts";

/**
 * Imports parsl.log, which the submitting process writes: one file with any
 * name, or all such files below a directory.
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
export const importParslLog: typeof importRuninfo = logImporter([parslLog]);
