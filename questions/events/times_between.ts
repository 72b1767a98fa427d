import { type Sql, sql } from "../../sql/mod.ts";
import { type EventName, eventName, marksOf } from "./named_events.ts";
import type { Roots } from "./nested_spans.ts";

export type { EventName };

/** The two events of {@linkcode timesBetween}. */
export interface TimesBetweenOptions {
  /** The first event: "parsl.rundir.try/launched". */
  from: EventName;
  /** The second. It may be told by another component. */
  to: EventName;
  /**
   * Under what the two belong together: a span type, or a query of span ids.
   * Both are events of the root, of what is nested in it or equal to it. By
   * default the span type of `from`.
   */
  root?: Roots;
  /**
   * "first": one row for each root, to the first `to` that has a `from` before
   * it. "each": a row for each `to` that has one. By default "first".
   */
  which?: "first" | "each";
}

/**
 * The times from one event to another, for each root span: columns start and
 * end, in Unix seconds, and root_id, in the order of root_id and end. So they
 * are rows for `twoEvents`.
 *
 * Each `to` belongs to the last `from` before it, and equal times count as
 * before. So where a task was tried again, a try that was never answered is
 * passed over. A root that has one `from` and one `to` gives a row whatever
 * their order: clocks differ, and a component may write an event down after
 * what it led to; `end` is then before `start`. Otherwise a `to` that has no
 * `from` before it gives no row, and neither does an event without a time.
 *
 * @returns a query, which can stand in parentheses in another one
 * @throws {TypeError} for an event without a span type, and where which is
 * neither "first" nor "each"
 *
 * @example
 * ```ts
 * import { createSchema, openDatabase } from "dnpc/sql";
 * import { timesBetween } from "dnpc/questions";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * createSchema(db);
 * db.exec(`
 *   INSERT INTO span (id, type, key) VALUES (1, 'shop', 'a'), (2, 'post', 'a');
 *   INSERT INTO subspan VALUES (1, 2, NULL, NULL);
 *   INSERT INTO event (span_id, time, type) VALUES
 *     (1, 10, 'sent'), (1, 20, 'sent'), (2, 26, 'arrived')`);
 *
 * const query = timesBetween({ from: "shop/sent", to: "post/arrived" });
 * assert.deepEqual([...db.query(query)], [{ start: 20, end: 26, root_id: 1 }]);
 * ```
 */
export function timesBetween(options: TimesBetweenOptions): Sql {
  const [from, to] = [eventName(options.from), eventName(options.to)];
  const { root = from.span, which = "first" } = options;
  if (which !== "first" && which !== "each") {
    throw new TypeError(`which is "first" or "each", not "${which}"`);
  }
  // The first `to`: of the rows of a root, min() takes the other columns from
  // the one it is in.
  const [end, group] = which === "first"
    ? [sql`min(time)`, sql`GROUP BY root_id`]
    : [sql`time`, sql``];
  return sql`WITH
  ${marksOf(root, from, to)},
  -- The frame of a window ends behind the rows of equal time.
  paired AS (
    SELECT root_id, time, is_to,
      max(iif(is_to, NULL, time)) OVER (PARTITION BY root_id ORDER BY time)
        AS before,
      max(iif(is_to, NULL, time)) OVER whole AS latest,
      count(*) OVER whole = 2 AND sum(is_to) OVER whole = 1 AS alone
    FROM mark
    WINDOW whole AS (PARTITION BY root_id)
  )
SELECT iif(alone, latest, before) AS start, ${end} AS "end", root_id
FROM paired
WHERE is_to AND (alone OR before IS NOT NULL)
${group}
ORDER BY root_id, "end"`;
}
