import { showReport } from "../../display/text/rows.ts";
import type { Database } from "../../sql/mod.ts";
import { sql } from "../../sql/mod.ts";
import { eventsOf, type EventsOfOptions } from "../events/events_of.ts";
import { messageOf } from "./said.ts";
import { findThings, type StoryOf, type Thing } from "./things.ts";
import { usualGaps } from "./usual_gaps.ts";

export type { StoryOf };

/** A moment of a thing: a row of {@linkcode story}. */
export interface StoryEvent {
  /** Which of the things it happened to, from 1. */
  thing: number;
  /** The run that the thing belongs to, or the directory of its logs. */
  run: string | null;
  /** When, in Unix seconds; null where no time was given. */
  time: number | null;
  /** Seconds since the first event of the thing. */
  since_start: number | null;
  /** Seconds since the event before; null for the first one. */
  gap: number | null;
  /** 1 at the largest gap of the thing, 0 elsewhere. */
  largest: number;
  /** Seconds that others usually take from the one before to this one. */
  usual_gap: number | null;
  /** How often others did: what the usual gap is the median of. */
  others: number;
  /** Who tells: the span type without its last part. */
  component: string;
  /** What happened: a name, or the template of a message. */
  event_type: string;
  /** The whole message; of an event with a name what else was said, as JSON. */
  said: string | null;
  /** 1 where the event has a name, 0 where it is a message. */
  named: number;
  /** The type of the span that it happened to. */
  span_type: string;
  /** Where the source lay that says so. */
  path: string | null;
  /** The line there, from 1; of a database the rowid. */
  line: number | null;
  /** The event, for `lines` and for queries. */
  event_id: number;
}

/**
 * All that happened to one thing, in order, whatever its names and whoever tells:
 * events and lines of every log, each with the time since the one before, and
 * the time that others usually take there.
 *
 * A thing is found by what is said of it: `{ task: "358" }`, `{ run, task }`,
 * `{ rundir, executor, executor_task }`, `{ manager }`, `{ worker, manager }`, any
 * attributes. Of the spans that have them all, those are the thing that are nested
 * in no other such span; its story is that of all that is nested in them or equal
 * to them. Where several things are meant, as task 358 of each run, the story of
 * each is given: `thing` and `run` tell them apart, and another attribute leaves
 * one of them.
 *
 * The usual gap is the median over all other spans of the root's type, of the
 * times from one event to the next where these are the same two: of the same
 * span types and event types. Where a gap is much larger than that, look closer.
 *
 * Rows are in the order of thing and time; events at one time in the order in
 * which they were read. A line that speaks of several spans of a thing is there
 * once. The columns are the fields of {@linkcode StoryEvent}.
 *
 * Reads all events of all spans of the root's type, for the usual gaps: some
 * seconds for a million of them.
 *
 * @param what attributes and their values, or a query of span ids
 * @param options which of the events
 * @throws {RangeError} for an attribute that no span has
 * @throws {TypeError} where no attribute is named
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
 * assert.ok(events.some(({ component }) => component.endsWith("htex.worker")));
 * ```
 */
export function story(
  db: Database,
  what: StoryOf,
  options: EventsOfOptions = {},
): StoryEvent[] {
  const things = findThings(db, what)
    .map((thing) => ({ ...thing, events: eventsOfThing(db, thing, options) }));
  const byType = Map.groupBy(things, ({ type }) => type);
  const usual = new Map([...byType].map(([type, things]) => {
    const pairs = things.flatMap(({ events }) =>
      events.slice(1).map((event, i) => [events[i]!, event] as const)
    );
    return [type, usualGaps(db, type, pairs, options)];
  }));
  const rows = things.flatMap(({ ids, type, run, events }, i) => {
    const usualGap = usual.get(type)!(new Set(ids));
    const start = events.find(({ time }) => time !== null)?.time;
    const gaps = events.map(({ time }, j) => since(events[j - 1]?.time, time));
    const largest = gaps.indexOf(
      gaps.reduce((a, b) => a === null || b !== null && b > a ? b : a, null),
    );
    return events.map((event, j): StoryEvent => ({
      ...{ thing: i + 1, run, time: event.time },
      ...{ since_start: since(start, event.time), gap: gaps[j]! },
      largest: Number(j === largest && gaps[j] !== null),
      ...j > 0
        ? usualGap(events[j - 1]!, event)
        : { usual_gap: null, others: 0 },
      ...{ component: event.component, event_type: event.event_type },
      ...{ said: messageOf(event), named: event.named },
      ...{ span_type: event.span_type, path: event.path, line: event.line },
      event_id: event.event_id,
    }));
  });
  return showReport(rows, {
    kinds: {
      ...{ time: "unix", since_start: "seconds", gap: "seconds" },
      ...{ usual_gap: "seconds", others: "count", largest: "mark" },
    },
    secondary: [
      ...["span_type", "thing", "event_id", "run", "line", "path", "others"],
      ...["time", "component", "named"],
    ],
  });
}

const since = (
  before: number | null | undefined,
  time: number | null,
): number | null => before == null || time === null ? null : time - before;

interface ThingEvent {
  time: number | null;
  component: string;
  span_type: string;
  event_type: string;
  named: number;
  attributes: string | null;
  path: string | null;
  line: number | null;
  event_id: number;
}

function eventsOfThing(
  db: Database,
  { ids }: Thing,
  options: EventsOfOptions,
): ThingEvent[] {
  const roots = sql`SELECT value FROM json_each(${JSON.stringify(ids)})`;
  // Of a line that is told of several spans: the first one.
  return [...db.query<ThingEvent>(sql`
    SELECT told.time, component, span_type, event_type, told.named,
      event.attributes, path, line, min(event_id) AS event_id
    FROM (${eventsOf(roots, options)}) AS told
      JOIN event ON event.id = event_id
      LEFT JOIN source ON source.id = event.source_id
    GROUP BY event_type,
      iif(offset IS NULL, event_id, event.source_id), ifnull(offset, -1)
    ORDER BY told.time, event_id`)];
}
