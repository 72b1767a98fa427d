import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { type EventsOfOptions, nestedEvents } from "./events_of.ts";
import type { Roots } from "./nested_spans.ts";
import { components } from "./components.ts";

/** A type of event that happens to spans of a type. */
export interface StepKind {
  span_type: string;
  event_type: string;
  component: string;
}

/**
 * Visits the events of each root span that have a time, in the order of the roots
 * and of time. Texts would take most of the time, so kinds of events are
 * numbers: indexes into the result.
 */
export function readSteps(
  db: Database,
  roots: Roots,
  options: EventsOfOptions,
  visit: (rootId: number, time: number, kind: number) => void,
): StepKind[] {
  const events = sql`SELECT root_id, at, type_id, event_type_id
FROM (${nestedEvents(roots, options)})
WHERE time IS NOT NULL
ORDER BY root_id, at, event_id`;
  const kinds: { type_id: number; event_type_id: number }[] = [];
  const numbers = new Map<number, Map<number, number>>();
  // query() takes half the time of iterate(), but holds all rows.
  const [{ last }] = db.query<{ last: number }>(
    "SELECT ifnull(max(id), 0) AS last FROM event_row",
  ) as [{ last: number }];
  type StepRow = typeof kinds[0] & { root_id: number; at: number };
  const rows = last > maxHeld
    ? db.iterate<StepRow>(events)
    : db.query<StepRow>(events);
  for (const { root_id, at, type_id, event_type_id } of rows) {
    const kind = numbers.getOrInsertComputed(type_id, () => new Map())
      .getOrInsertComputed(
        event_type_id,
        () => kinds.push({ type_id, event_type_id }) - 1,
      );
    visit(root_id, at, kind);
  }
  return db.query<StepKind>(sql`
    SELECT described.type AS span_type, event_type.type AS event_type, component
    FROM json_each(${JSON.stringify(kinds)}) AS kind
      JOIN (${components}) AS described
        ON described.type_id = kind.value ->> 'type_id'
      JOIN event_type ON event_type.id = kind.value ->> 'event_type_id'
    ORDER BY kind.key`);
}

/** About 200 MB. */
const maxHeld = 1_000_000;
