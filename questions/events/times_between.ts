import { spanSql as sql, type Sql } from "../../sql/mod.ts";
import { type EventPair, eventPairs } from "./event_names.ts";
import timesBetweenText from "./times_between.sql" with { type: "text" };

/** The two events of {@linkcode timesBetween}. */
export interface TimesBetweenOptions extends EventPair {
  /**
   * "first": one row per root, for its first `to` that has a `from` before it.
   * "each": one row for each such `to`. By default "first".
   */
  which?: "first" | "each";
}

/**
 * Measures the times from one event to another within each root span: columns
 * start and end, in Unix seconds, and root_id, in the order of root_id and end.
 * The rows suit `twoEvents`.
 *
 * Each `to` belongs to the last `from` before it; equal times count as before.
 * A retry therefore hides an earlier try that got no answer. A root that has
 * one `from` and one `to` has a row in either order, with `end` before `start`
 * if clocks differ or a component logs an event after its effect. Any other
 * `to` without a `from` before it has no row. Events without a time are left
 * out.
 *
 * @returns a query, to run or to put in parentheses in another query
 * @throws {TypeError} for an event without a span type, and if which is neither
 * "first" nor "each"
 *
 * @example
 * ```ts
 * import { createSchema, insertRows, openDatabase } from "dnpc/sql";
 * import { timesBetween } from "dnpc/questions";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * createSchema(db);
 * db.exec(`
 *   INSERT INTO span (id, type, key) VALUES (1, 'shop', 'a'), (2, 'post', 'a');
 *   INSERT INTO subspan VALUES (1, 2, NULL, NULL)`);
 * insertRows(db, "event", ["span_id", "time", "type"], [
 *   [1, 10, "sent"],
 *   [1, 20, "sent"],
 *   [2, 26, "arrived"],
 * ]);
 *
 * const query = timesBetween({ from: "shop/sent", to: "post/arrived" });
 * assert.deepEqual([...db.query(query)], [{ start: 20, end: 26, root_id: 1 }]);
 * ```
 */
export function timesBetween(options: TimesBetweenOptions): Sql {
  const { which = "first" } = options;
  if (which !== "first" && which !== "each") {
    throw new TypeError(`which is "first" or "each", not "${which}"`);
  }
  const each = sql.module(timesBetweenText, { pairs: eventPairs(options) });
  if (which === "each") {
    return sql`${each}
ORDER BY root_id, "end"`;
  }
  // The earliest end has the earliest start, too.
  return sql`SELECT min(start) AS start, min("end") AS "end", root_id
FROM (${each})
GROUP BY root_id
ORDER BY root_id`;
}
