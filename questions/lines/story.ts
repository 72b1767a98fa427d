import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { eventsOf, type EventsOfOptions } from "../events/events_of.ts";
import { readSteps } from "../events/read_steps.ts";
import { medianSeconds, secondsBetween } from "../events/statistics.ts";
import {
  attributesIn,
  continuedAttributes,
  type EventAttributes,
  foldedLines,
} from "./continued.ts";
import { type Entity, findEntities, type StoryOf } from "./entities.ts";
import storyText from "./story.sql" with { type: "text" };

export type { StoryOf };

/** A moment of an entity: a row of {@linkcode story}. */
export interface StoryEvent {
  /** Number of the entity, from 1. */
  entity: number;
  /** The run that the entity belongs to, or the directory of its logs. */
  run: string | null;
  /** Unix seconds; null if no time was given. */
  time: number | null;
  /** Seconds since the first event of the entity. */
  since_start: number | null;
  /** Seconds since the event before; null for the first one. */
  gap: number | null;
  /** 1 at the largest gap of the entity, 0 elsewhere. */
  largest: number;
  /**
   * Seconds that other entities usually take from the event before to this one.
   */
  usual_gap: number | null;
  /** Number of gaps of other entities that the usual gap is the median of. */
  others: number;
  /** The component that reports it: the span type without its last part. */
  component: string;
  /** The type of the event: a name, or the template of a message. */
  event_type: string;
  /**
   * The whole message; the details of an event with a name, as JSON. Lines that
   * continue it, such as a traceback, are folded to their exception and their
   * number: `more` of the event's attributes has them.
   */
  message: string | null;
  /** 1 if the event has a name, 0 if it is a message. */
  named: number;
  /** The type of the event's span. */
  span_type: string;
  /** Path of the source at the time of the import. */
  path: string | null;
  /** The line there, from 1; the rowid in a database. */
  line: number | null;
  /** The event, for `lines` and for queries. */
  event_id: number;
}

/**
 * Lists everything that happened to one entity, in order, under all of its
 * names and from all components: events and lines of every log, each with the
 * time since the one before, and the time that other entities usually take
 * there.
 *
 * Attributes identify the entity: `{ task: "358" }`, `{ run, task }`, `{
 * rundir, executor, executor_task }`, `{ manager }`, `{ worker, manager }`. The
 * entity is the outermost spans that have all of them; its story covers
 * everything nested in them or equal to them. If several entities match, such
 * as task 358 of each run, each has a story: `entity` and `run` tell them
 * apart, and another attribute selects one. `run` takes a label ("000") or a
 * unique part of a run's id or directory, too.
 *
 * The usual gap is the median of the times between the same two events, by span
 * type and event type, over all other spans of the root's type. A gap that is
 * much larger deserves a closer look.
 *
 * Rows are in the order of entity and time; events at one time in the order of
 * import. A line about several spans of an entity appears once. The columns are
 * the fields of {@linkcode StoryEvent}.
 *
 * Reads all events of all spans of the root's type, for the usual gaps: some
 * seconds for a million of them.
 *
 * @param what attributes and their values, or a query of span ids
 * @param options selects events
 * @throws {RangeError} for an attribute that no span has, and if none or several
 * runs match
 * @throws {TypeError} without any attribute
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { story } from "dnpc/questions";
 * import { importRuninfo } from "dnpc/importers";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 *
 * const events = story(db, { task: "3" }, { events: "named" });
 * const largest = events.find((event) => event.largest);
 * assert.equal(largest?.event_type, "launched");
 * assert.ok(largest.gap! > largest.usual_gap!);
 * const components = new Set(events.map(({ component }) => component));
 * assert.ok(components.has("parsl.rundir") && components.size > 3);
 * ```
 */
export function story(
  db: Database,
  what: StoryOf,
  options: EventsOfOptions = {},
): StoryEvent[] {
  const entities = findEntities(db, what)
    .map((entity) => ({ ...entity, events: readEvents(db, entity, options) }));
  const gapsOfTypes = new Map(
    Array.from(Map.groupBy(entities, ({ type }) => type), ([type, alike]) => {
      const pairs = alike.flatMap(({ events }) =>
        events.slice(1).map((event, i) => pairOf(events[i]!, event))
      );
      return [type, readGaps(db, type, pairs, options)];
    }),
  );
  const rows = entities.flatMap(({ ids, type, run, events }, i) => {
    const usualGap = usualGaps(gapsOfTypes.get(type)!, new Set(ids));
    const start = events.find(({ time }) => time !== null)?.time;
    const gaps = events.map(({ time }, j) =>
      secondsBetween(events[j - 1]?.time, time)
    );
    const largest = gaps.indexOf(
      gaps.reduce((a, b) => a === null || b !== null && b > a ? b : a, null),
    );
    return events.map(({ time, ...event }, j): StoryEvent => ({
      entity: i + 1,
      run,
      time,
      since_start: secondsBetween(start, time),
      gap: gaps[j]!,
      largest: Number(j === largest && gaps[j] !== null),
      ...j > 0
        ? usualGap(pairOf(events[j - 1]!, event))
        : { usual_gap: null, others: 0 },
      ...event,
      message: wholeMessage(event),
    }));
  });
  return answer(
    rows,
    ("span_type entity event_id run line path others time component named")
      .split(" "),
  );
}

/** The message is the attributes, as JSON. */
type EntityEvent = Omit<
  StoryEvent,
  "entity" | "run" | "since_start" | "gap" | "largest" | keyof Usual
>;

const readEvents = (
  db: Database,
  { ids }: Entity,
  options: EventsOfOptions,
): EntityEvent[] =>
  db.query<EntityEvent>(sql.module(storyText, {
    events: eventsOf(
      sql`SELECT value FROM json_each(${JSON.stringify(ids)})`,
      options,
    ),
  }));

/** Fills in the template; for an event with a name, returns its attributes. */
function wholeMessage(
  { event_type, named, message }: Omit<EntityEvent, "time">,
): string | null {
  const attributes = attributesIn(message);
  const folded = foldedLines(attributes);
  if (named && folded === undefined) return message;
  const text = named
    ? detailsOf(attributes)
    : filled(event_type, attributes.values);
  return [text, folded].filter((part) => part !== undefined)
    .join(attributes.exception === undefined ? " " : ": ");
}

/** Attributes that are not about lines, as JSON. */
function detailsOf(attributes: EventAttributes): string | undefined {
  const rest = Object.entries(attributes).filter(([name]) =>
    !continuedAttributes.has(name)
  );
  return rest.length ? JSON.stringify(Object.fromEntries(rest)) : undefined;
}

function filled(template: string, values: unknown): string {
  if (!Array.isArray(values)) return template;
  const texts = values.map(String);
  return template.replace(/%s/g, (mask) => texts.shift() ?? mask);
}

type EventKind = Pick<StoryEvent, "span_type" | "event_type">;

// No text in the database has a NUL character.
const pairOf = (before: EventKind, event: EventKind): string =>
  `${before.span_type}\0${before.event_type}\0` +
  `${event.span_type}\0${event.event_type}`;

/** Gaps of spans, by the pair of events around them. */
type Gaps = Map<string, { rootId: number; seconds: number }[]>;

/** Reads the times that spans of a type take for pairs of successive events. */
function readGaps(
  db: Database,
  rootType: string,
  pairs: readonly string[],
  options: EventsOfOptions,
): Gaps {
  // By the kind of the event before, and then by that of the next one.
  const found: Map<number, { rootId: number; seconds: number }[]>[] = [];
  let before = { rootId: NaN, time: NaN, kind: NaN };
  const kinds = readSteps(db, rootType, options, (rootId, time, kind) => {
    if (before.rootId === rootId) {
      (found[before.kind] ??= new Map()).getOrInsertComputed(kind, () => [])
        .push({ rootId, seconds: time - before.time });
    }
    before = { rootId, time, kind };
  });
  const gaps: Gaps = new Map(pairs.map((pair) => [pair, []]));
  found.forEach((next, kind) =>
    next.forEach((some, nextKind) => {
      const pair = pairOf(kinds[kind]!, kinds[nextKind]!);
      const known = gaps.get(pair);
      if (known) gaps.set(pair, known.concat(some));
    })
  );
  return gaps;
}

type Usual = Pick<StoryEvent, "usual_gap" | "others">;

/** Returns a function for the usual gap of a pair, without some spans. */
function usualGaps(
  gaps: Gaps,
  except: ReadonlySet<number>,
): (pair: string) => Usual {
  const known = new Map<string, Usual>();
  return (pair) =>
    known.getOrInsertComputed(pair, () => {
      const others = gaps.get(pair)!.filter(({ rootId }) => !except.has(rootId))
        .map(({ seconds }) => seconds);
      return { usual_gap: medianSeconds(others), others: others.length };
    });
}
