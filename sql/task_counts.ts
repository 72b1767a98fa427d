import { spanSql as sql } from "./template.ts";
import type { Sql } from "./sql_text.ts";
import text from "./task_counts.sql" with { type: "text" };

/**
 * A query of the number of tasks of each run, and of those that failed, were
 * tried again or never ended. Its `run` is the run's id, or else its directory.
 *
 * @example
 * ```ts
 * import { createSchema, openDatabase, sql, taskCounts } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * createSchema(db);
 * const runs = db.query(sql`SELECT run, tasks, failed FROM (${taskCounts})`);
 * assert.equal(runs.length, 0);
 * ```
 */
export const taskCounts: Sql = sql.module(text, {});
