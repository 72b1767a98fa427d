import { type Sql, sql } from "../../sql/mod.ts";
import { type By, byAttributes } from "./by_attributes.ts";
import { type EventName, eventName, marksOf } from "./named_events.ts";
import type { Roots } from "./nested_spans.ts";

/** The two events of {@linkcode spansBetween}. */
export interface SpansBetweenOptions {
  /** With this event a span begins to count: "parsl.rundir.try/launched". */
  from: EventName;
  /** With this one it ends. It may be told by another component. */
  to: EventName;
  /**
   * What is counted, and under what the two belong together: a span type, or a
   * query of span ids. Both are events of the root, of what is nested in it or
   * equal to it. By default the span type of `from`.
   */
  root?: Roots;
  /**
   * Attributes of the root: each value, or each several values, are counted
   * apart. "executor", or ["run", "executor"].
   */
  by?: By;
}

/**
 * How many root spans are between two events at each moment: the length of a
 * queue, the tasks under way.
 *
 * The columns: first the attributes of `by`; time, in Unix seconds; count, how
 * many are between the two from then on; change, how many more than before;
 * unended, how many of them never come to `to`, as far as is told: they count
 * until the end. In the order of the attributes and of time. There is a row for
 * each time at which the count changes, and none between: a step, and no line.
 *
 * A root is between the two from the first `from` until the next `to`, and again
 * from the next `from`. So a try that was sent twice before it came counts from
 * the first time, where {@linkcode timesBetween} measures from the last. Who comes
 * to `to` in the moment of `from` is not counted, and neither is a root with one
 * of each in the wrong order: clocks differ. Events without a time are left out.
 *
 * It takes time in proportion to n log n for n events.
 *
 * @returns a query, which can stand in parentheses in another one
 * @throws {TypeError} for an event without a span type, and for an attribute
 * named as another column
 *
 * @example
 * ```ts
 * import { createSchema, openDatabase } from "dnpc/sql";
 * import { spansBetween } from "dnpc/questions";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * createSchema(db);
 * db.exec(`
 *   INSERT INTO span (id, type, key) VALUES
 *     (1, 'guest', 'Ida'), (2, 'guest', 'Per');
 *   INSERT INTO event (span_id, time, type) VALUES
 *     (1, 10, 'came'), (2, 20, 'came'), (1, 30, 'went')`);
 *
 * const query = spansBetween({ from: "guest/came", to: "guest/went" });
 * assert.deepEqual([...db.query(query)], [
 *   { time: 10, count: 1, change: 1, unended: 0 },
 *   { time: 20, count: 2, change: 1, unended: 1 },
 *   { time: 30, count: 1, change: -1, unended: 1 },
 * ]);
 * ```
 */
export function spansBetween(options: SpansBetweenOptions): Sql {
  const [from, to] = [eventName(options.from), eventName(options.to)];
  const { root = from.span } = options;
  const by = byAttributes(options.by, ["time", "count", "change", "unended"]);
  return sql`WITH
  ${marksOf(root, from, to)},
  -- At equal times a root comes before it goes.
  ordered AS (
    SELECT root_id, time, is_to, lag(is_to) OVER in_time AS is_to_before,
      max(iif(is_to, time, NULL)) OVER whole AS latest_to,
      count(*) OVER whole = 2 AND sum(is_to) OVER whole = 1 AS alone
    FROM mark
    WINDOW whole AS (PARTITION BY root_id),
      in_time AS (PARTITION BY root_id ORDER BY time, is_to)
  ),
  entered AS (
    SELECT root_id, time, is_to,
      ifnull(latest_to < time AND NOT is_to, NOT is_to) AS is_unended
    FROM ordered
    WHERE iif(is_to, is_to_before = 0, ifnull(is_to_before, 1))
      AND NOT (alone AND NOT is_to AND ifnull(latest_to < time, 0))
  ),
  apart AS (
    SELECT ${by.select}time, is_to, is_unended
    FROM entered CROSS JOIN span ON span.id = root_id
  ),
  changes AS (
    SELECT ${by.columns}time, sum(iif(is_to, -1, 1)) AS change,
      sum(is_unended) AS unended
    FROM apart GROUP BY ${by.columns}time
    HAVING change <> 0 OR sum(is_unended) <> 0
  )
SELECT ${by.named(sql`changes`)}time, sum(change) OVER so_far AS count, change,
  sum(unended) OVER so_far AS unended
FROM changes
WINDOW so_far AS (${by.partition}ORDER BY time ROWS UNBOUNDED PRECEDING)
ORDER BY ${by.columns}time`;
}
