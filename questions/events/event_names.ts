import { withShortStack } from "../../display/notebook/jupyter.ts";
import { spanSql as sql, type Sql } from "../../sql/mod.ts";
import eventPairsText from "./event_pairs.sql" with { type: "text" };
import { nestedEvents } from "./events_of.ts";
import { whatIs } from "../../display/text/mistakes.ts";
import { withKnownNames } from "./known_names.ts";
import { checkRoots, type Roots } from "./nested_spans.ts";

/**
 * Names an event as "span type/event type", split at the first slash. If the
 * span type itself has a slash, give an object.
 */
export type EventName = string | NamedEvent;

/** An {@linkcode EventName} as an object. */
export interface NamedEvent {
  /** The type of the span. */
  span: string;
  /** The type of the event. */
  event: string;
}

/**
 * Splits the name of an event into its span type and event type.
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
  if (isNamed(name)) return name;
  if (typeof name !== "string") {
    throw withShortStack(
      new TypeError(
        `an event is named by its span type and its type, "type/event", not ` +
          whatIs(name),
      ),
    );
  }
  const slash = name.indexOf("/");
  if (slash > 0) {
    return { span: name.slice(0, slash), event: name.slice(slash + 1) };
  }
  throw withShortStack(
    new TypeError(
      `an event is named by its span type and its type, "type/event", ` +
        `not ${JSON.stringify(name)}`,
    ),
  );
}

const isNamed = (name: unknown): name is NamedEvent =>
  typeof (name as NamedEvent | null)?.span === "string" &&
  typeof (name as NamedEvent).event === "string";

/** The two events of a question, and the spans in which they belong together. */
export interface EventPair {
  /** The first event: "parsl.rundir.try/launched". */
  from: EventName;
  /** The second event. Another component may report it. */
  to: EventName;
  /**
   * The spans in which the two belong together: a span type, or a query of span
   * ids. Both are events of the root, or of a span nested in it or equal to it.
   * By default the span type of `from`.
   */
  root?: Roots;
  /**
   * Only roots of this run: its label ("000"), its id, its directory, or a unique
   * part of these. By default of all runs.
   */
  run?: string | undefined;
}

/** Returns a query of both events in each root, as event_pairs.sql describes. */
export function eventPairs(options: EventPair): Sql {
  for (const name of ["from", "to"] as const) {
    if (options[name] !== undefined) continue;
    throw withShortStack(
      new TypeError(
        `the option ${name} is missing: an event, such as ` +
          `{ ${name}: "parsl.rundir.try/launched" }`,
      ),
    );
  }
  const [from, to] = [eventName(options.from), eventName(options.to)];
  const { root = from.span, run } = options;
  checkRoots("root", root);
  const pairs = sql.module(eventPairsText, {
    events: nestedEvents(root, {
      run,
      spanTypes: [from.span, to.span],
      eventTypes: [from.event, to.event],
    }, { isChecked: false }),
    from_span: from.span,
    from_event: from.event,
    to_span: to.span,
    to_event: to.event,
  });
  return withKnownNames(pairs, { events: [from, to] });
}
