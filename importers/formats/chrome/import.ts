import { type importRuninfo, logImporter } from "../../store/import.ts";
import { chrome } from "./format.ts";

/**
 * Imports traces in Chrome's JSON format, which PyTorch's profiler, Ray,
 * VizTracer and `dnpc export --to perfetto` write: a file with any name, or all
 * such files below a directory, read as a stream of any size.
 *
 * A slice becomes a span of the type `chrome.slice` with the events `begin` and
 * `end`, its arguments as attributes, and `name`, `category`, `process` and
 * `thread`. It is nested in the slice of its thread that encloses it. An instant
 * is an event of the thread, and a counter is a metric of the process.
 *
 * The format does not say when its clock starts. If the file has the member
 * `baseTimeNanoseconds`, as those of PyTorch and VizTracer have, times count from
 * there; Ray writes Unix times. Other times stay seconds of the trace's own
 * clock, so that durations are right and dates are not.
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importChromeTrace } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importChromeTrace(db, "tests/fixtures/chrome/viztracer.json");
 * const inner = db.query(
 *   `SELECT i.attributes ->> 'name' AS name
 *    FROM subspan JOIN span AS o ON o.id = superspan_id
 *      JOIN span AS i ON i.id = subspan_id
 *    WHERE o.attributes ->> 'name' LIKE 'section %'`,
 * );
 * assert.deepEqual([...inner], [{ name: "time.sleep" }]);
 * ```
 *
 * @throws {Deno.errors.NotFound} if there is no such file or directory.
 * @throws {TypeError} if none of the files is such a trace.
 */
export const importChromeTrace: typeof importRuninfo = logImporter(
  chrome.files,
);
