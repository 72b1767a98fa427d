import type { Database } from "../../sql/mod.ts";
import { sql } from "../../sql/mod.ts";
import { type EventsOfOptions, nestedEvents } from "./nested_events.ts";
import type { Roots } from "./nested_spans.ts";
import { usualOrder } from "./usual_order.ts";

/** An event that spans go through, told from others of its kind. */
export interface Step {
  span_type: string;
  event_type: string;
  account: string;
  /** The how manieth of its kind in the span: 2 where it was tried again. */
  nth: number;
}

/** One root span, as the steps it went through. */
export interface Walk {
  rootId: number;
  /** Steps by their place in the list, in the order of time. */
  steps: number[];
  /** When, in Unix seconds. */
  times: number[];
}

/** What the spans of a type went through. */
export interface Walks {
  /** In the order in which most spans come to them. */
  steps: Step[];
  walks: Walk[];
}

/**
 * The walks of all root spans. Steps at one time are in the order in which
 * spans usually come to them: in what order they were imported says nothing.
 *
 * SQL finds the events; what belongs together is put together here, where a
 * step is a number. Windows over as many texts would take three times as long.
 */
export function walksOf(
  db: Database,
  roots: Roots,
  options: EventsOfOptions,
): Walks {
  const events = sql`SELECT root_id, time, span_type, event_type, account
FROM (${nestedEvents(roots, options)})
WHERE time IS NOT NULL
ORDER BY root_id, time, event_id`;
  return walk(db.iterate<StepEvent>(events));
}

/** An event of a root span: rows with these columns, in order of both. */
export interface StepEvent extends Omit<Step, "nth"> {
  root_id: number;
  time: number;
}

/** The same of the rows of another query. */
export function walk(events: Iterable<StepEvent>): Walks {
  const steps: Step[] = [];
  const places = new Map<string, Map<string, number[]>>();
  // The steps of one kind, the first, the second, and so on.
  const kindOf = ({ span_type, event_type }: StepEvent): number[] => {
    let types = places.get(span_type);
    if (!types) places.set(span_type, types = new Map());
    let kind = types.get(event_type);
    if (!kind) types.set(event_type, kind = []);
    return kind;
  };
  const walks: Walk[] = [];
  let current: Walk | undefined;
  const seen = new Map<number[], number>();
  for (const event of events) {
    if (current?.rootId !== event.root_id) {
      current = { rootId: event.root_id, steps: [], times: [] };
      walks.push(current);
      seen.clear();
    }
    const kind = kindOf(event);
    const nth = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, nth);
    let place = kind[nth - 1];
    if (place === undefined) {
      const { span_type, event_type, account } = event;
      place = steps.push({ span_type, event_type, account, nth }) - 1;
      kind.push(place);
    }
    current.steps.push(place);
    current.times.push(event.time);
  }
  return inUsualOrder({ steps, walks });
}

/** Numbers the steps anew. */
function inUsualOrder({ steps, walks }: Walks): Walks {
  const order = usualOrder(steps.length, walks);
  const numbers: number[] = [];
  order.forEach((step, number) => numbers[step] = number);
  for (const walk of walks) {
    walk.steps = walk.steps.map((step) => numbers[step]!);
    sortTies(walk);
  }
  return { steps: order.map((step) => steps[step]!), walks };
}

/**
 * The steps of a walk in their usual order, each with the seconds since the last
 * step before it that the walk has: less than zero where they changed places.
 */
export function* alignedSteps(
  { steps, times }: Walk,
): Generator<{ step: number; time: number; sinceBefore: number | undefined }> {
  const places = steps.map((_, i) => i).sort((a, b) => steps[a]! - steps[b]!);
  let before: number | undefined;
  for (const place of places) {
    const time = times[place]!;
    const sinceBefore = before === undefined ? undefined : time - before;
    yield { step: steps[place]!, time, sinceBefore };
    before = time;
  }
}

function sortTies({ steps, times }: Walk): void {
  for (let end = 1, start = 0; end <= steps.length; end++) {
    if (times[end] === times[start]) continue;
    if (end - start > 1) {
      const tied = steps.slice(start, end).sort((a, b) => a - b);
      tied.forEach((step, i) => steps[start + i] = step);
    }
    start = end;
  }
}
