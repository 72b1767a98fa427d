import {
  checkQuestion,
  type OptionNames,
} from "../../display/text/mistakes.ts";
import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { eventsOfNames, type EventsOfOptions } from "../events/events_of.ts";
import { rootIds, type Roots } from "../events/nested_spans.ts";
import { alignedSteps, walksOf } from "../events/walks.ts";
import { comparedGroups, comparisonText } from "./compare_text.ts";
import {
  type ComparedSteps,
  isKnownByAll,
  missingFor,
  type SampleName,
  type StepDifference,
  stepDifferences,
  StepSeconds,
  sumsBy,
} from "./step_differences.ts";

/** A step of a set: a row of {@linkcode compareSpans}. Times in seconds. */
export interface SpanComparison extends Omit<StepDifference, "mean"> {
  /** "until" the event that ended the step. */
  step: string;
  /** Name of the set. */
  set: string;
  /** Mean seconds per span of the set. */
  mean_per_span: number;
  /** Number of spans of the set. */
  spans: number;
  /** Name of the set to which it is compared. */
  baseline_set: string;
  /** Number of spans of that set. */
  baseline_spans: number;
}

/** Selects the events that {@linkcode compareSpans} takes as steps. */
export interface CompareSpansOptions extends Omit<EventsOfOptions, "run"> {
  /**
   * By default "all" of `eventTypes`; without these "named", which leaves out
   * templates of messages.
   */
  events?: "named" | "all";
}

const { run: _, ...eventNames } = eventsOfNames;

export const compareSpansNames: OptionNames<CompareSpansOptions> = eventNames;

/**
 * Compares sets of spans step by step: the tasks of some apps, or on some
 * executors. Shows where a span of one set takes longer than in the first.
 *
 * A step leads from one event of a span, or of one nested in it or equal to it,
 * to the next, in the order in which most spans of all sets reach them. It is
 * named "until" its last event; repeated events, as of further tries and of other
 * components, count together. An event that only some of the sets have, because
 * a log may be missing, ends no step. The measure and the columns are those of
 * {@linkcode compare}: mean seconds per span, which add up to the mean time of a
 * span from its first event to its last. See {@linkcode SpanComparison}.
 *
 * Reads each event once, as `eventSequences` does.
 *
 * @param sets span types, or queries of span ids, by the names of the sets; the
 * first is the baseline
 * @throws {RangeError} without two sets
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
 * const steps = compareSpans(db, {
 *   sleeper: tasks("sleeper"),
 *   left: tasks("left"),
 * });
 * const launched = steps.find(({ step }) => step === "until launched");
 * assert.ok(launched!.difference > 0.9);
 * ```
 */
export function compareSpans(
  db: Database,
  sets: Readonly<Record<string, Roots>>,
  options: CompareSpansOptions = {},
): SpanComparison[] {
  checkQuestion("compareSpans", db, options, compareSpansNames);
  const names = Object.keys(sets);
  if (names.length < 2) {
    throw new RangeError(`two sets are needed, not ${names.length}`);
  }
  const ids = Object.values(sets).map((roots) =>
    new Set(db.query<{ id: number }>(rootIds(roots)).map(({ id }) => id))
  );
  const compared = compareEvents(
    db,
    sql.join(Object.values(sets).map((roots) => rootIds(roots)), " UNION "),
    names.map((group) => ({ group, run: "" })),
    (id) => ids.keys().filter((set) => ids[set]!.has(id)),
    options,
  );
  const groups = comparedGroups(compared, names);
  const differences = stepDifferences(compared, names);
  const spansOf = new Map(groups.map(({ group, spans }) => [group, spans]));
  const baseline = groups.find(({ spans }) => spans > 0)?.group ?? "";
  const rows = differences.map(({ group, step, mean, spread: _, ...row }) => ({
    step,
    set: group,
    mean_per_span: mean,
    ...row,
    spans: spansOf.get(group)!,
    baseline_set: baseline,
    baseline_spans: spansOf.get(baseline)!,
  }));
  return answer(
    rows,
    secondary,
    {
      kinds,
      heading: comparisonText("span", groups, differences, compared),
      columns: shownColumns("set", "mean_per_span"),
      whole: ["step", "set"],
    },
  );
}

/**
 * Compares the times until each event.
 *
 * @param samplesOf the numbers of the samples that a root span belongs to
 * @param isOfRuns whether groups are whole runs, or have logs of their own
 */
export function compareEvents(
  db: Database,
  roots: Roots,
  samples: readonly SampleName[],
  samplesOf: (rootId: number) => Iterable<number>,
  options: CompareSpansOptions,
  isOfRuns = true,
): ComparedSteps {
  const { steps, walks } = walksOf(db, roots, options);
  const names = steps.map(({ event_type }) => event_type);
  const seenBy = new Map(names.map((name) => [name, new Set<number>()]));
  const ran = new Set<number>();
  for (const { rootId, steps } of walks) {
    for (const sample of samplesOf(rootId)) {
      ran.add(sample);
      for (const step of steps) seenBy.get(names[step]!)!.add(sample);
    }
  }
  const namesOf = (numbers: ReadonlySet<number>) =>
    [...numbers].map((number) => samples[number]!);
  const { shared, missing } = sharedEvents(
    namesOf(ran),
    new Map(seenBy.entries().map(([name, seen]) => [name, namesOf(seen)])),
    isOfRuns,
  );
  const seconds = new StepSeconds(samples.length);
  for (const walk of walks) {
    const spent = sumsBy(
      alignedSteps(walk, (step) => shared.has(names[step]!))
        .filter(({ sinceBefore }) => sinceBefore !== undefined)
        .map(({ step, sinceBefore }) =>
          [stepUntil(names[step]!), sinceBefore!] as const
        ),
    );
    for (const sample of samplesOf(walk.rootId)) seconds.add(sample, spent);
  }
  return {
    steps: [...shared].map(stepUntil),
    samples: seconds.samples(samples),
    missing,
    leftOut: 0,
  };
}

/**
 * The events that end a step, and those that only some runs have, or some groups
 * of runs. Tasks of one app may have others than those of another app.
 */
export function sharedEvents(
  ran: readonly SampleName[],
  seenBy: ReadonlyMap<string, readonly SampleName[]>,
  isOfRuns: boolean,
): { shared: Set<string>; missing: ComparedSteps["missing"] } {
  const [shared, others] = [true, false].map((isShared) =>
    [...seenBy].filter(([, seen]) =>
      isKnownByAll(seen, ran, isOfRuns ? ran : []) === isShared
    )
  ) as [[string, SampleName[]][], [string, SampleName[]][]];
  return {
    shared: new Set(shared.map(([name]) => name)),
    missing: new Map(
      others.map(([name, seen]) => [name, missingFor(seen, ran)]),
    ),
  };
}

/** The name of the step that an event ends. */
export const stepUntil = (event: string): string => `until ${event}`;

/** The sentences say the rest. */
export const shownColumns = (set: string, mean: string): string[] => [
  ...["step", set, "baseline", mean, "difference", "ratio"],
  ...["baseline_p95", "p95"],
];

export const secondary = ["baseline_p95", "p95"];

export const kinds = {
  mean_per_task: "seconds",
  mean_per_span: "seconds",
  baseline: "seconds",
  p95: "seconds",
  baseline_p95: "seconds",
} as const;
