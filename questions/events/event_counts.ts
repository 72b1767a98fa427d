import { type Sql, sql } from "../../sql/mod.ts";
import { type By, byAttributes } from "./by_attributes.ts";
import { type EventName, eventName } from "./named_events.ts";
import { binOf, binStart, binWidth } from "./time_bins.ts";

/** What {@linkcode eventCounts} counts, and how finely. */
export interface EventCountsOptions {
  /** The event: "parsl.rundir.try/exec_done". */
  event: EventName;
  /**
   * The width of a bin, in seconds. By default the smallest of 1, 2 or 5 times
   * a power of ten from a millisecond on, or of the usual parts of a minute,
   * hour and day, with which there are at most 200 bins. Where a time is far off,
   * as in a damaged log, and there would be more than a million bins, they are
   * wider than asked for: the column seconds tells.
   */
  per?: number;
  /**
   * Attributes of the span that the event is of: each value, or each several
   * values, are counted apart. "executor", or ["run", "executor"].
   */
  by?: By;
  /** Only events from this time on, in Unix seconds. The first bin has it. */
  since?: number;
  /** Only events before this time. The last bin has what is right before it. */
  until?: number;
}

/**
 * How often an event happens over time: how many in each bin of time, and how
 * many that is a second. A bin in which none happens has a row too, from the
 * first event of all to the last, or from `since` to `until`.
 *
 * The columns: first the attributes of `by`; time, at which the bin begins, in
 * Unix seconds; seconds, its width; count; rate, the count for each second of
 * the width. In the order of the attributes and of time. Bins begin at whole
 * multiples of their width since 1970, and an event on the border is in the
 * later one. The first and the last bin may be in part outside of what was
 * observed: their rate is too low then. Events without a time are left out.
 *
 * It takes time in proportion to the events of the type and to the bins.
 *
 * @returns a query, which can stand in parentheses in another one
 * @throws {TypeError} for an event without a span type, and for an attribute
 * named as another column
 * @throws {RangeError} where per is no number of seconds above zero
 *
 * @example
 * ```ts
 * import { createSchema, openDatabase } from "dnpc/sql";
 * import { eventCounts } from "dnpc/questions";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * createSchema(db);
 * db.exec(`
 *   INSERT INTO span (id, type, key) VALUES (1, 'gate', 'north');
 *   INSERT INTO event (span_id, time, type) VALUES
 *     (1, 11, 'guest'), (1, 14, 'guest'), (1, 15, 'guest'), (1, 22, 'guest')`);
 *
 * const query = eventCounts({ event: "gate/guest", per: 5 });
 * assert.deepEqual([...db.query(query)], [
 *   { time: 10, seconds: 5, count: 2, rate: 0.4 },
 *   { time: 15, seconds: 5, count: 1, rate: 0.2 },
 *   { time: 20, seconds: 5, count: 1, rate: 0.2 },
 * ]);
 * ```
 */
export function eventCounts(options: EventCountsOptions): Sql {
  const { span, event } = eventName(options.event);
  const { per, since = null, until = null } = options;
  if (per !== undefined && !(per > 0 && per < Infinity)) {
    throw new RangeError(
      `per is the width of a bin in seconds, above zero, not ${per}`,
    );
  }
  const by = byAttributes(options.by, ["time", "seconds", "count", "rate"]);
  return sql`WITH
  happened AS MATERIALIZED (
    SELECT ${by.select}event.time AS time
    FROM event JOIN span ON span.id = event.span_id
    WHERE event.type = ${event} AND span.type = ${span}
      AND event.time >= ifnull(${since}, -9e999)
      AND event.time < ifnull(${until}, 9e999)
  ),
  extent AS MATERIALIZED (
    SELECT ifnull(${since}, min(time)) AS first,
      ifnull(${until}, max(time)) AS last
    FROM happened
  ),
  width AS MATERIALIZED (${binWidth(per, sql`extent`)}),
  binned AS MATERIALIZED (
    SELECT ${by.columns}${binOf(sql`time`)} AS bin, count(*) AS count
    FROM happened CROSS JOIN width GROUP BY ${by.columns}bin
  ),
  -- Counted through: sums of parts of a second would drift.
  bins (bin, last) AS (
    SELECT ${binOf(sql`first`)}, ${binOf(sql`last`)} -
      (last = ifnull(${until}, 9e999) AND ${binStart(binOf(sql`last`))} = last)
    FROM extent CROSS JOIN width WHERE first <= last
    UNION ALL
    SELECT bin + 1, last FROM bins WHERE bin < last
  ),
  apart AS MATERIALIZED (${by.distinct(sql`happened`)})
SELECT ${by.named(sql`apart`)}${binStart(sql`bins.bin`)} AS time, seconds,
  ifnull(count, 0) AS count, ifnull(count, 0) / seconds AS rate
FROM bins CROSS JOIN width CROSS JOIN apart
  LEFT JOIN binned ON binned.bin = bins.bin${
    by.andSame(sql`binned`, sql`apart`)
  }
ORDER BY ${by.columnsOf(sql`apart`)}bins.bin`;
}
