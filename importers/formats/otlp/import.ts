import { type importRuninfo, logImporter } from "../../store/import.ts";
import { otlp } from "./format.ts";

/**
 * Imports traces of OpenTelemetry in the JSON of its protocol, OTLP: as the file
 * exporters of the SDKs and of the collector write them, one batch of spans per
 * line, or as documents over many lines. A path is a file with any name, or a
 * directory with all such files below it.
 *
 * A span becomes a span of the type `otel.span` with the events `start` and
 * `end`, and between them its own ones. Its attributes and those of its resource
 * keep their names; `name`, `service`, `scope`, `kind`, `status` and
 * `status_message`, `parent_span_id` and `links` are added. A recorded exception
 * gives `exception`, `exception_message` and `exception_causes`, as in Parsl's
 * logs. A rule nests a span in its parent, which may be in another file.
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importOtlp } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importOtlp(db, "tests/fixtures/otlp/traces.jsonl");
 * const failed = db.query(
 *   `SELECT attributes ->> 'name' AS name, attributes ->> 'exception' AS exception
 *    FROM span WHERE attributes ->> 'status' = 'error'`,
 * );
 * assert.deepEqual([...failed], [{ name: "compute", exception: "ValueError" }]);
 * ```
 *
 * @throws {Deno.errors.NotFound} if there is no such file or directory.
 * @throws {TypeError} if none of the files has such traces.
 */
export const importOtlp: typeof importRuninfo = logImporter(otlp.files);
