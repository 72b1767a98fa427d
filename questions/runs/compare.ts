import { checkQuestion } from "../../display/text/mistakes.ts";
import { type Database, spanSql as sql, type Sql } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { comparePlaces } from "./compare_places.ts";
import {
  compareEvents,
  compareSpansNames,
  type CompareSpansOptions,
  kinds,
  secondary,
  shownColumns,
} from "./compare_spans.ts";
import { type ComparedSet, comparisonText } from "./compare_text.ts";
import { findRun, type FoundRun, spansOfRun } from "./find_run.ts";
import type { StepDifference } from "./step_differences.ts";

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
  options: CompareOptions = {},
): StepComparison[] {
  checkQuestion("compare", db, options, {
    runs: true,
    steps: true,
    root: true,
    ...compareSpansNames,
  });
  const { runs, steps, root, ...events } = options;
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
  const all = [...db.query<ComparedRun>(sql`
    SELECT label, run_id AS run, rundir, NULL AS directory,
      ended - began AS seconds
    FROM run JOIN run_label USING (id)
    ORDER BY began, label`)];
  const runs = names?.map((name) => {
    const found = findRun(db, name);
    return all.find(({ run, rundir }) =>
      run === found.run && rundir === found.rundir
    ) ?? { ...found, label: name, seconds: null };
  }) ?? all;
  if (runs.length > 1) return runs;
  throw new RangeError(
    `two runs are needed, not ${runs.length}: there ${
      all.length === 1 ? "is" : "are"
    } ${all.map(({ label }) => `"${label}"`).join(", ") || "none"}` +
      (all.length > 1 ? "" : "; import another run into the same database"),
  );
}

/** The spans of each run whose events are compared. */
function spansOf(
  db: Database,
  runs: readonly ComparedRun[],
  root: string | undefined,
): Sql[] {
  const sets = (root === undefined ? taskTypes : [root])
    .map((type) => runs.map((run) => spansOfRun(run, type)));
  return sets.find((sets) =>
    sets.every((set) => db.query(sql`SELECT 1 FROM (${set}) LIMIT 1`).length)
  ) ?? sets[0]!;
}

const taskTypes = ["parsl.rundir.task", "parsl.monitoring.task"];
