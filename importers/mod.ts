/**
 * What each component of a workflow left behind, read into a database: spans,
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

// Importers of what Parsl and its executors leave behind
export { importRuninfo } from "./runinfo.ts";
export { importMonitoringDb } from "./monitoring_db.ts";
export { importHtexLogs, importParslLog } from "./text_logs.ts";
export {
  importParslTracing,
  importTaskVineLog,
  importWorkQueueLog,
} from "./work_queue_logs.ts";

// Importers of any log
export { importLines } from "./lines.ts";
export type { LinePattern, LinePatterns } from "./line_patterns.ts";
export { importJsonLog } from "./json_log.ts";
export type {
  JsonLogOptions,
  JsonSpan,
  MemberNames,
} from "./json_log_options.ts";
export { type CloudWatchOptions, importCloudWatch } from "./cloud_watch.ts";

// What every importer takes and gives
export type { ImportOptions, RecordsWanted } from "./options.ts";
export type { ImportReport, NotRead, SourceReport } from "./report.ts";
export { parslRules } from "./rules.ts";

// Where tasks are
export {
  whereIsEveryTask,
  type WhereIsEveryTaskOptions,
} from "./questions/where_is_every_task.ts";
export { type TaskPlace, taskPlaces } from "./questions/task_places.ts";

// Runs side by side, and the lines of logs
export { compare, type CompareOptions } from "./questions/compare.ts";
export { coverage, type StepCoverage } from "./questions/coverage.ts";
export {
  lines,
  type LinesOptions,
  type SourceLine,
} from "./questions/lines.ts";

// Dependencies of tasks
export {
  criticalPath,
  type CriticalPathOptions,
  type CriticalSeconds,
  type CriticalTask,
  type RunOptions,
} from "./tasks/critical_path.ts";
export {
  type TaskEdge,
  type TaskGraph,
  taskGraph,
  type TaskNode,
} from "./tasks/task_graph.ts";
export {
  taskDependencies,
  type TaskDependenciesOptions,
} from "./task_dependencies.ts";

// Workers
export {
  type WorkerActivity,
  workerActivity,
  type WorkerName,
  type WorkerOptions,
  type WorkerState,
} from "./workers/worker_activity.ts";
export {
  type WorkerIdleTime,
  workerIdleTime,
} from "./workers/worker_idle_time.ts";
export {
  type Utilisation,
  utilisation,
  type UtilisationOptions,
} from "./workers/utilisation.ts";
