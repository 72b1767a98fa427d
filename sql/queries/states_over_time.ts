import { type Sql, sql } from "../template.ts";
import { accountOf } from "./accounts.ts";
import { eventsOf } from "./events_of.ts";
import type { Roots } from "./nested_spans.ts";

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
}

/**
 * The states that each root span went through: the named events of the span
 * and of all that is nested in it or equal to it, as one account tells them.
 *
 * The columns: root_id; time, in Unix seconds; state, which is the type of the
 * event. In the order of root_id, time and event. Events without a time are
 * left out.
 *
 * @param roots a span type, or a query of span ids: then name the account
 * @returns a query, which can stand in parentheses in another one
 * @throws {TypeError} for a query of span ids without an account
 *
 * @example
 * ```ts
 * import { createSchema, openDatabase, statesOverTime } from "dnpc/sql";
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
  const { spanTypes, eventTypes } = options;
  const events = eventsOf(roots, {
    ...{ accounts: [account], events: "named" },
    ...(spanTypes && { spanTypes }),
    ...(eventTypes && { eventTypes }),
  });
  return sql`SELECT root_id, time, event_type AS state
FROM (${events})
WHERE time IS NOT NULL
ORDER BY root_id, time, event_id`;
}
