import { checkQuestion } from "../../display/text/mistakes.ts";
import type { Database } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { eventsOfNames, type EventsOfOptions } from "./events_of.ts";
import { nounOfRoots, type Roots } from "./nested_spans.ts";
import { checkPercentiles, statistics } from "./statistics.ts";
import { alignedSteps, type Step, type Walks, walksOf } from "./walks.ts";

/** Selects the events that {@linkcode eventSequences} takes as steps. */
export interface EventSequencesOptions extends EventsOfOptions {
  /**
   * By default "all" of `eventTypes`; without these "named", which leaves out
   * templates of messages.
   */
  events?: "named" | "all";
  /**
   * "order": every order of steps that occurs, the most frequent first. "step":
   * all spans combined, each step once, in the usual order. By default "order".
   */
  align?: "order" | "step";
  /** Percentiles to compute, from 0 to 100. By default 5, 50 and 95. */
  percentiles?: readonly number[];
}

/** A step of a sequence: a row of {@linkcode eventSequences}. */
export interface SequenceStep {
  /** Number of the order, from 1 for the one that most spans follow. */
  sequence: number;
  /** Number of the step in the order, from 1. */
  step: number;
  /** Spans that follow the order; aligned by step, spans that have the step. */
  spans: number;
  /** The type of the event's span. */
  span_type: string;
  /** The type of the event. */
  event_type: string;
  /** The component that reported it: the span type without its last part. */
  component: string;
  /** Occurrence number within the span; 2 on a retry. */
  nth: number;
  /** The span with the longest time since the previous step. */
  longest_id: number;
  /** Mean of the seconds since the first step. */
  since_start_mean: number;
  /** Minimum of these times. */
  since_start_minimum: number;
  /** Maximum of these times. */
  since_start_maximum: number;
  /** Mean of the seconds since the previous step; null for a first step. */
  since_before_mean: number | null;
  /** Minimum of these times. */
  since_before_minimum: number | null;
  /** Maximum of these times. */
  since_before_maximum: number | null;
  /** A percentile of the seconds since the first step. */
  [percentile: `since_start_p${number}`]: number;
  /** A percentile of the seconds since the previous step. */
  [percentile: `since_before_p${number}`]: number | null;
}

/**
 * Finds the orders in which events happen to spans, and how long each step
 * takes. The events are those of each root span and of every span nested in it
 * or equal to it.
 *
 * A step is an event type of a span type. If it occurs again, as after a
 * failure, it is another step with `nth` 2. Steps at equal times are put in
 * their usual order. Events without a time are left out.
 *
 * Each row is a step. sequence and step are its position and spans the number
 * of spans it covers; span_type, event_type, component and nth identify it;
 * longest_id is the slowest span. since_start_mean, _minimum, _maximum and
 * percentiles such as _p50 are in seconds, and so are the same columns of
 * since_before.
 *
 * With `align: "order"`, times count from the previous step in this order. Spans
 * with an error follow an order of their own, and so do spans whose events
 * changed places because another thread logged one late. With `align: "step"`
 * each step appears once, in the order in which most spans reach them, and
 * times count from the last step above that the span has: a negative time means
 * that the two changed places in this span.
 *
 * Reads each event once and keeps a few numbers for each: 26,000 tasks with
 * eleven events each take two seconds.
 *
 * @param roots a span type, or a query of span ids
 * @throws {RangeError} for a percentile outside 0 to 100
 * @throws {TypeError} for another value of align or events
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
 * const steps = eventSequences(db, "parsl.monitoring.try", {
 *   align: "step",
 *   components: ["parsl.monitoring"],
 *   eventTypes: ["pending", "launched", "running", "exec_done"],
 * });
 * // sqlite3 monitoring.db "SELECT task_status_name, count(*) FROM status ..."
 * assert.deepEqual(
 *   steps.map(({ event_type, spans }) => `${event_type}: ${spans}`),
 *   ["pending: 116", "launched: 108", "running: 108", "exec_done: 93"],
 * );
 * ```
 */
export function eventSequences(
  db: Database,
  roots: Roots,
  options: EventSequencesOptions = {},
): SequenceStep[] {
  checkQuestion("eventSequences", db, options, {
    align: true,
    percentiles: true,
    ...eventsOfNames,
  });
  const { align, percentiles, events } = checkSequences(options);
  const walks = walksOf(db, roots, events);
  const rows = sequencesOf(walks, align === "step").flatMap((sequence, i) =>
    sequence.map((times, j) => ({
      sequence: i + 1,
      step: j + 1,
      spans: times.sinceStart.length,
      ...times.step,
      longest_id: times.longestId,
      ...statistics("since_start", times.sinceStart, percentiles),
      ...statistics("since_before", times.sinceBefore, percentiles),
    } as SequenceStep))
  );
  return sequenceRows(rows, percentiles, roots);
}

/** The options with their defaults. */
export function checkSequences(options: EventSequencesOptions) {
  const { align = "order", percentiles = [5, 50, 95], ...events } = options;
  checkPercentiles(percentiles);
  if (align !== "order" && align !== "step") {
    throw new TypeError(`align is "order" or "step", not "${align}"`);
  }
  return { align, percentiles, events };
}

/** The rows, which show themselves with the most informative columns. */
export function sequenceRows(
  rows: readonly SequenceStep[],
  percentiles: readonly number[],
  roots: Roots,
): SequenceStep[] {
  const kinds = Object.fromEntries(
    Object.keys(rows[0] ?? {}).filter((name) => name.startsWith("since_"))
      .map((name) => [name, "seconds" as const]),
  );
  return answer(rows, [...leastInformative(percentiles), "component"], {
    kinds,
    noun: nounOfRoots(roots),
  });
}

/** The columns of seconds, the least informative first, without the two best. */
function leastInformative(percentiles: readonly number[]): string[] {
  const best = [
    percentiles[percentiles.length >> 1],
    percentiles.at(-1),
  ].filter((p) => p !== undefined);
  const others = percentiles.filter((p) => !best.includes(p));
  const rest = (name: string) =>
    ["mean", "maximum", ...others.map((p) => `p${p}`), "minimum"]
      .map((statistic) => `${name}_${statistic}`);
  return [
    ...rest("since_before"),
    ...best.map((p) => `since_start_p${p}`),
    ...rest("since_start"),
  ];
}

/** The times of a step over spans, in seconds. */
class StepTimes {
  sinceStart: number[] = [];
  sinceBefore: number[] = [];
  longestId = 0;
  #longest = -Infinity;

  constructor(readonly step: Step) {}

  add(rootId: number, sinceStart: number, sinceBefore?: number): void {
    this.sinceStart.push(sinceStart);
    if (sinceBefore !== undefined) this.sinceBefore.push(sinceBefore);
    const duration = sinceBefore ?? sinceStart;
    if (duration > this.#longest) {
      this.#longest = duration;
      this.longestId = rootId;
    }
  }
}

/** The steps of each order, or of all spans combined. */
function sequencesOf(
  { steps, walks }: Walks,
  isCombined: boolean,
): StepTimes[][] {
  const sequences = new Map<string, StepTimes[]>();
  for (const walk of walks) {
    const sequence = sequences.getOrInsertComputed(
      isCombined ? "" : walk.steps.join(),
      () =>
        (isCombined ? steps : walk.steps.map((step) => steps[step]!))
          .map((step) => new StepTimes(step)),
    );
    const positions = isCombined ? walk.steps : walk.steps.map((_, i) => i);
    const aligned = alignedSteps({ ...walk, steps: positions });
    for (const { step, time, sinceBefore } of aligned) {
      sequence[step]!.add(walk.rootId, time - walk.times[0]!, sinceBefore);
    }
  }
  return [...sequences.values()]
    .sort((a, b) => b[0]!.sinceStart.length - a[0]!.sinceStart.length);
}
