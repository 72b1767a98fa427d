/**
 * Importers read the logs and databases of a workflow into a database: spans,
 * events and metrics, and the components' own tables.
 *
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * const report = await importRuninfo(db, "tests/fixtures/wq/runinfo");
 * assert.ok(report.spans > 0);
 * ```
 *
 * @module
 */

import { showHelp } from "../display/notebook/help.ts";

// Importers of files from Parsl and its executors
export { importRuninfo } from "./store/import.ts";
export { importMonitoringDb } from "./formats/monitoring/import.ts";
export { importParslLog } from "./formats/parsl/import.ts";
export { importHtexLogs } from "./formats/htex/import.ts";
export { importWorkQueueLog } from "./formats/work_queue/import.ts";
export { importTaskVineLog } from "./formats/task_vine/import.ts";
export { importParslTracing } from "./formats/tracing/import.ts";

// Importers of files from batch systems
export { importSlurmAccounting } from "./formats/slurm/import.ts";

// Importers of other programs' logs and traces
export { importAcademyLog } from "./formats/academy/import.ts";
export { importGlobusComputeLog } from "./formats/globus_compute/import.ts";
export { importChromeTrace } from "./formats/chrome/import.ts";
export { importOtlp } from "./formats/otlp/import.ts";

// Importers of any log
export { importLines } from "./formats/line_patterns/import.ts";
export type {
  LinePattern,
  LinePatterns,
} from "./formats/line_patterns/line_patterns.ts";
export type { Within } from "./formats/line_patterns/within.ts";
export { importJsonLog } from "./formats/json/import.ts";
export type {
  JsonLogOptions,
  JsonSpan,
  MemberNames,
} from "./formats/json/options.ts";
export {
  type CloudWatchOptions,
  importCloudWatch,
} from "./formats/cloud_watch/import.ts";

// Options and reports of every importer
export type {
  ImportOptions,
  RecordsWanted,
  UnknownWanted,
} from "./store/options.ts";
export type {
  DatabaseContents,
  ImportReport,
  NotRead,
  RenamedDirectory,
  SourceReport,
} from "./report/report.ts";
export { parslRules } from "./formats/list.ts";

showHelp(import.meta.url);
