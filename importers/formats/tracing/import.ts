import { type importRuninfo, logImporter } from "../../store/import.ts";
import { tracing } from "./format.ts";

/**
 * Imports the traces of Parsl's DESC branches: parsl_tracing.pickle, and the
 * function_data/NNNN/log of each task that Work Queue ran; one such file, or
 * all below a directory. Nothing in a pickle is executed.
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
export const importParslTracing: typeof importRuninfo = logImporter(
  tracing.files,
);
