import { checkOptions, type OptionNames } from "../../display/text/mistakes.ts";
import { spanSql as sql, type Sql } from "../../sql/mod.ts";
import eventsOfText from "./events_of.sql" with { type: "text" };
import { joinNames, ofRun } from "../runs/find_run.ts";
import { withKnownNames } from "./known_names.ts";
import {
  aboutSpans,
  checkRoots,
  isRoot,
  type Roots,
  rootsOfRun,
} from "./nested_spans.ts";
import { components as allComponents } from "./components.ts";
import { stepsInCampaign } from "./steps_in_campaign.ts";
import { typedEvents } from "./typed_events.ts";

/** Selects the events of {@linkcode eventsOf}. By default all. */
export interface EventsOfOptions {
  /** Only events of spans of these types. */
  spanTypes?: readonly string[];
  /** Only events of these types. */
  eventTypes?: readonly string[];
  /** Only events that these components report: "parsl.rundir". */
  components?: readonly string[];
  /** "named" leaves out events whose type is the template of a message. */
  events?: "named" | "all";
  /**
   * Only roots of this run: its label ("000"), its id, its directory, or a unique
   * part of these. By default of all runs.
   */
  run?: string | undefined;
}

export const eventsOfNames: OptionNames<EventsOfOptions> = {
  events: true,
  eventTypes: true,
  spanTypes: true,
  components: true,
  run: true,
};

/**
 * Finds all events of each root span and of every span nested in it or equal to
 * it, in time order.
 *
 * A task that was resent after the loss of a worker is nested in each worker
 * that ran it: if a root is a worker, events that name another one are left out.
 *
 * The columns: root_id; time, in Unix seconds; span_type and event_type;
 * component, which reported it: the span type without its last part; named, 1
 * or 0; event_id; and what people call the root: run, task, try and app, each
 * NULL if it has none. In the order of root_id, time and event_id; events without a
 * time come first.
 *
 * For a span type, the database keeps the spans and events that belong to each
 * root in temporary tables, until anything changes: other questions about the
 * type, such as `eventSequences`, `statesOverTime`, and `timesBetween` with this
 * root, take them from there. A million events need 40 MB on disk. If events
 * belong to more than 16 roots each, which no logs describe, only the first
 * million is sure to be there.
 *
 * @param roots a span type, or a query of span ids
 * @returns a query, to run or to put in parentheses in another query
 * @throws {TypeError} if events is neither "named" nor "all"
 *
 * @example
 * ```ts
 * import { createSchema, insertRows, openDatabase } from "dnpc/sql";
 * import { eventsOf } from "dnpc/questions";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * createSchema(db);
 * db.exec(`
 *   INSERT INTO span (id, type, key) VALUES
 *     (1, 'harbour.ship', 'a'), (2, 'deck.guest', 'Ida');
 *   INSERT INTO subspan VALUES (1, 2, NULL, NULL)`);
 * insertRows(db, "event", ["span_id", "time", "type"], [
 *   [1, 10, "leaves"],
 *   [2, 5, "boards"],
 *   [1, 90, "arrives"],
 * ]);
 *
 * const events = db.query(eventsOf("harbour.ship"));
 * assert.deepEqual(
 *   events.map(({ time, component, event_type }) =>
 *     [time, component, event_type]
 *   ),
 *   [
 *     [5, "deck", "boards"],
 *     [10, "harbour", "leaves"],
 *     [90, "harbour", "arrives"],
 *   ],
 * );
 * ```
 */
export function eventsOf(roots: Roots, options: EventsOfOptions = {}): Sql {
  checkRoots("eventsOf", roots);
  checkOptions("eventsOf", options, eventsOfNames);
  const events =
    sql`SELECT root_id, time, span_type, event_type, component, named,
  event_id, run, task, "try", app
FROM (${nestedEvents(roots, options)}) AS events ${
      joinNames(sql`root_id`, isRoot(roots), options.run)
    }
ORDER BY root_id, events.at, event_id`;
  return aboutSpans(roots, ofRun(events, options.run));
}

/** Adds the default of `events`: "all" of `eventTypes`, without these "named". */
export const withDefaultEvents = <Options extends EventsOfOptions>(
  options: Options,
): Options => ({
  ...options,
  events: options.events ?? (options.eventTypes ? "all" : "named"),
});

/**
 * The same in no order, with more columns: see events_of.sql.
 *
 * @param isKept whether other questions will have the same roots
 * @param isChecked whether the database refuses unknown names
 * @param haveSteps whether all roots of a query are tasks or tries
 */
export function nestedEvents(
  roots: Roots,
  options: EventsOfOptions,
  { isKept, isChecked = true, haveSteps = false }: {
    isKept?: boolean;
    isChecked?: boolean;
    haveSteps?: boolean;
  } = {},
): Sql {
  const { spanTypes, eventTypes, components, events = "all", run } = options;
  if (events !== "named" && events !== "all") {
    throw new TypeError(`events is "named" or "all", not "${events}"`);
  }
  const isNamed = events === "named" ? sql`named = 1` : undefined;
  const isComponent = allOf(
    isAmong(sql`type`, spanTypes),
    isAmong(sql`component`, components),
  );
  const isEvent = allOf(isAmong(sql`event_type.type`, eventTypes), isNamed);
  const inDatabase = sql.module(eventsOfText, {
    typed: typedEvents(rootsOfRun(roots, run), { isComponent, isKept }),
    components: allComponents,
    is_event: isEvent ?? sql`1 = 1`,
  });
  const isWanted = allOf(
    isAmong(sql`span_type`, spanTypes),
    isAmong(sql`component`, components),
    isAmong(sql`event_type`, eventTypes),
    isNamed,
  );
  const found = sql.either(
    inDatabase,
    (campaign) =>
      sql`SELECT root_id, time, coalesce(time, CAST('-Infinity' AS DOUBLE)) AS at,
  span_type, event_type, component, named, event_id, span_id, nth
FROM (${stepsInCampaign(campaign, roots, run, haveSteps)}) AS steps
WHERE ${isWanted ?? sql`1 = 1`}`,
  );
  return isChecked
    ? withKnownNames(found, { types: spanTypes, eventTypes, components })
    : found;
}

/**
 * The component that describes a span type: the type without its last part.
 *
 * @example
 * ```ts
 * import { componentOf } from "dnpc/questions";
 * import { strict as assert } from "node:assert";
 *
 * assert.equal(componentOf("parsl.rundir.task"), "parsl.rundir");
 * ```
 */
export function componentOf(type: string): string {
  const end = type.lastIndexOf(".");
  return end > 0 ? type.slice(0, end) : type;
}

function isAmong(column: Sql, values?: readonly string[]): Sql | undefined {
  return values && sql`${column} IN (${sql.join(values)})`;
}

function allOf(...conditions: (Sql | undefined)[]): Sql | undefined {
  const given = conditions.filter((condition) => condition !== undefined);
  return given.length > 0 ? sql.join(given, " AND ") : undefined;
}
