import { showReport } from "../../display/text/rows.ts";
import type { Database } from "../../sql/mod.ts";
import { sql } from "../../sql/mod.ts";
import type { EventsOfOptions } from "../events/nested_events.ts";
import { rootIds, type Roots } from "../events/nested_spans.ts";
import { meanOf, percentileOf } from "./step_statistics.ts";
import { alignedSteps, type Walk, walksOf } from "../events/steps.ts";

/** Which events {@linkcode compareSpans} takes for steps. */
export interface CompareSpansOptions extends EventsOfOptions {
  /** By default "named": those that have a name, none that is a template. */
  events?: "named" | "all";
}

/** A step in both: a row of {@linkcode compareSpans}. Times are in seconds. */
export interface StepComparison {
  /** The type of the span that the event happened to. */
  span_type: string;
  /** What happened. */
  event_type: string;
  /** The how manieth of its kind in the span: 2 where it was tried again. */
  nth: number;
  /** Which step it is, from 1. */
  step: number;
  /** How many spans of the first set have the step. */
  spans_a: number;
  /** How many spans of the second set have the step. */
  spans_b: number;
  /** The median time since the step before, in the first set. */
  median_a: number | null;
  /** The median time since the step before, in the second set. */
  median_b: number | null;
  /** 95 % of the first set took no longer. */
  p95_a: number | null;
  /** 95 % of the second set took no longer. */
  p95_b: number | null;
  /** How much longer the median of the second set is. */
  difference: number | null;
  /** How many times as long it is; null where the first one is not above 0. */
  ratio: number | null;
  /** How much longer all spans of the second set took than as many of the first. */
  lost: number | null;
}

/**
 * Step by step, where one set of spans is slower than another: the tasks of two
 * runs, of two apps, on two executors.
 *
 * A row is a step: an event of a span, of what is nested in it or equal to it.
 * Time is measured from the step before, in the order in which most spans of both
 * sets come to them; steps that only one of the sets has are passed over in this,
 * for a log may be missing, and have no times. `lost` is the mean of the second
 * set less that of the first, times the spans of the second: in seconds, above
 * zero where the second set is slower. Most is first, whichever lost it.
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
  const { steps, walks } = walksOf(db, both, { events: "named", ...options });
  const inSet = (roots: Roots): Walk[] => {
    const ids = new Set(
      db.query<{ id: number }>(sql`SELECT id FROM (${rootIds(roots)})`)
        .map(({ id }) => id),
    );
    return walks.filter(({ rootId }) => ids.has(rootId));
  };
  const sets = [inSet(a), inSet(b)] as const;
  const [counts, countsB] = sets.map((walks) => countOf(steps.length, walks));
  const isShared = (step: number) => counts![step]! > 0 && countsB![step]! > 0;
  const [times, timesB] = sets.map((walks) =>
    timesOf(steps.length, walks, isShared)
  );
  const rows = steps.map(({ span_type, event_type, nth }, i) => ({
    ...{ span_type, event_type, nth, step: i + 1 },
    ...{ spans_a: counts![i]!, spans_b: countsB![i]! },
    ...differences(times![i]!, timesB![i]!),
  }));
  rows.sort((a, b) => most(b) - most(a));
  const seconds = "seconds";
  return showReport(rows, {
    kinds: {
      ...{ spans_a: "count", spans_b: "count", ratio: "ratio" },
      ...{ median_a: seconds, median_b: seconds, p95_a: seconds },
      ...{ p95_b: seconds, difference: seconds, lost: seconds },
    },
    secondary: ["p95_b", "p95_a", "step"],
  });
}

// What cannot be told comes last.
const most = ({ lost }: { lost: number | null }): number =>
  lost === null ? -1 : Math.abs(lost);

function countOf(steps: number, walks: readonly Walk[]): number[] {
  const counts = new Array<number>(steps).fill(0);
  for (const walk of walks) for (const step of walk.steps) counts[step]!++;
  return counts;
}

/** The seconds since the step before, for each step. */
function timesOf(
  steps: number,
  walks: readonly Walk[],
  isShared: (step: number) => boolean,
): Float64Array[] {
  const times: number[][] = Array.from({ length: steps }, () => []);
  for (const walk of walks) {
    const shared = walk.steps.map((_, i) => i)
      .filter((i) => isShared(walk.steps[i]!));
    const kept = {
      ...walk,
      steps: shared.map((i) => walk.steps[i]!),
      times: shared.map((i) => walk.times[i]!),
    };
    for (const { step, sinceBefore } of alignedSteps(kept)) {
      if (sinceBefore !== undefined) times[step]!.push(sinceBefore);
    }
  }
  return times.map((seconds) => Float64Array.from(seconds).sort());
}

function differences(a: Float64Array, b: Float64Array) {
  const [median_a, median_b] = [percentileOf(a, 50), percentileOf(b, 50)];
  const [mean, meanB] = [meanOf(a), meanOf(b)];
  const isKnown = median_a !== null && median_b !== null;
  return {
    ...{ median_a, median_b },
    ...{ p95_a: percentileOf(a, 95), p95_b: percentileOf(b, 95) },
    difference: isKnown ? median_b - median_a : null,
    ratio: isKnown && median_a > 0 ? median_b / median_a : null,
    lost: mean === null || meanB === null ? null : (meanB - mean) * b.length,
  };
}
