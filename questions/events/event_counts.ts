import { checkOptions } from "../../display/text/mistakes.ts";
import { spanSql as sql, type Sql } from "../../sql/mod.ts";
import { inRun, joinRuns, ofRun } from "../runs/find_run.ts";
import { withKnownNames } from "./known_names.ts";
import { type By, byAttributes } from "./by_attributes.ts";
import { type EventName, eventName } from "./event_names.ts";
import { binsPerSecond, checkWidth } from "./statistics.ts";
import eventCountsText from "./event_counts.sql" with { type: "text" };

/** The event that {@linkcode eventCounts} counts, and how finely. */
export interface EventCountsOptions {
  /** The event: "parsl.rundir.try/exec_done". */
  event: EventName;
  /**
   * Width of a bin in seconds. By default the smallest readable width that needs
   * at most 200 bins: 1, 2 or 5 times a power of ten from a millisecond on, or a
   * usual part of a minute, hour or day. If a time is far off, as in a damaged
   * log, and there would be over a million bins, they become wider: the column
   * seconds has the width.
   */
  per?: number;
  /**
   * Attributes of the event's span by which to count separately: "executor", or
   * ["run", "executor"]; [] counts all together. By default "run", its label.
   */
  by?: By;
  /** Only events from this time on, in Unix seconds, which is in the first bin. */
  since?: number;
  /** Only events before this time, in Unix seconds: the end of the last bin. */
  until?: number;
  /**
   * Only events of this run: its label ("000"), its id, its directory, or a
   * unique part of these. By default of all runs.
   */
  run?: string | undefined;
}

/**
 * Counts how often an event happens over time, in total and per second, for
 * each bin of time. Empty bins have a row too, from the first event of all to
 * the last, or from `since` to `until`.
 *
 * The columns: first the attributes of `by`; time, at which the bin begins, in
 * Unix seconds; seconds, its width; count; rate, the count per second of the
 * width. In the order of the attributes and of time. Bins begin at whole
 * multiples of their width since 1970, and an event on the border is in the
 * later one. The first and last bin may extend beyond the time that the logs
 * cover; their rate is then too low. Events without a time are left out.
 *
 * Takes time in proportion to the events of the type and to the bins.
 *
 * @returns a query, to run or to put in parentheses in another query
 * @throws {TypeError} for an event without a span type, and for an attribute
 * named like another column
 * @throws {RangeError} if per is not a number of seconds above zero
 *
 * @example
 * ```ts
 * import { createSchema, insertRows, openDatabase } from "dnpc/sql";
 * import { eventCounts } from "dnpc/questions";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * createSchema(db);
 * db.exec(`
 *   INSERT INTO span (id, type, key) VALUES (1, 'gate', 'north')`);
 * insertRows(db, "event", ["span_id", "time", "type"], [
 *   [1, 11, "guest"],
 *   [1, 14, "guest"],
 *   [1, 15, "guest"],
 *   [1, 22, "guest"],
 * ]);
 *
 * const query = eventCounts({ event: "gate/guest", per: 5, by: [] });
 * assert.deepEqual([...db.query(query)], [
 *   { time: 10, seconds: 5, count: 2, rate: 0.4 },
 *   { time: 15, seconds: 5, count: 1, rate: 0.2 },
 *   { time: 20, seconds: 5, count: 1, rate: 0.2 },
 * ]);
 * ```
 */
export function eventCounts(options: EventCountsOptions): Sql {
  checkOptions("eventCounts", options, {
    event: true,
    per: true,
    by: true,
    since: true,
    until: true,
    run: true,
  });
  if (options.event === undefined) {
    throw new TypeError(
      "the option event is missing: an event, such as " +
        '{ event: "parsl.rundir.try/exec_done" }',
    );
  }
  const { per, since = null, until = null, by = "run", run } = options;
  const event = eventName(options.event);
  const names = typeof by === "string" ? [by] : by;
  checkWidth(per);
  const candidates = per === undefined
    ? widths
    : [per, ...widths.filter((width) => width > per)];
  const columns = byAttributes(by, ["time", "seconds", "count", "rate"]);
  const counts = sql.module(eventCountsText, {
    ...event,
    ...columns,
    is_wanted: inRun(run),
    join_runs: joinRuns(sql`span.id`),
    part: names.includes("run") ? sql`run_of.run` : sql`NULL`,
    is_whole: names.every((name) => name === "run"),
    since,
    until,
    widths: sql.join(
      candidates.map((seconds, i) =>
        sql`(${i}, ${seconds}, ${binsPerSecond(seconds)})`
      ),
    ),
    bins,
    max_bins: per === undefined ? 200 : 1_000_000,
  });
  return withKnownNames(ofRun(counts, run), {
    events: [event],
    attributes: names.filter((name) => name !== "run"),
    attributesOf: event.span,
  });
}

/** Each bin from first_bin to last_bin. */
const bins: Sql = sql.either(
  sql`SELECT part, first_bin, last_bin FROM bounds
    UNION ALL
    SELECT part, bin + 1, last_bin FROM bins WHERE bin < last_bin`,
  // Spark would start a job for each row of a recursion.
  () =>
    sql`SELECT part, unnest(generate_series(
      CAST(first_bin AS BIGINT), CAST(last_bin AS BIGINT))) AS bin, last_bin
    FROM bounds`,
);

// Widths that are easy to read, in seconds.
const widths = [0.001, 0.01, 0.1, 1].flatMap((n) => [n, 2 * n, 5 * n])
  .concat([10, 15, 30], [1, 2, 5, 10, 15, 30].map((n) => n * 60))
  .concat([1, 2, 3, 6, 12, 24].map((n) => n * 3600))
  .concat([2, 7, 28, 364].map((n) => n * 86_400));
