import type { Database } from "../../sql/mod.ts";
import { sql } from "../../sql/mod.ts";
import { type EventsOfOptions, nestedEvents } from "../events/events_of.ts";
import { medianOf } from "../events/statistics.ts";

/** An event, as far as its kind tells it from others. */
export interface EventKind {
  span_type: string;
  event_type: string;
}

/** What is usual from one event to the next. */
export interface UsualGap {
  /** Seconds; null where nothing else does this. */
  usual_gap: number | null;
  /** How often others do. */
  others: number;
}

/**
 * How long spans of a type take from one event to the next, for pairs of events.
 *
 * @returns what is usual, where some spans are not counted, for a pair
 */
export function usualGaps(
  db: Database,
  rootType: string,
  pairs: readonly (readonly [before: EventKind, event: EventKind])[],
  options: EventsOfOptions,
): (
  except: ReadonlySet<number>,
) => (before: EventKind, event: EventKind) => UsualGap {
  const kinds = new Kinds();
  const gaps = new Map<number, RootGap[]>();
  const pairOf = (before: number, event: number) => before * 2 ** 26 + event;
  for (const [before, event] of pairs) {
    gaps.set(pairOf(kinds.add(before), kinds.add(event)), []);
  }
  for (const [root_id, events] of readEvents(db, rootType, options, kinds)) {
    for (let i = 1; i < events.length; i++) {
      const [before, event] = [events[i - 1]!, events[i]!];
      const gap = event.time - before.time;
      gaps.get(pairOf(before.kind, event.kind))?.push({ root_id, gap });
    }
  }
  return (except) => {
    const known = new Map<number, UsualGap>();
    return (before, event) => {
      const pair = pairOf(kinds.of(before), kinds.of(event));
      const usual = known.get(pair) ?? usualOf(gaps.get(pair)!, except);
      known.set(pair, usual);
      return usual;
    };
  };
}

interface RootGap {
  root_id: number;
  gap: number;
}

function usualOf(
  gaps: readonly RootGap[],
  except: ReadonlySet<number>,
): UsualGap {
  const others = gaps.filter(({ root_id }) => !except.has(root_id))
    .map(({ gap }) => gap);
  return { usual_gap: medianOf(others), others: others.length };
}

interface TimedEvent {
  id: number;
  time: number;
  kind: number;
}

/**
 * The events of each root, in the order of time. Windows of SQL over as many
 * texts take twice as long.
 */
function readEvents(
  db: Database,
  rootType: string,
  options: EventsOfOptions,
  kinds: Kinds,
): Map<number, TimedEvent[]> {
  const events = new Map<number, TimedEvent[]>();
  const query = sql`SELECT root_id, event_id, time, span_type, event_type
    FROM (${nestedEvents(rootType, options)}) WHERE time IS NOT NULL`;
  for (const row of db.iterate<EventRow>(query)) {
    let of = events.get(row.root_id);
    if (!of) events.set(row.root_id, of = []);
    of.push({ id: row.event_id, time: row.time, kind: kinds.of(row) });
  }
  for (const of of events.values()) {
    of.sort((a, b) => a.time - b.time || a.id - b.id);
  }
  return events;
}

interface EventRow extends EventKind {
  root_id: number;
  event_id: number;
  time: number;
}

/** Numbers for kinds of events; 0 for all that were not added. */
class Kinds {
  readonly #numbers = new Map<string, Map<string, number>>();
  #count = 0;

  add(kind: EventKind): number {
    const known = this.of(kind);
    if (known) return known;
    const { span_type, event_type } = kind;
    const types = this.#numbers.get(span_type) ?? new Map();
    this.#numbers.set(span_type, types.set(event_type, ++this.#count));
    return this.#count;
  }

  of({ span_type, event_type }: EventKind): number {
    return this.#numbers.get(span_type)?.get(event_type) ?? 0;
  }
}
