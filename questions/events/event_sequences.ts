import { showReport } from "../../display/text/rows.ts";
import type { Database } from "../../sql/mod.ts";
import type { EventsOfOptions } from "./nested_events.ts";
import type { Roots } from "./nested_spans.ts";
import {
  checkPercentiles,
  kindsOf,
  statistics,
  type StepStatistics,
} from "../runs/step_statistics.ts";
import { alignedSteps, type Walks, walksOf } from "./steps.ts";

/** Which events {@linkcode eventSequences} takes for steps, and how. */
export interface EventSequencesOptions extends EventsOfOptions {
  /** By default "named": those that have a name, none that is a template. */
  events?: "named" | "all";
  /**
   * "order": every order of steps that there is, the most usual first. "step":
   * one picture of all spans, each step once, whatever the order. By default
   * "order".
   */
  align?: "order" | "step";
  /** Which percentiles, from 0 to 100. By default 5, 50 and 95. */
  percentiles?: readonly number[];
}

/** A step of a sequence: a row of {@linkcode eventSequences}. */
export interface SequenceStep {
  /** Which order, from 1: the one that most spans follow. */
  sequence: number;
  /** Which step of it, from 1. */
  step: number;
  /** How many spans follow the order; aligned by step, how many have the step. */
  spans: number;
  /** The type of the span that the event happened to. */
  span_type: string;
  /** What happened. */
  event_type: string;
  /** Who tells: the span type without its last part. */
  account: string;
  /** The how manieth of its kind in the span: 2 where it was tried again. */
  nth: number;
  /** The span with the longest time since the step before. */
  longest_id: number;
  /** Seconds since the first step, as a mean over the spans. */
  since_start_mean: number;
  /** The shortest of these times. */
  since_start_minimum: number;
  /** The longest of these times. */
  since_start_maximum: number;
  /** Seconds since the step before, as a mean; null for a first step. */
  since_before_mean: number | null;
  /** The shortest of these times. */
  since_before_minimum: number | null;
  /** The longest of these times. */
  since_before_maximum: number | null;
  /** A percentile of the seconds since the first step. */
  [percentile: `since_start_p${number}`]: number;
  /** A percentile of the seconds since the step before. */
  [percentile: `since_before_p${number}`]: number | null;
}

/**
 * The orders in which events happen to spans, and how long each step takes: of
 * each root span, all that is nested in it and all that is equal to it.
 *
 * A step is an event type of a span type; where it comes again, as after a
 * failure, it is another step: `nth` is then 2. Steps at an equal time are in
 * their usual order. Events without a time are left out.
 *
 * A row is a step: sequence, step and spans, where it is and how many spans are
 * behind it; span_type, event_type, account and nth, what it is; longest_id, the
 * span that took longest, to be looked at; and in seconds since_start_mean,
 * _minimum, _maximum and percentiles such as _p50, and the same of since_before.
 *
 * With `align: "order"` the step before is the one that came before. Spans of
 * which one went wrong follow an order of their own; so do those whose events
 * changed places, for another thread wrote one down late. With `align: "step"`
 * each step is there once, in the order in which most spans come to them, and the
 * step before is the last one above it that the span has: a time less than zero
 * says that in this span the two changed places.
 *
 * Reads each event once, and holds a few numbers for each: 26,000 tasks with
 * eleven events each take two seconds.
 *
 * @param roots a span type, or a query of span ids
 * @throws {RangeError} for a percentile that is none
 * @throws {TypeError} where align or events is another word
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { eventSequences } from "dnpc/questions";
 * import { importRuninfo } from "dnpc/importers";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/wq/runinfo");
 *
 * const steps = eventSequences(db, "workqueue.task", { align: "step" });
 * assert.deepEqual(
 *   steps.map(({ event_type, spans }) => `${event_type}: ${spans}`),
 *   [
 *     "WAITING: 104",
 *     "RUNNING: 104",
 *     "WAITING_RETRIEVAL: 104",
 *     "RETRIEVED: 104",
 *     "DONE: 104",
 *   ],
 * );
 * ```
 */
export function eventSequences(
  db: Database,
  roots: Roots,
  options: EventSequencesOptions = {},
): SequenceStep[] {
  const { align = "order", percentiles = [5, 50, 95], ...events } = options;
  checkPercentiles(percentiles);
  if (align !== "order" && align !== "step") {
    throw new TypeError(`align is "order" or "step", not "${align}"`);
  }
  const walks = walksOf(db, roots, { events: "named", ...events });
  const measured = align === "step" ? [byStep(walks)] : byOrder(walks);
  const rows = measured.flatMap((sequence, i) =>
    sequence.map((measures, j) => ({
      sequence: i + 1,
      step: j + 1,
      spans: measures.sinceStart.length,
      ...walks.steps[measures.step]!,
      longest_id: measures.longestId,
      ...statistics("since_start", measures.sinceStart, percentiles),
      ...statistics("since_before", measures.sinceBefore, percentiles),
    } as StepStatistics & SequenceStep))
  );
  return showReport(rows, {
    kinds: {
      ...{ spans: "count" },
      ...kindsOf("since_start", percentiles),
      ...kindsOf("since_before", percentiles),
    },
    secondary: secondaryOf(percentiles),
  });
}

/** The last one is the first for which there is no room. */
function secondaryOf(percentiles: readonly number[]): string[] {
  const all = Object.keys(kindsOf("since_before", percentiles));
  const [mean, minimum, maximum, ...others] = all as [string, ...string[]];
  // With the percentiles in the middle and at the end a step is well told.
  const told = [others[others.length >> 1], others.at(-1)];
  const rest = others.filter((name) => !told.includes(name));
  const since = [mean, maximum, ...rest, minimum].map(String);
  const start = (name: string) => name.replace("before", "start");
  return [
    ...since,
    ...[...told.filter((name) => name !== undefined), ...since].map(start),
    "account",
  ];
}

/** What there is to say of a step, in seconds. */
interface Measures {
  step: number;
  sinceStart: number[];
  sinceBefore: number[];
  longestId: number;
  longest: number;
}

const nothing = (step: number): Measures => ({
  ...{ step, sinceStart: [], sinceBefore: [] },
  ...{ longestId: 0, longest: -Infinity },
});

function measure(
  measures: Measures,
  rootId: number,
  sinceStart: number,
  sinceBefore: number | undefined,
): void {
  measures.sinceStart.push(sinceStart);
  if (sinceBefore !== undefined) measures.sinceBefore.push(sinceBefore);
  const duration = sinceBefore ?? sinceStart;
  if (duration > measures.longest) {
    measures.longest = duration;
    measures.longestId = rootId;
  }
}

function byOrder({ walks }: Walks): Measures[][] {
  const sequences = new Map<string, Measures[]>();
  for (const { rootId, steps, times } of walks) {
    const order = steps.join();
    let sequence = sequences.get(order);
    if (!sequence) sequences.set(order, sequence = steps.map(nothing));
    steps.forEach((_, i) => {
      const before = i ? times[i]! - times[i - 1]! : undefined;
      measure(sequence[i]!, rootId, times[i]! - times[0]!, before);
    });
  }
  return [...sequences.values()]
    .sort((a, b) => b[0]!.sinceStart.length - a[0]!.sinceStart.length);
}

function byStep({ steps, walks }: Walks): Measures[] {
  const picture = steps.map((_, step) => nothing(step));
  for (const walk of walks) {
    for (const { step, time, sinceBefore } of alignedSteps(walk)) {
      const sinceStart = time - walk.times[0]!;
      measure(picture[step]!, walk.rootId, sinceStart, sinceBefore);
    }
  }
  return picture;
}
