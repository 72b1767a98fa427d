import { checkOptions } from "../../display/text/mistakes.ts";
import { spanSql as sql, type Sql } from "../../sql/mod.ts";
import type { By } from "./by_attributes.ts";
import { eventName, type EventPair, eventPairs } from "./event_names.ts";
import { nestedEvents } from "./events_of.ts";
import lastKnownText from "./last_known.sql" with { type: "text" };
import { joinNames, ofRun } from "../runs/find_run.ts";
import { aboutSpans, isRoot, type Roots, rootsOfRun } from "./nested_spans.ts";
import { rootValues } from "./root_values.ts";
import timesBetweenText from "./times_between.sql" with { type: "text" };

/** The two events of {@linkcode timesBetween}. */
export interface TimesBetweenOptions extends EventPair {
  /**
   * "first": one row per root, for its first `to` that has a `from` before it.
   * "each": one row for each such `to`. By default "first".
   */
  which?: "first" | "each" | undefined;
  /**
   * Names for further columns, in front of the others: "run", "app", "executor",
   * "block", "manager", "worker", "host", or any attribute of the root, its task
   * or the spans nested in it.
   */
  by?: By | undefined;
  /**
   * Spans that reached `from` and not `to`: "null" gives them a row without an
   * end. "until last known" gives them the last moment at which no log has `to`
   * as their end, and all rows a column `unfinished`, 1 for these. "leave out"
   * leaves them out. By default "null".
   */
  unfinished?: "null" | "until last known" | "leave out" | undefined;
}

const unfinishedOptions = ["null", "until last known", "leave out"] as const;

/**
 * Measures the times from one event to another within each root span: columns
 * start and end, in Unix seconds, root_id, and run, the label of its run, in the
 * order of root_id and end.
 * The rows suit `twoEvents`, and with `by` also `durationBoxes`.
 *
 * Each `to` belongs to the last `from` before it; equal times count as before.
 * A retry therefore hides an earlier try that got no answer. A root that has
 * one `from` and one `to` has a row in either order, with `end` before `start`
 * if clocks differ or a component logs an event after its effect. Any other
 * `to` without a `from` before it has no row. Events without a time are left
 * out.
 *
 * A root whose last `from` has no `to` has a row, too, with NULL as its end:
 * charts count it as one that had not ended. With "until last known", its end is
 * when it entered its final state, or else the last moment that any log of its
 * run knows; charts mark it.
 *
 * @returns a query, to run or to put in parentheses in another query
 * @throws {TypeError} for an event without a span type, for an option that does
 * not exist, and for a name in `by` that is also another column
 * @throws {RangeError} when it runs, for an attribute in `by` that no root has:
 * the message lists the names there are
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
 * assert.deepEqual([...db.query(query)], [
 *   { start: 20, end: 26, root_id: 1, run: null, task: null, try: null, app: null },
 * ]);
 * ```
 */
export function timesBetween(options: TimesBetweenOptions): Sql {
  checkOptions("timesBetween", options, {
    from: true,
    to: true,
    root: true,
    which: true,
    by: true,
    unfinished: true,
    run: true,
  });
  const { which = "first", unfinished = "null", by = [], run } = options;
  if (which !== "first" && which !== "each") {
    throw new TypeError(`which is "first" or "each", not "${which}"`);
  }
  if (!unfinishedOptions.includes(unfinished)) {
    throw new TypeError(
      `unfinished is "null", "until last known" or "leave out", ` +
        `not "${unfinished}"`,
    );
  }
  const each = sql.module(timesBetweenText, { pairs: eventPairs(options) });
  const ended = unfinished === "leave out"
    ? sql`SELECT * FROM (${each}) WHERE "end" IS NOT NULL`
    : each;
  // The earliest end has the earliest start, too; no end follows the last start.
  const times = which === "each" ? ended : sql`SELECT
  min(start) AS start, min("end") AS "end", root_id
FROM (${ended})
GROUP BY root_id`;
  const { root = eventName(options.from).span } = options;
  const isNamed = [by].flat().length > 0;
  const names = ["run", "task", "try", "app"]
    .filter((name) => !([by].flat() as string[]).includes(name));
  const isCensored = unfinished === "until last known";
  const { values, columns } = rootValues(root, by, resultColumns);
  const query = sql`SELECT ${columns}start, ${
    isCensored
      ? sql`coalesce("end", CASE
    WHEN start >= last THEN start ELSE last END) AS "end"`
      : sql`"end"`
  }, root_id${isCensored ? sql`, "end" IS NULL AS unfinished` : sql``}${
    sql.join(names.map((name) => sql`, names_of.${sql.id(name)}`), "")
  }
FROM (${times}) AS times${
    names.length === 0
      ? sql``
      : sql` ${joinNames(sql`times.root_id`, isRoot(root), run)}`
  }${isNamed ? sql` JOIN (${values}) AS named USING (root_id)` : sql``}${
    isCensored
      ? sql` LEFT JOIN (${
        lastKnown(rootsOfRun(root, run))
      }) AS known USING (root_id)`
      : sql``
  }
ORDER BY root_id, times."end" IS NULL, times."end"`;
  const wanted = ofRun(query, run);
  // A span may have several pairs of events.
  return which === "each" ? wanted : aboutSpans(root, wanted);
}

const resultColumns = ["start", "end", "root_id", "unfinished"];

/** The last time of each root, as last_known.sql describes. */
const lastKnown = (root: Roots): Sql =>
  sql.module(lastKnownText, { events: nestedEvents(root, {}) });
