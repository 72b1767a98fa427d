import { type importRuninfo, logImporter } from "../../store/import.ts";
import { globusCompute } from "./format.ts";

/**
 * Imports the endpoint.log of a Globus Compute endpoint, or all of them below a
 * directory: tasks with their states and exceptions, and the executor with its
 * blocks. `importRuninfo` reads the logs of the engine's managers and workers,
 * too.
 *
 * Times have no zone: give `timeZone` if it is not this machine's.
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importGlobusComputeLog } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importGlobusComputeLog(db, "tests/fixtures/globus_compute", {
 *   timeZone: "UTC",
 * });
 * const failed = db.query(
 *   `SELECT attributes ->> 'function' AS name,
 *      attributes ->> 'exception' AS exception
 *    FROM span WHERE id IN (SELECT span_id FROM event WHERE type = 'failed')`,
 * );
 * assert.deepEqual([...failed], [{ name: "fail", exception: "ValueError" }]);
 * ```
 *
 * @throws {Deno.errors.NotFound} if there is no such file or directory.
 * @throws {TypeError} if none of the files is such a log.
 */
export const importGlobusComputeLog: typeof importRuninfo = logImporter(
  globusCompute.files,
);
