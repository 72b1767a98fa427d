import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import type { EventsOfOptions } from "../events/events_of.ts";
import { rootIds, type Roots } from "../events/nested_spans.ts";
import { meanOf, percentileOf } from "../events/statistics.ts";
import { alignedSteps, type Walk, walksOf } from "../events/walks.ts";
import { findRun, spansOfRun } from "./find_run.ts";

/** Selects the events that {@linkcode compareSpans} takes as steps. */
export interface CompareSpansOptions extends EventsOfOptions {
  /**
   * By default "all" of `eventTypes`; without these "named", which leaves out
   * templates of messages.
   */
  events?: "named" | "all";
}

/** A step in both sets: a row of {@linkcode compareSpans}. Times in seconds. */
export interface StepComparison {
  /** The type of the event's span. */
  span_type: string;
  /** The type of the event. */
  event_type: string;
  /** Occurrence number within the span; 2 on a retry. */
  nth: number;
  /** Number of the step, from 1. */
  step: number;
  /** Spans of the first set that have the step. */
  spans_a: number;
  /** Spans of the second set that have the step. */
  spans_b: number;
  /** Median time since the previous step, in the first set. */
  median_a: number | null;
  /** Median time since the previous step, in the second set. */
  median_b: number | null;
  /** 95th percentile in the first set. */
  p95_a: number | null;
  /** 95th percentile in the second set. */
  p95_b: number | null;
  /** Difference of the medians: second minus first. */
  difference: number | null;
  /** Ratio of the medians, second to first; null unless the first is above 0. */
  ratio: number | null;
  /**
   * Seconds by which all spans of the second set took longer than as many of
   * the first.
   */
  lost: number | null;
}

/**
 * Compares two sets of spans step by step: the tasks of two runs, of two apps,
 * on two executors. Shows where one is slower than the other.
 *
 * Each row is a step: an event of a span or of one nested in it or equal to it.
 * Time counts from the previous step, in the order in which most spans of both sets
 * reach them. Steps that only one of the sets has are skipped in this and have no
 * times, because a log may be missing. `lost` is the mean of the second set minus
 * that of the first, times the spans of the second: in seconds, above zero if the
 * second set is slower. The largest loss is first, whichever set has it.
 *
 * Reads each event once, as `eventSequences` does.
 *
 * @param a a span type, or a query of span ids
 * @param b the spans to compare with these
 *
 * @example
 * ```ts
 * import { openDatabase, sql } from "dnpc/sql";
 * import { compareSpans } from "dnpc/questions";
 * import { importRuninfo } from "dnpc/importers";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 *
 * const tasks = (app: string) =>
 *   sql`SELECT id FROM span
 *       WHERE type = 'parsl.rundir.task' AND attributes ->> 'app' = ${app}`;
 * // Each task of one app waits for another one; those of the other do not.
 * const [most] = compareSpans(db, tasks("sleeper"), tasks("left"));
 * assert.equal(most?.event_type, "launched");
 * assert.ok(most.difference! > 0.9);
 * ```
 */
export function compareSpans(
  db: Database,
  a: Roots,
  b: Roots,
  options: CompareSpansOptions = {},
): StepComparison[] {
  const both = sql`${rootIds(a)} UNION ${rootIds(b)}`;
  const { steps, walks } = walksOf(db, both, options);
  const sets = [a, b].map((roots) => {
    const ids = new Set(
      db.query<{ id: number }>(rootIds(roots)).map(({ id }) => id),
    );
    return [...walks].filter(({ rootId }) => ids.has(rootId));
  });
  const [countsA, countsB] = sets.map((set) => countSteps(steps.length, set));
  const isShared = (step: number) => countsA![step]! > 0 && countsB![step]! > 0;
  const [timesA, timesB] = sets.map((set) =>
    timesSinceBefore(steps.length, set, isShared)
  );
  const rows = steps.map(({ span_type, event_type, nth }, i) => ({
    span_type,
    event_type,
    nth,
    step: i + 1,
    spans_a: countsA![i]!,
    spans_b: countsB![i]!,
    ...differences(timesA![i]!, timesB![i]!),
  }));
  // Steps without times come last.
  const loss = ({ lost }: StepComparison) =>
    lost === null ? -1 : Math.abs(lost);
  rows.sort((a, b) => loss(b) - loss(a));
  return answer(rows, ["p95_b", "p95_a", "step"]);
}

function countSteps(steps: number, walks: readonly Walk[]): number[] {
  const counts = new Array<number>(steps).fill(0);
  for (const walk of walks) for (const step of walk.steps) counts[step]!++;
  return counts;
}

/** The sorted seconds since the shared previous step, for each step. */
function timesSinceBefore(
  steps: number,
  walks: readonly Walk[],
  isShared: (step: number) => boolean,
): Float64Array[] {
  const times: number[][] = Array.from({ length: steps }, () => []);
  for (const walk of walks) {
    for (const { step, sinceBefore } of alignedSteps(walk, isShared)) {
      if (sinceBefore !== undefined) times[step]!.push(sinceBefore);
    }
  }
  return times.map((seconds) => Float64Array.from(seconds).sort());
}

function differences(a: Float64Array, b: Float64Array) {
  const [median_a, median_b] = [percentileOf(a, 50), percentileOf(b, 50)];
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  const isKnown = median_a !== null && median_b !== null;
  return {
    median_a,
    median_b,
    p95_a: percentileOf(a, 95),
    p95_b: percentileOf(b, 95),
    difference: isKnown ? median_b - median_a : null,
    ratio: isKnown && median_a > 0 ? median_b / median_a : null,
    lost: meanA === null || meanB === null ? null : (meanB - meanA) * b.length,
  };
}

/** Selects the spans that {@linkcode compare} compares. */
export interface CompareOptions extends CompareSpansOptions {
  /**
   * The type of span that goes through the steps. By default the tasks: from the
   * parsl.log of both runs, or else from monitoring.
   */
  root?: string;
}

/**
 * Compares two runs of Parsl step by step: for each step of their tasks the
 * median and the 95th percentile of the time since the previous step, in seconds,
 * with their difference and ratio. The largest loss of time is first, whichever
 * run has it: `lost` is above zero if it is run B.
 *
 * The columns are those of `compareSpans`, which compares any two sets of spans.
 *
 * @param runA the run's label ("000"), its id, its directory, or a unique part
 * of these
 * @param runB the run to compare with it
 * @throws {RangeError} for a name that fits no run, or several
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { compare } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 * await importRuninfo(db, "tests/fixtures/wq/runinfo");
 *
 * const steps = compare(db, "tz/runinfo/000", "wq/runinfo/000");
 * const running = steps.find(({ event_type }) => event_type === "running");
 * // The executor of the second run hands out its tasks more slowly.
 * assert.ok(running!.median_b! > running!.median_a!);
 * assert.throws(() => compare(db, "000", "tz"), /matches 2 runs/);
 * ```
 */
export function compare(
  db: Database,
  runA: string,
  runB: string,
  { root, ...options }: CompareOptions = {},
): StepComparison[] {
  const runs = [findRun(db, runA), findRun(db, runB)];
  const spans = taskTypes.map((type) =>
    runs.map((run) => spansOfRun(run, root ?? type))
  );
  const [ofA, ofB] =
    spans.find((sets) => sets.every((set) => db.query(set).length > 0)) ??
      spans[0]!;
  return compareSpans(db, ofA!, ofB!, options);
}

const taskTypes = ["parsl.rundir.task", "parsl.monitoring.task"];
