import { type Database, spanSql as sql, type Sql } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import type { EventsOfOptions } from "../events/events_of.ts";
import { rootIds, type Roots } from "../events/nested_spans.ts";
import { alignedSteps, walksOf } from "../events/walks.ts";
import { type ComparedSet, comparisonText } from "./compare_text.ts";
import { findRun, type FoundRun, runLabels, spansOfRun } from "./find_run.ts";
import { runs as listRuns } from "./list_runs.ts";
import { placeTimes } from "./place_times.ts";
import { type StepDifference, StepSeconds } from "./step_differences.ts";

/** A step of a run: a row of {@linkcode compare}. Times in seconds. */
export interface StepComparison extends Omit<StepDifference, "mean"> {
  /** The place of the tasks, or "until" the event that ended the step. */
  step: string;
  /** Label of the run, such as "001". */
  run: string;
  /** Mean seconds per task of the run. */
  mean_per_task: number;
  /** Number of tasks of the run. */
  tasks: number;
  /** Label of the run to which it is compared. */
  baseline_run: string;
  /** Number of tasks of that run. */
  baseline_tasks: number;
}

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
export interface CompareSpansOptions extends EventsOfOptions {
  /**
   * By default "all" of `eventTypes`; without these "named", which leaves out
   * templates of messages.
   */
  events?: "named" | "all";
}

/** Selects the runs and the steps that {@linkcode compare} compares. */
export interface CompareOptions extends CompareSpansOptions {
  /**
   * Two or more runs, the baseline first: their labels ("000"), ids, directories,
   * or unique parts of these. By default all in which tasks ended, in the order of
   * their beginning.
   */
  runs?: readonly string[];
  /**
   * "places", where tasks are, as in `whereIsEveryTask`; or "events", from one
   * event to the next. By default "places", or "events" with any of the
   * options below.
   */
  steps?: "places" | "events";
  /**
   * The type of span whose events are the steps. By default the tasks: from the
   * parsl.log of all runs, or else from monitoring.
   */
  root?: string;
}

/**
 * Compares runs step by step: says how much longer a task took than in the first
 * run, and where. A row is a step of one of the other runs; see
 * {@linkcode StepComparison} for the columns. `stepComparison(rows)` draws them.
 *
 * The measure is the mean time per task: the seconds that all tasks of the run
 * that ended spent in the step, in all of their tries, divided by the number of
 * these tasks. The means of all steps add up to the mean time of a task from its
 * first event to its last, and so do their differences.
 *
 * A place that the logs of one of the runs do not know, as of an older version or
 * of another executor, counts with the place before it, in all runs, and the step
 * has the names of both. Tasks wait for one another: a second lost by one task is
 * counted again for each that is "waiting on dependencies". Of more than twelve
 * steps, those with the smallest differences share a row.
 *
 * @throws {RangeError} for a name that fits no run, or several, and without two
 * runs
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
 * const steps = compare(db, { runs: ["tz/runinfo/000", "wq/runinfo/000"] });
 * const worker = steps.find(({ step }) => step === "in a worker");
 * assert.ok(worker!.ratio! > 1);
 * assert.throws(() => compare(db, { runs: ["000", "tz"] }), /matches 2 runs/);
 * ```
 */
export function compare(
  db: Database,
  { runs, steps, root, ...events }: CompareOptions = {},
): StepComparison[] {
  const isByEvent = steps === undefined
    ? root !== undefined ||
      Object.values(events).some((value) => value !== undefined)
    : steps === "events";
  const found = runsToCompare(db, runs);
  const { seconds, ...known } = isByEvent
    ? compareEvents(db, spansOf(db, found, root), events)
    : comparePlaces(db, found);
  const sets = found.map((run, i): ComparedSet => ({
    name: run.label,
    seconds: run.seconds,
    spans: seconds.spans[i]!,
    unfinished: known.unfinished?.[i] ?? 0,
    missing: known.missing[i]!,
  }));
  const differences = seconds.differences();
  const baseline = sets[seconds.sets[0]!]!;
  const rows = differences.map(({ set, step, mean, ...row }) => ({
    step,
    run: sets[set]!.name,
    mean_per_task: mean,
    ...row,
    tasks: sets[set]!.spans,
    baseline_run: baseline.name,
    baseline_tasks: baseline.spans,
  }));
  return answer(
    rows,
    secondary,
    {
      kinds,
      heading: comparisonText("task", sets, differences),
      columns: shownColumns("run", "mean_per_task"),
      whole: ["step", "run"],
    },
  );
}

/** The sentences say the rest. */
const shownColumns = (set: string, mean: string): string[] => [
  ...["step", set, "baseline", mean, "difference", "ratio"],
  ...["baseline_p95", "p95"],
];

const secondary = ["baseline_p95", "p95"];

const kinds = {
  mean_per_task: "seconds",
  mean_per_span: "seconds",
  baseline: "seconds",
  p95: "seconds",
  baseline_p95: "seconds",
} as const;

/** A run to compare. */
interface ComparedRun extends FoundRun {
  label: string;
  /** Its length; null if it did not end. */
  seconds: number | null;
}

/** Finds the runs of these names, or all of them. */
function runsToCompare(
  db: Database,
  names: readonly string[] | undefined,
): ComparedRun[] {
  const all = listRuns(db);
  const labels = runLabels(db);
  const found = (names ?? all.map(({ run }) => run)).map((name) => {
    const run = findRun(db, name);
    const label = labels.get(run.run ?? run.rundir) ?? name;
    const seconds = all.find(({ run }) => run === label)?.seconds ?? null;
    return { ...run, label, seconds };
  });
  if (found.length > 1) return found;
  throw new RangeError(
    `two runs are needed, not ${found.length}: there ${
      all.length === 1 ? "is" : "are"
    } ${all.map(({ run }) => `"${run}"`).join(", ") || "none"}`,
  );
}

/** The steps of some sets, and what is known of them. */
interface Steps {
  seconds: StepSeconds;
  /** Spans of each set that never ended, and are left out. */
  unfinished?: number[];
  /** Steps that no log of the set has, but that of another. */
  missing: string[][];
}

function comparePlaces(db: Database, runs: readonly ComparedRun[]): Steps {
  const keys = runs.map(({ run, rundir }) => run ?? rundir!);
  const numbers = Map.groupBy(keys.keys(), (i) => keys[i]!);
  const { tasks, ranks, unfinished } = readStays(db, keys);
  const ran = new Set(tasks.map(({ run }) => run));
  const seenBy = new Map<string, Set<string>>();
  for (const { run, stays } of tasks) {
    for (const [place] of stays) {
      seenBy.getOrInsertComputed(place, () => new Set()).add(run);
    }
  }
  const places = [...seenBy.keys()]
    .sort((a, b) => ranks.get(a)! - ranks.get(b)!);
  const isShared = (place: string) =>
    !isOfExecutor(ranks.get(place)!) || seenBy.get(place)!.size === ran.size;
  const merged = places.reduce<string[][]>((groups, place) => {
    if (isShared(place) || groups.length === 0) groups.push([place]);
    else groups.at(-1)!.push(place);
    return groups;
  }, []);
  const stepOf = new Map(
    merged.flatMap((group) => group.map((place) => [place, nameOf(group)])),
  );
  const seconds = new StepSeconds(runs.length, [...new Set(stepOf.values())]);
  for (const { run, stays } of tasks) {
    const steps = sumsBy(stays, (place) => stepOf.get(place)!);
    for (const i of numbers.get(run)!) seconds.add(i, steps);
  }
  return {
    seconds,
    unfinished: keys.map((key) => unfinished.get(key) ?? 0),
    missing: keys.map((key) =>
      places.filter((place) => !isShared(place) && !seenBy.get(place)!.has(key))
    ),
  };
}

/** Whether Parsl itself does not know this place. */
const isOfExecutor = (rank: number): boolean => rank >= 30 && rank < 80;

const nameOf = (group: readonly string[]): string =>
  group.length < 3 ? group.join(" + ") : `${group[0]} … ${group.at(-1)}`;

/** A task that ended: how long it was at each place that it left. */
interface TaskStays {
  run: string;
  stays: [place: string, seconds: number][];
}

function readStays(db: Database, keys: readonly string[]) {
  const rows = db.iterate<{
    run: string;
    root_id: number;
    place: string;
    seconds: number | null;
    place_rank: number;
  }>(
    sql`SELECT * FROM (${placeTimes()}) WHERE run IN (${
      sql.join([...new Set(keys)])
    }) ORDER BY root_id`,
  );
  const tasks: TaskStays[] = [];
  const ranks = new Map<string, number>();
  const unfinished = new Map<string, number>();
  let task: TaskStays & { id: number; isEnded: boolean } | undefined;
  const close = () => {
    if (!task) return;
    const { run, stays, isEnded } = task;
    if (isEnded) tasks.push({ run, stays });
    else unfinished.set(run, (unfinished.get(run) ?? 0) + 1);
  };
  for (const { run, root_id, place, seconds, place_rank } of rows) {
    if (task?.id !== root_id) {
      close();
      task = { id: root_id, run, stays: [], isEnded: false };
    }
    ranks.set(place, place_rank);
    if (seconds !== null) task.stays.push([place, seconds]);
    else if (place_rank >= 80 && place_rank < 100) task.isEnded = true;
  }
  close();
  return { tasks, ranks, unfinished };
}

function sumsBy(
  parts: Iterable<readonly [name: string, seconds: number]>,
  nameOf: (name: string) => string,
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [part, seconds] of parts) {
    const name = nameOf(part);
    sums.set(name, (sums.get(name) ?? 0) + seconds);
  }
  return sums;
}

/** The spans of each run whose events are compared. */
function spansOf(
  db: Database,
  runs: readonly FoundRun[],
  root: string | undefined,
): Sql[] {
  const sets = (root === undefined ? taskTypes : [root])
    .map((type) => runs.map((run) => spansOfRun(run, type)));
  return sets.find((sets) =>
    sets.every((set) => db.query(sql`SELECT 1 FROM (${set}) LIMIT 1`).length)
  ) ?? sets[0]!;
}

const taskTypes = ["parsl.rundir.task", "parsl.monitoring.task"];

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
  const names = Object.keys(sets);
  if (names.length < 2) {
    throw new RangeError(`two sets are needed, not ${names.length}`);
  }
  const { seconds, missing } = compareEvents(db, Object.values(sets), options);
  const compared = names.map((name, i): ComparedSet => ({
    name,
    spans: seconds.spans[i]!,
    unfinished: 0,
    missing: missing[i]!,
  }));
  const differences = seconds.differences();
  const baseline = compared[seconds.sets[0]!]!;
  const rows = differences.map(({ set, step, mean, ...row }) => ({
    step,
    set: names[set]!,
    mean_per_span: mean,
    ...row,
    spans: seconds.spans[set]!,
    baseline_set: baseline.name,
    baseline_spans: baseline.spans,
  }));
  return answer(
    rows,
    secondary,
    {
      kinds,
      heading: comparisonText("span", compared, differences),
      columns: shownColumns("set", "mean_per_span"),
      whole: ["step", "set"],
    },
  );
}

function compareEvents(
  db: Database,
  sets: readonly Roots[],
  options: CompareSpansOptions,
): Steps {
  const ids = sets.map((roots) =>
    new Set(db.query<{ id: number }>(rootIds(roots)).map(({ id }) => id))
  );
  const setsOf = (id: number) => ids.keys().filter((i) => ids[i]!.has(id));
  const all = sql.join(sets.map(rootIds), " UNION ");
  const { steps, walks } = walksOf(db, all, options);
  const names = steps.map(({ event_type }) => `until ${event_type}`);
  const seenBy = new Map(names.map((name) => [name, new Set<number>()]));
  const ran = new Set<number>();
  for (const { rootId, steps } of walks) {
    for (const set of setsOf(rootId)) {
      ran.add(set);
      for (const step of steps) seenBy.get(names[step]!)!.add(set);
    }
  }
  const isShared = (name: string) => seenBy.get(name)!.size === ran.size;
  const shared = [...seenBy.keys()].filter(isShared);
  const seconds = new StepSeconds(sets.length, shared);
  for (const walk of walks) {
    const spent = sumsBy(
      alignedSteps(walk, (step) => isShared(names[step]!))
        .filter(({ sinceBefore }) => sinceBefore !== undefined)
        .map(({ step, sinceBefore }) => [names[step]!, sinceBefore!] as const),
      (name) => name,
    );
    for (const set of setsOf(walk.rootId)) seconds.add(set, spent);
  }
  return {
    seconds,
    missing: sets.map((_, set) =>
      [...seenBy].filter(([name, seen]) => !isShared(name) && !seen.has(set))
        .map(([name]) => name.slice("until ".length))
    ),
  };
}
