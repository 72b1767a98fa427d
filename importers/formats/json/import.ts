import { checkOptions } from "../../../display/text/mistakes.ts";
import type { Database } from "../../../sql/mod.ts";
import { type FoundLog, logAt } from "../../discover/detect.ts";
import type { FileFormat } from "../format.ts";
import type { LogDetector } from "../../discover/find_files.ts";
import { findLogsBy, importFrom } from "../../store/import.ts";
import {
  jsonLogOptionNames,
  type JsonLogOptions,
  recordsOptions,
} from "./options.ts";
import { isArrayOfRecords, recordsDocument } from "./document.ts";
import { recordsLog } from "./records_log.ts";
import type { ImportReport } from "../../report/report.ts";

/**
 * Imports logs with one JSON record per line, or with an array of records: a
 * file, or all such files below a directory, packed or not.
 *
 * With the option `form`, lines of key=value pairs, as NetLogger and logfmt write
 * them, and lines of syslog are records, too.
 *
 * By default, logs of Parsl are read as `importRuninfo` reads them; the records
 * of any other log are kept as they are, in the table `log_record`, for queries
 * with SQLite's JSON operators. `span` and `identity`, or `spans`, also create
 * spans and events. An import with different options reads the log again.
 *
 * @example Records as they are
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importJsonLog } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importJsonLog(db, "tests/fixtures/academy/counter.jsonlog");
 * const [row] = db.query(
 *   "SELECT count(DISTINCT entry ->> 'academy.agent_id') AS agents FROM log_record",
 * );
 * assert.equal(row?.agents, 2);
 * ```
 *
 * @example Spans
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importJsonLog } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importJsonLog(db, "tests/fixtures/academy/counter.jsonlog", {
 *   time: "created",
 *   span: "academy.action",
 *   identity: { action: "academy.action_tag" },
 *   event: "academy.action_state",
 *   details: { name: "academy.action" },
 * });
 * const [row] = db.query(
 *   "SELECT count(*) AS done FROM event WHERE type = 'execute_success'",
 * );
 * assert.equal(row?.done, 22);
 * ```
 *
 * @example Records with several times
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importJsonLog } from "dnpc/importers";
 * import { timesBetween } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * const path = await Deno.makeTempFile({ suffix: ".jsonl" });
 * await Deno.writeTextFile(
 *   path,
 *   `{"task_id": 7, "timestamp": {"created": 1795000000, "ended": 1795000012}}
 * `,
 * );
 * using db = await openDatabase();
 * await importJsonLog(db, path, {
 *   span: "app.task",
 *   identity: { task: "task_id" },
 *   events: { created: "timestamp.created", ended: "timestamp.ended" },
 * });
 * const [row] = db.query<{ start: number; end: number }>(
 *   timesBetween({ from: "app.task/created", to: "app.task/ended" }),
 * );
 * assert.equal(row!.end - row!.start, 12);
 * await Deno.remove(path);
 * ```
 *
 * @throws {Deno.errors.NotFound} if there is no such file or directory.
 * @throws {TypeError} if there is no such log, or `span` and `identity` are not
 * both given.
 */
export async function importJsonLog(
  db: Database,
  path: string | URL,
  options: JsonLogOptions = {},
): Promise<ImportReport> {
  checkOptions("importJsonLog", options, jsonLogOptionNames);
  const asLog = jsonDetector(options);
  return await importFrom(db, path, options, async (path, recognizing) => {
    const isWanted = ({ format }: FoundLog) => isJson(format);
    const found = await findLogsBy(asLog, path, recognizing, isWanted);
    if (found.length > 0) return found;
    const { form = "json" } = options;
    throw new TypeError(
      `expected a JSON log, found no line ${expectedLines[form]} in ${path}` +
        (options.time ? ` with a time in ${options.time}` : ""),
    );
  });
}

const expectedLines = {
  json: "with an object or array",
  pairs: "with a time and pairs key=value",
  syslog: "as of syslog with a known time (times without a year need one)",
};

/** Treats any file as a JSON log that is read by these options. */
function jsonDetector(options: JsonLogOptions): LogDetector {
  const reading = recordsOptions(options);
  const isAsIs = reading.variant === undefined;
  const log = recordsLog(reading);
  const document = recordsDocument(reading);
  return (path, start) => {
    const known = isAsIs ? logAt(path, start) : undefined;
    if (known && isJson(known.format)) return known;
    const { form = "json" } = reading;
    const isDocument = form === "json" && isArrayOfRecords(start);
    const format = isDocument ? document : log;
    return { format, place: { path, rundir: "" } };
  };
}

const isJson = ({ importer }: FileFormat) => /json/.test(importer);
