/**
 * Distributed Nested Performance Contexts: where did the time go in a large
 * Parsl workflow? Importers read what each component left behind into a SQLite
 * database, you query it with your own SQL, and plots draw the rows.
 *
 * ```ts
 * import { importRuninfo, openDatabase, twoEvents } from "dnpc";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/wq/runinfo");
 * const chart = twoEvents(db.query(`
 *   SELECT task_time_invoked_unix AS invoked,
 *     task_time_returned_unix AS returned
 *   FROM monitoring_task`));
 * assert.match(chart.caption, /^104 spans/);
 * ```
 *
 * @module
 */

export * from "./sql/mod.ts";
export * from "./questions/mod.ts";
export * from "./importers/mod.ts";
export * from "./plots/mod.ts";
export * from "./report/mod.ts";
export * from "./campaign/mod.ts";
