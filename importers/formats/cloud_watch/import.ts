import { checkOptions } from "../../../display/text/mistakes.ts";
import type { Database } from "../../../sql/mod.ts";
import { cloudWatchExport } from "./export_format.ts";
import { findLogsBy, importFrom } from "../../store/import.ts";
import {
  jsonLogOptionNames,
  type JsonLogOptions,
  recordsOptions,
} from "../json/options.ts";
import type { ImportReport } from "../../report/report.ts";

/** Options of {@linkcode importCloudWatch}. */
export interface CloudWatchOptions
  extends Omit<JsonLogOptions, "form" | "year"> {
  /**
   * Name of the member with a record's time. By default, or if a record lacks
   * it, CloudWatch's own `@timestamp`, which is UTC. A program's `asctime` has no
   * zone and is read in `timeZone`.
   */
  time?: string;
}

const { form: _form, year: _year, ...cloudWatchOptionNames } =
  jsonLogOptionNames;

/**
 * Imports logs that CloudWatch exported as JSON: one file, or all such files
 * below a directory, packed or not. Reads what `aws logs get-query-results`,
 * `filter-log-events` and `get-log-events` print and what the console downloads
 * as JSON, as a stream of any size.
 *
 * A program in a container logs JSON inside JSON inside JSON. In the table
 * `log_record`, the innermost record's members come first, then CloudWatch's own
 * fields, such as `@timestamp` and `@logStream`, and under `@message` the members
 * that the container's logging added, such as the stream and the pod. A message
 * that is not JSON becomes `message`. `@ptr` and `eventId`, which only CloudWatch
 * understands, are left out. A record's line is its number, from 1.
 *
 * `span` and `identity`, or `spans`, also create spans and events from the
 * records. An import with different options reads the export again. From a
 * damaged export, all complete records are read; the report says where the
 * damage is and which records are broken.
 *
 * This follows the documented format and descriptions of exports; no real export
 * was available.
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
 *     details: { pod: "@message.kubernetes.pod_name" },
 *   },
 * );
 * const [row] = db.query(
 *   "SELECT count(*) AS submitted FROM event WHERE type = 'task submitted'",
 * );
 * assert.equal(row?.submitted, 12);
 * ```
 *
 * @param db the database to import into
 * @param path a file or a directory
 * @param options how to read records, and the spans to create from them
 * @returns the result for each file
 * @throws {Deno.errors.NotFound} if there is no such file or directory.
 * @throws {TypeError} if there is no such export, or `span` and `identity` are
 * not both given.
 */
export async function importCloudWatch(
  db: Database,
  path: string | URL,
  options: CloudWatchOptions = {},
): Promise<ImportReport> {
  checkOptions("importCloudWatch", options, cloudWatchOptionNames);
  const reading = recordsOptions(options);
  return await importFrom(db, path, options, async (path, recognizing) => {
    const format = cloudWatchExport(reading);
    const found = await findLogsBy(
      (path) => ({ format, place: { path, rundir: "" } }),
      path,
      recognizing,
      (log) => log.format === format,
    );
    if (found.length > 0) return found;
    throw new TypeError(
      `${path} is not a CloudWatch export: what aws logs ` +
        "get-query-results prints begins with its results, its statistics " +
        "or its status",
    );
  });
}
