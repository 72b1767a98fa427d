import type { Database } from "../../../sql/mod.ts";
import { findFiles, onlyLogs } from "../../discover/find_files.ts";
import { importFrom } from "../../store/import.ts";
import { type JsonLogOptions, recordsOptions } from "../json/options.ts";
import type { ImportReport } from "../../report/report.ts";

/** How an export of CloudWatch's is read. */
export interface CloudWatchOptions extends JsonLogOptions {
  /**
   * The member that says when a record was made. If not given, or not in a
   * record, that is CloudWatch's own `@timestamp`, which is UTC. A program's
   * `asctime` says no zone: it is read by the clock of `timeZone`.
   */
  time?: string;
}

/**
 * Imports logs that CloudWatch exported as JSON: one file, or all below a
 * directory that are such, packed ones too. These are what `aws logs
 * get-query-results`, `filter-log-events` and `get-log-events` print, and what
 * the console downloads as JSON. It is read as a stream, however large.
 *
 * What a program logged in a container is JSON in JSON in JSON. In the table
 * `log_record` the innermost record's members are on top; beside them are
 * CloudWatch's own fields, `@timestamp`, `@logStream` and so on, and under
 * `@message` what the container's logging put around the record: the stream,
 * the pod. A message that is no JSON is kept as `message`. `@ptr` and the
 * `eventId`, which only CloudWatch understands, are left out. A record's
 * number, from 1, is its line.
 *
 * `span` and `identity`, or `spans`, make spans and events of the records too.
 * Other options than those of the last import read the export anew. Of one that
 * is damaged, all records that are whole are read; the report says where it is
 * damaged, and which records are broken.
 *
 * This was written after the documented format and after descriptions of
 * exports; no real one was at hand.
 *
 * @example Records as they are
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importCloudWatch } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importCloudWatch(db, "tests/fixtures/cloudwatch/get-query-results.json");
 * const [row] = db.query(
 *   `SELECT count(DISTINCT entry ->> 'task_id') AS tasks,
 *      count(DISTINCT entry ->> '$."@message".kubernetes.pod_name') AS pods
 *    FROM log_record`,
 * );
 * assert.deepEqual(row, { tasks: 12, pods: 3 });
 * ```
 *
 * @example Spans
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importCloudWatch } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importCloudWatch(
 *   db,
 *   "tests/fixtures/cloudwatch/get-query-results.json",
 *   {
 *     span: "funcx.task",
 *     identity: { task: "task_id" },
 *     event: "message",
 *     says: { pod: "@message.kubernetes.pod_name" },
 *   },
 * );
 * const [row] = db.query(
 *   "SELECT count(*) AS submitted FROM event WHERE type = 'task submitted'",
 * );
 * assert.equal(row?.submitted, 12);
 * ```
 *
 * @param db What is imported into.
 * @param path The file or the directory.
 * @param options How the records are read, and what is made of them.
 * @returns What became of each file.
 * @throws {Deno.errors.NotFound} if there is no such file or directory.
 * @throws {TypeError} if there is no such export, or `span` and `identity` are
 * not both given.
 */
export async function importCloudWatch(
  db: Database,
  path: string | URL,
  options: CloudWatchOptions = {},
): Promise<ImportReport> {
  const reading = recordsOptions(options);
  return await importFrom(db, path, options, async (path, recognizing) => {
    // What parses a stream of JSON is loaded for this alone.
    const { cloudWatchExport } = await import("./export_format.ts");
    const format = cloudWatchExport(reading);
    const asLog = (path: string) => ({ format, place: { path, rundir: "" } });
    const looking = { ...recognizing, asLog, asMember: asLog };
    const files = await findFiles(path, looking);
    const found = onlyLogs(files, (log) => log.format === format);
    if (found.length > 0) return found;
    throw new TypeError(
      `${path} is no export of CloudWatch's: what aws logs ` +
        "get-query-results prints begins with its results, its statistics " +
        "or its status",
    );
  });
}
