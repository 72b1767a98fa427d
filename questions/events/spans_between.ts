import { checkOptions } from "../../display/text/mistakes.ts";
import { spanSql as sql, type Sql } from "../../sql/mod.ts";
import { joinRuns, ofRun } from "../runs/find_run.ts";
import { withKnownNames } from "./known_names.ts";
import { type By, byAttributes } from "./by_attributes.ts";
import { eventName, type EventPair, eventPairs } from "./event_names.ts";
import { type WeightOption, weightsOf } from "./weights.ts";
import spansBetweenText from "./spans_between.sql" with { type: "text" };

/**
 * The two events of {@linkcode spansBetween}: a root counts from `from` until
 * `to`.
 */
export interface SpansBetweenOptions extends EventPair, WeightOption {
  /**
   * Attributes of the root by which to count separately: "executor", or
   * ["run", "executor"]; [] counts all together. By default "run", its label.
   */
  by?: By;
}

/**
 * Counts the root spans that are between two events at each moment: the length
 * of a queue, the tasks under way.
 *
 * The columns: first the attributes of `by`; time, in Unix seconds; count, the
 * number between the two from then on; change, the difference from the row
 * before; unended, the number of them that never reach `to` in the logs and
 * count until the end. In the order of the attributes and of time. There is a
 * row for each time at which the count changes and none between: draw it as
 * steps.
 *
 * With `weight: "cores"`, a column `cores` follows time: the sum of the cores of
 * those that are counted, in the unit of the attribute or metric. The last
 * column, unweighted, is the number of those that have none and add nothing.
 * There is also a row for each time at which only the sum changes.
 * `metricSeries(rows, { mark: "steps", value: "cores" })` draws it.
 *
 * A root counts from its first `from` until the next `to`, and again from the
 * next `from`. A try that was sent twice before it arrived therefore counts from
 * the first time, whereas {@linkcode timesBetween} measures from the last. A root
 * is not counted if it reaches `to` at the time of `from`, or if it has a single
 * event of each in the wrong order, because clocks differ. Events without a
 * time are left out.
 *
 * Takes O(n log n) time for n events.
 *
 * @returns a query, to run or to put in parentheses in another query
 * @throws {TypeError} for an event without a span type, and for an attribute
 * or a weight named like another column
 * @throws {RangeError} when it runs, if no span has the number `weight`: the
 * message lists the numbers there are
 *
 * @example
 * ```ts
 * import { createSchema, insertRows, openDatabase } from "dnpc/sql";
 * import { spansBetween } from "dnpc/questions";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * createSchema(db);
 * db.exec(`
 *   INSERT INTO span (id, type, key) VALUES
 *     (1, 'guest', 'Ida'), (2, 'guest', 'Per')`);
 * insertRows(db, "event", ["span_id", "time", "type"], [
 *   [1, 10, "came"],
 *   [2, 20, "came"],
 *   [1, 30, "went"],
 * ]);
 *
 * const events = { from: "guest/came", to: "guest/went" };
 * const query = spansBetween({ ...events, by: [] });
 * assert.deepEqual([...db.query(query)], [
 *   { time: 10, count: 1, change: 1, unended: 0 },
 *   { time: 20, count: 2, change: 1, unended: 1 },
 *   { time: 30, count: 1, change: -1, unended: 1 },
 * ]);
 * ```
 *
 * @example The cores in use by Work Queue's tasks
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { spansBetween } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/wq-resources.tar.gz");
 *
 * const rows = db.query(spansBetween({
 *   from: "workqueue.task/RUNNING",
 *   to: "workqueue.task/WAITING_RETRIEVAL",
 *   weight: "cores",
 * }));
 * assert.equal(Math.max(...rows.map(({ cores }) => Number(cores))), 4);
 * assert.equal(Math.max(...rows.map(({ count }) => Number(count))), 3);
 * ```
 */
export function spansBetween(options: SpansBetweenOptions): Sql {
  checkOptions("spansBetween", options, {
    from: true,
    to: true,
    root: true,
    by: true,
    weight: true,
    run: true,
  });
  const { weight, by = "run", root = eventName(options.from).span } = options;
  const columns = ["time", "count", "change", "unended"];
  if (weight !== undefined) columns.push("unweighted");
  const names = typeof by === "string" ? [by] : by;
  const changes = sql.module(spansBetweenText, {
    pairs: eventPairs(options),
    ...byAttributes(names, columns),
    join_runs: joinRuns(sql`span.id`),
    weights: weight === undefined
      ? sql`SELECT NULL AS root_id, NULL AS weight WHERE 1 = 0`
      : weightsOf(root, weight, [...names, ...columns]),
    numbers: weight === undefined
      ? sql`count, change, unended`
      : sql`weight AS ${sql.id(weight)}, count, change, unended, unweighted`,
  });
  return withKnownNames(ofRun(changes, options.run), {
    attributes: names.filter((name) => name !== "run"),
    attributesOf: typeof root === "string" ? root : undefined,
  });
}
