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

export * from "./cloud_watch.ts";
export * from "./json_log.ts";
export * from "./json_log_options.ts";
export * from "./line_patterns.ts";
export * from "./lines.ts";
export * from "./monitoring_db.ts";
export * from "./options.ts";
export * from "./questions/compare.ts";
export * from "./questions/coverage.ts";
export * from "./questions/lines.ts";
export * from "./questions/task_places.ts";
export * from "./questions/where_is_every_task.ts";
export * from "./report.ts";
export * from "./rules.ts";
export * from "./runinfo.ts";
export * from "./task_dependencies.ts";
export * from "./tasks/critical_path.ts";
export * from "./tasks/task_graph.ts";
export * from "./text_logs.ts";
export * from "./work_queue_logs.ts";
export * from "./workers/worker_activity.ts";
export * from "./workers/worker_idle_time.ts";
export * from "./workers/utilisation.ts";
