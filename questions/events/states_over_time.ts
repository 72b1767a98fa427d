import { checkOptions } from "../../display/text/mistakes.ts";
import { spanSql, type Sql, sql } from "../../sql/mod.ts";
import { componentOf, nestedEvents } from "./events_of.ts";
import { joinNames, ofRun } from "../runs/find_run.ts";
import { aboutSpans, checkRoots, isRoot, type Roots } from "./nested_spans.ts";
import statesInOrderText from "./states_in_order.sql" with { type: "text" };
import { type WeightOption, weightsOf } from "./weights.ts";
import usualStatesText from "./usual_states.sql" with { type: "text" };

/** Selects the events that {@linkcode statesOverTime} takes as states. */
export interface StatesOverTimeOptions extends WeightOption {
  /**
   * The component whose events define the states; linked spans of other
   * components would be counted twice. By default the component of the root: its
   * type without the last part.
   */
  component?: string;
  /** Only events of spans of these types. By default of all. */
  spanTypes?: readonly string[];
  /**
   * Only events of these types: names, or templates of messages. By default all
   * named events, and those that `order` lists.
   */
  eventTypes?: readonly string[];
  /**
   * States in the order in which a span goes through them; the last may be
   * followed by the first again. Other states stay in the order of their times.
   * By default the order of the states of tasks and tries in the table
   * `event_kind`.
   */
  order?: readonly string[];
  /**
   * Only spans of this run: its label ("000"), its id, its directory, or a unique
   * part of these. By default of all runs.
   */
  run?: string | undefined;
}

/**
 * Lists the states that each root span went through: the named events of the
 * span and of every span nested in it or equal to it, from one component. An
 * event without a name is a state, too, if its template is given.
 *
 * The columns: root_id; time, in Unix seconds; state, the type of the event; and
 * what people call the root: run, task, try and app, each NULL if it has none. In
 * the order of root_id and time. Events without a time are left out.
 *
 * A span only goes forward: components have their own clocks, and may log an
 * event after its effect. A state that is reported after a later one of the
 * order is therefore entered at the time of that later one: a try that is
 * running at 2 and launched at 3 is launched at 2 for no time, and then
 * running. A state that the span is already in is not entered again: Parsl
 * before 2024 reports a failed dependency twice. `eventsOf` returns the events
 * as reported.
 *
 * With `weight: "cores"`, another column `cores` is that number of the root, in
 * the unit of the attribute or metric, or NULL. `spansInState(rows, { weight:
 * "cores" })` draws their sums.
 *
 * @param roots a span type, or a query of span ids: then name the component
 * @returns a query, to run or to put in parentheses in another query
 * @throws {TypeError} for a query of span ids without a component, and for a
 * weight named like another column
 * @throws {RangeError} when it runs, if no span has the number `weight`: the
 * message lists the numbers there are
 *
 * @example
 * ```ts
 * import { createSchema, insertRows, openDatabase } from "dnpc/sql";
 * import { statesOverTime } from "dnpc/questions";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * createSchema(db);
 * db.exec(`
 *   INSERT INTO span (id, type, key) VALUES
 *     (1, 'harbour.ship', 'a'), (2, 'radio.ship', 'a');
 *   INSERT INTO facet VALUES (1, 2, NULL)`);
 * insertRows(db, "event", ["span_id", "time", "type"], [
 *   [1, 90, "in port"],
 *   [1, 10, "at sea"],
 *   [2, 11, "at sea"],
 * ]);
 *
 * const unnamed = { run: null, task: null, try: null, app: null };
 * assert.deepEqual([...db.query(statesOverTime("harbour.ship"))], [
 *   { root_id: 1, time: 10, state: "at sea", ...unnamed },
 *   { root_id: 1, time: 90, state: "in port", ...unnamed },
 * ]);
 * ```
 */
export function statesOverTime(
  roots: Roots,
  options: StatesOverTimeOptions = {},
): Sql {
  checkRoots("statesOverTime", roots);
  checkOptions("statesOverTime", options, {
    component: true,
    order: true,
    eventTypes: true,
    spanTypes: true,
    weight: true,
    run: true,
  });
  const { spanTypes, eventTypes, order, weight, run } = options;
  const component = options.component ??
    (typeof roots === "string" ? componentOf(roots) : undefined);
  if (component === undefined) {
    throw new TypeError(
      "a query of span ids has no component of its own: name one",
    );
  }
  const events = nestedEvents(roots, {
    run,
    components: [component],
    events: eventTypes || order?.length ? "all" : "named",
    ...(spanTypes && { spanTypes }),
    ...(eventTypes && { eventTypes }),
  });
  const isState = eventTypes || !order?.length
    ? sql`1 = 1`
    : sql`(named = 1 OR event_type IN (${sql.join(order)}))`;
  const states = sql`SELECT *, event_type AS state
  FROM (${events}) WHERE time IS NOT NULL AND ${isState}`;
  const ordered = order ? statesInOrder(states, order) : rankedStates(
    sql`SELECT * FROM (${states})
    LEFT JOIN (${
      spanSql.module(usualStatesText, {})
    }) USING (span_type, event_type)`,
  );
  const entries = entriesInOrder(ordered, roots, { weight, run });
  return aboutSpans(roots, ofRun(entries, run));
}

/**
 * Reduces states in order to the columns root_id, time, state, the names of the
 * root, and its weight, if there is one.
 */
export function entriesInOrder(
  states: Sql,
  roots: Roots,
  { weight, run, names = ["task", "try", "app"] }: {
    weight: string | undefined;
    run: string | undefined;
    names?: readonly string[];
  },
): Sql {
  const columns = ["root_id", "time", "state", "run", ...names];
  const [weighted, others] = weight === undefined ? [sql``, sql``] : [
    sql`LEFT JOIN (${weightsOf(roots, weight, columns)}) USING (root_id)`,
    sql`, weight AS ${sql.id(weight)}`,
  ];
  return sql`SELECT root_id, time, state, run, ${
    sql.join(names.map((name) => sql.id(name)))
  }${others}
FROM (${states}) AS states ${joinNames(spanSql`root_id`, isRoot(roots), run)}
  ${weighted}
ORDER BY root_id, time, span_id, round, rank, event_id`;
}

/**
 * Puts the states of each span in order, whichever component reported them, so
 * that a span always enters a state from a different one.
 *
 * A state that is reported after a later one is entered at the time of that
 * one. The last of the order may be followed by the first again.
 * `statesOverTime` does this for events; here the states come from any query.
 *
 * The columns: root_id; span_id; event_id; time and state; round, which counts
 * from 0 how often the order began again; rank, the position of the state in
 * the order from 1, or NULL. The rows are unordered: sort a span by time,
 * round, rank, event_id.
 *
 * @param states a query with the columns root_id, span_id, event_id, time, state
 * @param order the states in order; others stay in the order of their times
 * @returns a query, to run or to put in parentheses in another query
 *
 * @example
 * ```ts
 * import { openDatabase, sql } from "dnpc/sql";
 * import { statesInOrder } from "dnpc/questions";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * const states = sql`
 *   SELECT 1 AS root_id, 1 AS span_id, column1 AS event_id, column2 AS time,
 *     column3 AS state
 *   FROM (VALUES (1, 10, 'bought'), (2, 12, 'used'), (3, 13, 'paid'))`;
 * const order = ["bought", "paid", "used"];
 *
 * assert.deepEqual(
 *   [...db.query(sql`
 *     SELECT time, state FROM (${statesInOrder(states, order)})
 *     ORDER BY time, rank`)],
 *   [
 *     { time: 10, state: "bought" },
 *     { time: 12, state: "paid" },
 *     { time: 12, state: "used" },
 *   ],
 * );
 * ```
 */
export function statesInOrder(states: Sql, order: readonly string[]): Sql {
  const ranks = order.map((state, i) => sql`WHEN ${state} THEN ${i + 1}`);
  const rank = order.length === 0
    ? sql`NULL`
    : sql`CASE state ${sql.join(ranks, " ")} END`;
  return rankedStates(
    sql`SELECT *, CASE WHEN rank = ${order.length} THEN 1 ELSE 0 END AS is_last
    FROM (SELECT *, ${rank} AS rank FROM (${states}))`,
  );
}

/** The same for states with the columns rank and is_last. */
export const rankedStates = (states: Sql): Sql =>
  sql.module(statesInOrderText, { states });
