import { type Sql, sql } from "../../sql/mod.ts";
import { type EventsOfOptions, nestedEvents } from "./nested_events.ts";
import type { Roots } from "./nested_spans.ts";

export type { EventsOfOptions };

/**
 * All events of each root span and of all that is nested in it or equal to it,
 * in time order.
 *
 * The columns: root_id; time, in Unix seconds; span_type and event_type;
 * account, who told it: the span type without its last part; named, 1 or 0;
 * event_id. In the order of root_id, time and event_id; an event without a
 * time comes first.
 *
 * @param roots a span type, or a query of span ids
 * @returns a query, which can stand in parentheses in another one
 * @throws {TypeError} where events is neither "named" nor "all"
 *
 * @example
 * ```ts
 * import { createSchema, openDatabase } from "dnpc/sql";
 * import { eventsOf } from "dnpc/questions";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * createSchema(db);
 * db.exec(`
 *   INSERT INTO span (id, type, key) VALUES
 *     (1, 'harbour.ship', 'a'), (2, 'deck.guest', 'Ida');
 *   INSERT INTO subspan VALUES (1, 2, NULL, NULL);
 *   INSERT INTO event (span_id, time, type) VALUES
 *     (1, 10, 'leaves'), (2, 5, 'boards'), (1, 90, 'arrives')`);
 *
 * const events = db.query(eventsOf("harbour.ship"));
 * assert.deepEqual(
 *   events.map(({ time, account, event_type }) => [time, account, event_type]),
 *   [
 *     [5, "deck", "boards"],
 *     [10, "harbour", "leaves"],
 *     [90, "harbour", "arrives"],
 *   ],
 * );
 * ```
 */
export function eventsOf(roots: Roots, options: EventsOfOptions = {}): Sql {
  return sql`${nestedEvents(roots, options)}
ORDER BY nested.root_id, event.time, event.id`;
}
