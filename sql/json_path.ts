/**
 * The path of an attribute, or of any member of a JSON object, for SQLite's JSON
 * functions. Its name may hold any characters, dots and quotes included.
 *
 * @example
 * ```ts
 * import { jsonPath, openDatabase, sql } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * const json = '{"parsl.task": 5}';
 * const rows = db.query(sql`SELECT ${json} ->> ${jsonPath("parsl.task")} AS task`);
 * assert.deepEqual([...rows], [{ task: 5 }]);
 * ```
 */
export const jsonPath = (name: string): string => `$.${JSON.stringify(name)}`;
