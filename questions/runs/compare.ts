import { checkDatabase, checkOptions } from "../../display/text/mistakes.ts";
import type { Database } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { answersLater, ask, askNow } from "../asking.ts";
import type { AsyncQueryable } from "../events/sequences_in_campaign.ts";
import type { Spread } from "../events/welch.ts";
import {
  askedBy,
  type AskedComparison,
  type CompareOptions,
  groupsOf,
  withLeftOut,
} from "./asked_comparison.ts";
import { eventsInCampaign, eventsInDatabase } from "./compare_events.ts";
import { comparePlaces } from "./compare_places.ts";
import {
  compareSpansNames,
  kinds,
  secondary,
  shownColumns,
} from "./compare_spans.ts";
import { comparisonText } from "./compare_text.ts";
import {
  type ComparedSteps,
  type StepDifference,
  stepDifferences,
} from "./step_differences.ts";

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

/**
 * A step of a group of runs: a row of {@linkcode compare} with `by`. Times are
 * means over the runs of the group, in seconds.
 */
export interface GroupComparison extends Omit<StepDifference, "mean">, Spread {
  /** The place of the tasks, or "until" the event that ended the step. */
  step: string;
  /** The version, the host, or whatever `by` names. */
  group: string;
  /** Mean seconds per task. */
  mean_per_task: number;
  /** Number of runs. */
  runs: number;
  /** Number of tasks of all of these. */
  tasks: number;
  /** The group to which it is compared. */
  baseline_group: string;
  /** Number of its runs. */
  baseline_runs: number;
  /** Number of their tasks. */
  baseline_tasks: number;
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
 * With `by`, groups are compared, of which each has any number of runs, as those
 * of a version of Parsl. The measure is taken of each run, and rows have its mean
 * and its standard deviation over the runs of the group, and whether the
 * difference exceeds the spread of repeated runs: whether Welch's 95% confidence
 * interval of the difference leaves out 0. That is unknown if one of the two has
 * a single run. Of twenty steps that did not change, one is expected to exceed
 * it. See {@linkcode GroupComparison} for the columns.
 *
 * A place that the logs of one of the runs do not know, as of an older version or
 * of another executor, counts with the place before it, in all runs, and the step
 * has the names of both. Tasks wait for one another: a second lost by one task is
 * counted again for each that is "waiting on dependencies". Of more than twelve
 * steps, those with the smallest differences share a row.
 *
 * Of a campaign, DuckDB adds up the times, and the same rows come as a promise.
 *
 * @throws {RangeError} for a name that fits no run, or several; without two groups
 * to compare; and for an unknown baseline
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
 *
 * const versions = compare(db, { by: "version" });
 * // One run of each says nothing of the spread.
 * assert.equal(versions[0]!.exceeds_spread, null);
 * ```
 */
export function compare(
  db: Database,
  options?: CompareOptions & { by?: "run" | undefined },
): StepComparison[];
/** The same by anything else. */
export function compare(
  db: Database,
  options: CompareOptions,
): GroupComparison[];
/** The same of a campaign. */
export function compare(
  campaign: AsyncQueryable,
  options?: CompareOptions & { by?: "run" | undefined },
): Promise<StepComparison[]>;
/** The same of a campaign by anything else. */
export function compare(
  campaign: AsyncQueryable,
  options: CompareOptions,
): Promise<GroupComparison[]>;
export function compare(
  data: Database | AsyncQueryable,
  options: CompareOptions = {},
): Comparison | Promise<Comparison> {
  const isLater = answersLater(data);
  if (!isLater) checkDatabase("compare", data);
  checkOptions("compare", options, {
    by: true,
    baseline: true,
    runs: true,
    steps: true,
    root: true,
    ...compareSpansNames,
  });
  if (isLater) return compareCampaign(data, options);
  const asked = askNow(data, askedBy(options, false));
  return comparison(
    asked,
    asked.root === undefined
      ? askNow(data, comparePlaces(asked.parts, asked.groupOf))
      : eventsInDatabase(data, { ...asked, root: asked.root }, asked.events),
  );
}

type Comparison = StepComparison[] | GroupComparison[];

async function compareCampaign(
  campaign: AsyncQueryable,
  options: CompareOptions,
): Promise<Comparison> {
  const asked = await ask(campaign, askedBy(options, true));
  return comparison(
    asked,
    asked.root === undefined
      ? await ask(campaign, comparePlaces(asked.parts, asked.groupOf))
      : await eventsInCampaign(
        campaign,
        { ...asked, root: asked.root },
        asked.events,
      ),
  );
}

/** The rows, which show themselves with sentences above. */
function comparison(
  asked: AskedComparison,
  compared: ComparedSteps,
): Comparison {
  const groups = groupsOf(asked, compared);
  const names = groups.map(({ group }) => group);
  const differences = stepDifferences(compared, names);
  const heading = comparisonText("task", groups, differences, compared);
  const byName = new Map(groups.map((group) => [group.group, group]));
  const baseline = groups.find(({ spans }) => spans > 0);
  if (asked.by === "run") {
    const rows = differences.map((
      { group, step, mean, spread: _, ...row },
    ): StepComparison => ({
      step,
      run: group,
      mean_per_task: mean,
      ...row,
      tasks: byName.get(group)!.spans,
      baseline_run: baseline!.group,
      baseline_tasks: baseline!.spans,
    }));
    return answer(rows, secondary, {
      kinds,
      heading,
      columns: shownColumns("run", "mean_per_task"),
      whole: ["step", "run"],
    });
  }
  const rows = differences.map((
    { group, step, mean, spread, ...row },
  ): GroupComparison => ({
    step,
    group,
    mean_per_task: mean,
    ...row,
    ...spread,
    runs: byName.get(group)!.samples.length,
    tasks: byName.get(group)!.spans,
    baseline_group: baseline!.group,
    baseline_runs: baseline!.samples.length,
    baseline_tasks: baseline!.spans,
  }));
  return answer(rows, ["ratio"], {
    kinds: { ...kinds, margin: "seconds", exceeds_spread: "mark" },
    heading: withLeftOut(heading, asked, compared),
    columns: [
      ...["step", "group", "baseline", "mean_per_task", "difference"],
      ...["margin", "exceeds_spread", "ratio"],
    ],
    whole: ["step", "group"],
  });
}
