import { type Sql, sql } from "../../sql/mod.ts";
import { accountOf } from "./accounts.ts";
import { nestedEvents } from "./nested_events.ts";
import type { Roots } from "./nested_spans.ts";
import { stateOrder, statesInOrder } from "./state_order.ts";

/** What {@linkcode statesOverTime} takes for states. */
export interface StatesOverTimeOptions {
  /**
   * Who tells: facets tell the same twice. By default who tells of the root:
   * its type without the last part.
   */
  account?: string;
  /** Only the events of spans of these types. By default of all. */
  spanTypes?: readonly string[];
  /** Only events of these types. By default all that have a name. */
  eventTypes?: readonly string[];
  /**
   * States in the order in which a span goes through them; after the last of
   * them the first may begin anew. States that are not among them stay where
   * their times put them, as all do if there are none. By default
   * {@linkcode stateOrder}.
   */
  order?: readonly string[];
}

/**
 * The states that each root span went through: the named events of the span
 * and of all that is nested in it or equal to it, as one account tells them.
 *
 * The columns: root_id; time, in Unix seconds; state, which is the type of the
 * event. In the order of root_id and time. Events without a time are left out.
 *
 * A span goes forward, whatever its sources say: components have clocks of their
 * own, and may write a thing down after what it led to. So a state that is told
 * after a later one of the order is entered when that later one is: where a try
 * is running at 2 and launched at 3, it is launched at 2 for no time, and then
 * running. And a state that the span is in already is not entered once more:
 * Parsl before 2024 writes that a dependency failed twice. `eventsOf` gives the
 * events as they were told.
 *
 * @param roots a span type, or a query of span ids: then name the account
 * @returns a query, which can stand in parentheses in another one
 * @throws {TypeError} for a query of span ids without an account
 *
 * @example
 * ```ts
 * import { createSchema, openDatabase } from "dnpc/sql";
 * import { statesOverTime } from "dnpc/questions";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * createSchema(db);
 * db.exec(`
 *   INSERT INTO span (id, type, key) VALUES
 *     (1, 'harbour.ship', 'a'), (2, 'radio.ship', 'a');
 *   INSERT INTO facet VALUES (1, 2, NULL);
 *   INSERT INTO event (span_id, time, type) VALUES
 *     (1, 90, 'in port'), (1, 10, 'at sea'), (2, 11, 'at sea')`);
 *
 * assert.deepEqual([...db.query(statesOverTime("harbour.ship"))], [
 *   { root_id: 1, time: 10, state: "at sea" },
 *   { root_id: 1, time: 90, state: "in port" },
 * ]);
 * ```
 */
export function statesOverTime(
  roots: Roots,
  options: StatesOverTimeOptions = {},
): Sql {
  const account = options.account ??
    (typeof roots === "string" ? accountOf(roots) : undefined);
  if (account === undefined) {
    throw new TypeError(
      "a query of span ids does not say who tells of them: give an account",
    );
  }
  const { spanTypes, eventTypes, order = stateOrder } = options;
  const events = nestedEvents(
    roots,
    {
      ...{ accounts: [account], events: "named" },
      ...(spanTypes && { spanTypes }),
      ...(eventTypes && { eventTypes }),
    },
    sql`, event.span_id, event.type AS state`,
  );
  const told = sql`SELECT * FROM (${events}) WHERE time IS NOT NULL`;
  return sql`SELECT root_id, time, state
FROM (${statesInOrder(told, order)})
ORDER BY root_id, time, span_id, round, rank, event_id`;
}
