import { type importRuninfo, logImporter } from "../../store/import.ts";
import { academy } from "./format.ts";

/**
 * Imports logs of Academy's agents, as its JSON pool logging writes them: one
 * file, or all such files below a directory.
 *
 * An action has its states on both sides as events, from `start` to `success`,
 * and is nested in the agent that executes it; its request and response are a
 * span of the type `academy.message` inside of it. An exception gives
 * `exception` and `exception_message`, as in Parsl's logs.
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importAcademyLog } from "dnpc/importers";
 * import { timesBetween } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importAcademyLog(db, "tests/fixtures/academy/counter.jsonlog");
 * const waits = db.query(timesBetween({
 *   from: "academy.action/sending",
 *   to: "academy.action/execute_start",
 * }));
 * assert.equal(waits.length, 22);
 * ```
 *
 * @throws {Deno.errors.NotFound} if there is no such file or directory.
 * @throws {TypeError} if none of the files is such a log.
 */
export const importAcademyLog: typeof importRuninfo = logImporter(
  academy.files,
);
