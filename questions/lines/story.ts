import { checkQuestion } from "../../display/text/mistakes.ts";
import type {
  StoryEvent,
  ToldEntity,
  UsualGap,
} from "../../display/text/story_event.ts";
import { outcomeOf, storyRows } from "../../display/text/story.js";
import { storyListing } from "../../display/text/story_listing.js";
import { type Database, spanSql as sql, withRoom } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import {
  eventsOf,
  eventsOfNames,
  type EventsOfOptions,
} from "../events/events_of.ts";
import { readSteps } from "../events/read_steps.ts";
import { medianSeconds } from "../events/statistics.ts";
import { sharedTexts } from "../shared_texts.ts";
import { type Entity, findEntities, type StoryOf } from "./entities.ts";
import { textsOf, type WrittenEvent } from "./event_texts.ts";
import storyText from "./story.sql" with { type: "text" };
import { shortPaths } from "./short_paths.ts";

export type { StoryEvent, StoryOf };

/**
 * Tells everything that happened to one entity, in order, under all of its
 * names and from all components: events and lines of every log, each with the
 * time since the one before, and the time that other entities usually take
 * there.
 *
 * Attributes identify the entity: `{ task: 358 }`, `{ run: "000", task }`, `{
 * rundir, executor, executor_task }`, `{ manager }`, `{ worker, manager }`. The
 * entity is the outermost spans that have all of them; its story covers
 * everything nested in them or equal to them. If several entities match, such
 * as task 358 of each run, each has a story: `entity`, `about` and `run` tell
 * them apart, and another attribute selects one. `run` takes a label ("000") or
 * a unique part of a run's id or directory, too.
 *
 * In a notebook and in a terminal the rows show as text to read: how it ended;
 * then the time of day, the gap, who wrote what, and in which file and line.
 * A gap that is odd says what is usual. Accounts of one occurrence by several
 * components are one entry. So do the results of `filter` and `slice`.
 *
 * The text of an event with a name is read from its log, if that is unchanged;
 * a story with more than 50,000 of them has their names only, and each account
 * as an entry.
 *
 * The usual gap is the median of the times between the same two events, by span
 * type and event type, over all other spans of the root's type. A gap that is
 * much larger deserves a closer look.
 *
 * Rows are in the order of entity, the earliest first, and time; events at one time in the order of
 * import. A line about several spans of an entity appears once. The columns are
 * the fields of {@linkcode StoryEvent}.
 *
 * Reads all events of all spans of the root's type, for the usual gaps: some
 * seconds for a million of them; and the entity's logs: half a second for 100
 * MB.
 *
 * @param what attributes and their values, or a query of span ids
 * @param options selects a run and events
 * @throws {RangeError} for an attribute or a value that no span has, and if none
 * or several runs match
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
 * const events = story(db, { task: 3, run: "000" });
 * const [submitted] = events.filter(({ event_type }) =>
 *   event_type === "submitted"
 * );
 * assert.equal(
 *   submitted!.text,
 *   "Task 3 submitted for App bottom, waiting on task 1, task 2",
 * );
 * const largest = events.find((event) => event.largest);
 * assert.ok(largest!.gap! > 2.5);
 * ```
 */
export function story(
  db: Database,
  what: StoryOf,
  options: EventsOfOptions = {},
): StoryEvent[] {
  checkQuestion("story", db, options, eventsOfNames);
  const { run, ...events } = options;
  const entities = findEntities(db, what, run)
    .map((entity) => ({ ...entity, events: readEvents(db, entity, events) }))
    .sort((a, b) => startOf(a.events) - startOf(b.events));
  const gapsOfTypes = new Map(
    Array.from(Map.groupBy(entities, ({ type }) => type), ([type, alike]) => {
      const pairs = alike.flatMap(({ events }) =>
        events.slice(1).map((event, i) => pairOf(events[i]!, event))
      );
      return [type, readGaps(db, type, pairs, events)];
    }),
  );
  const texts = textsOf(entities.flatMap(({ events }) => events));
  let told = 0;
  const rows = storyRows(entities.map((entity): ToldEntity => {
    const { ids, type, events } = entity;
    const usualGap = usualGaps(gapsOfTypes.get(type)!, new Set(ids));
    return {
      ...entity,
      texts: texts.slice(told, told += events.length),
      usualGap: (before, event) => usualGap(pairOf(before, event)),
    };
  }));
  const facts = {
    outcomes: entities.map(({ events }) => outcomeOf(events)),
    files: shortPaths(db),
  };
  return answer(
    rows,
    ("span_type entity event_id run table line path others time component named")
      .split(" "),
    {
      whole: ["text"],
      listing: (shown, max) => storyListing(shown, facts, max),
    },
  );
}

/** Reads the events; each text that many of them share is kept once. */
function readEvents(
  db: Database,
  { ids }: Entity,
  options: EventsOfOptions,
): WrittenEvent[] {
  const events = db.iterate<WrittenEvent>(sql.module(storyText, {
    events: eventsOf(
      sql`SELECT value FROM json_each(${JSON.stringify(ids)})`,
      options,
    ),
  }));
  const share = sharedTexts(sharedColumns);
  return events.map((event) => {
    share(event);
    return event;
  }).toArray();
}

const sharedColumns = [
  "component",
  "event_type",
  "span_type",
  "span_attributes",
  "role",
  "identity",
  "place",
  "thread",
  "process",
  "level",
  "path",
  "fingerprint",
] as const;

/** Number.MAX_VALUE, unlike infinity, can be subtracted from itself. */
const startOf = (events: readonly WrittenEvent[]): number =>
  events.find(({ time }) => time !== null)?.time ?? Number.MAX_VALUE;

type EventKind = Pick<StoryEvent, "span_type" | "event_type">;

// No text in the database has a NUL character.
const pairOf = (before: EventKind, event: EventKind): string =>
  `${before.span_type}\0${before.event_type}\0` +
  `${event.span_type}\0${event.event_type}`;

/** Times between two events: a run may have millions. */
class GapList {
  length = 0;
  #roots = new Float64Array(8);
  #seconds = new Float64Array(8);

  add(rootId: number, seconds: number): void {
    this.#roots = withRoom(this.#roots, this.length + 1);
    this.#seconds = withRoom(this.#seconds, this.length + 1);
    this.#roots[this.length] = rootId;
    this.#seconds[this.length++] = seconds;
  }

  /** Returns the gaps of all roots except these. */
  without(except: ReadonlySet<number>): Float64Array {
    return this.#seconds.subarray(0, this.length)
      .filter((_, i) => !except.has(this.#roots[i]!));
  }
}

/** Gaps of spans, by the pair of events around them. */
type Gaps = Map<string, GapList[]>;

/** Reads the times that spans of a type take for pairs of successive events. */
function readGaps(
  db: Database,
  rootType: string,
  pairs: readonly string[],
  options: EventsOfOptions,
): Gaps {
  // By the kind of the event before, and then by that of the next one.
  const found: Map<number, GapList>[] = [];
  let before = { rootId: NaN, time: NaN, kind: NaN };
  const kinds = readSteps(db, rootType, options, (rootId, time, kind) => {
    if (before.rootId === rootId) {
      (found[before.kind] ??= new Map())
        .getOrInsertComputed(kind, () => new GapList())
        .add(rootId, time - before.time);
    }
    before = { rootId, time, kind };
  });
  const gaps: Gaps = new Map(pairs.map((pair) => [pair, []]));
  found.forEach((next, kind) =>
    next.forEach((some, nextKind) =>
      gaps.get(pairOf(kinds[kind]!, kinds[nextKind]!))?.push(some)
    )
  );
  return gaps;
}

/** Returns a function for the usual gap of a pair, without some spans. */
function usualGaps(
  gaps: Gaps,
  except: ReadonlySet<number>,
): (pair: string) => UsualGap {
  const known = new Map<string, UsualGap>();
  return (pair) =>
    known.getOrInsertComputed(pair, () => {
      const others = gaps.get(pair)!.flatMap((gaps) => [
        ...gaps.without(except),
      ]);
      return { usual_gap: medianSeconds(others), others: others.length };
    });
}
