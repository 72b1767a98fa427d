import { type Sql, sql } from "../../sql/mod.ts";
import { nestedSpans, type Roots } from "./nested_spans.ts";

/**
 * Which event: "span type/event type", at the first slash. Where the span type
 * has a slash in it, as an object.
 */
export type EventName = string | { span: string; event: string };

/** An {@linkcode EventName}, taken apart. */
export interface NamedEvent {
  /** The type of the span. */
  span: string;
  /** The type of the event. */
  event: string;
}

/**
 * The times of two events in each root, as tables for a query to go on from:
 * `mark` has the columns root_id, time and is_to, which is 1 for the second.
 */
export function marksOf(roots: Roots, from: NamedEvent, to: NamedEvent): Sql {
  return sql`nested AS MATERIALIZED (${nestedSpans(roots)}),
  mark AS (
    ${nestedTimes(from, sql`0 AS is_to`)}
    UNION ALL
    ${nestedTimes(to, sql`1 AS is_to`)}
  )`;
}

/**
 * The times of the event in each root: columns root_id, time and what else is
 * named, from a table `nested` with the rows of `nestedSpans`.
 */
function nestedTimes({ span, event }: NamedEvent, more: Sql): Sql {
  // The plus keeps SQLite from looking events up by their type, of which there
  // may be very many, instead of by their span.
  return sql`SELECT root_id, event.time, ${more}
    FROM nested
      CROSS JOIN span ON span.id = nested.span_id
      CROSS JOIN event ON event.span_id = nested.span_id
    WHERE span.type = ${span} AND +event.type = ${event}
      AND event.time IS NOT NULL`;
}

/**
 * Takes the name of an event apart, as the helpers do that take one.
 *
 * @throws {TypeError} for an event without a span type
 *
 * @example
 * ```ts
 * import { eventName } from "dnpc/questions";
 * import { strict as assert } from "node:assert";
 *
 * assert.deepEqual(eventName("parsl.rundir.try/launched"), {
 *   span: "parsl.rundir.try",
 *   event: "launched",
 * });
 * ```
 */
export function eventName(name: EventName): NamedEvent {
  if (typeof name !== "string") return name;
  const slash = name.indexOf("/");
  if (slash > 0) {
    return { span: name.slice(0, slash), event: name.slice(slash + 1) };
  }
  throw new TypeError(
    `an event is named by its span type and its type, "type/event", ` +
      `not ${JSON.stringify(name)}`,
  );
}
