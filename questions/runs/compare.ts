import {
  checkDatabase,
  checkOptions,
  listed,
  quoted,
} from "../../display/text/mistakes.ts";
import { counted } from "../../display/text/format.ts";
import { didYouMean } from "../../display/text/nearest.ts";
import type { Database, Sql } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { answersLater, ask, type Asking, askNow } from "../asking.ts";
import type { AsyncQueryable } from "../events/sequences_in_campaign.ts";
import type { Spread } from "../events/welch.ts";
import {
  eventsInCampaign,
  eventsInDatabase,
  rootOfTasks,
} from "./compare_events.ts";
import { comparePlaces, type GroupOf } from "./compare_places.ts";
import {
  compareSpansNames,
  type CompareSpansOptions,
  kinds,
  secondary,
  shownColumns,
} from "./compare_spans.ts";
import {
  type ComparedGroup,
  comparedGroups,
  comparisonText,
} from "./compare_text.ts";
import { type ComparedRun, comparedRuns, partsOf } from "./compared_runs.ts";
import { groupsOfRoots, isOfRuns } from "./groups_of_roots.ts";
import type { AskedTasks } from "./place_seconds.ts";
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

/** Selects the runs and the steps that {@linkcode compare} compares. */
export interface CompareOptions extends CompareSpansOptions {
  /**
   * What to compare: "run"; "version" of Parsl, "host" and "user" of the workflow
   * process, or "workflow", whose runs are repetitions; or an attribute of the
   * tasks, such as "app", "executor", "block" or one that the import set, by which
   * the tasks of each run are divided. By default "run".
   */
  by?: string | undefined;
  /**
   * The group to which the others are compared: a version, the label of a run. By
   * default the first: of `runs`, or else the one that began first.
   */
  baseline?: string | undefined;
  /**
   * Two or more runs, the baseline first: their labels ("000"), ids, directories,
   * or unique parts of these. By default all in which tasks ended, in the order of
   * their beginning.
   */
  runs?: readonly string[] | undefined;
  /**
   * "places", where tasks are, as in `whereIsEveryTask`; or "events", from one
   * event to the next. By default "places", or "events" with any of the
   * options below.
   */
  steps?: "places" | "events" | undefined;
  /**
   * The type of span whose events are the steps. By default the tasks: from the
   * parsl.log of all runs, or else from monitoring.
   */
  root?: string | undefined;
}

type ByRun = CompareOptions & { by?: "run" | undefined };

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
export function compare(db: Database, options?: ByRun): StepComparison[];
/** The same by anything else. */
export function compare(
  db: Database,
  options: CompareOptions,
): GroupComparison[];
/** The same of a campaign. */
export function compare(
  campaign: AsyncQueryable,
  options?: ByRun,
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

/** The options, with what they name. */
interface Asked {
  by: string;
  baseline: string | undefined;
  /** All runs that are compared. */
  found: readonly ComparedRun[];
  /** The same, if the options name them. */
  runs: readonly ComparedRun[] | undefined;
  /** The type of span whose events are compared; undefined for places. */
  root: string | undefined;
  events: CompareSpansOptions;
  groups: Sql | undefined;
  groupOf: GroupOf;
  parts: AskedTasks[];
}

function* askedBy(
  { by = "run", baseline, runs: names, steps, root, ...events }: CompareOptions,
  isCampaign: boolean,
): Asking<Asked> {
  const isByEvent = steps === undefined
    ? root !== undefined ||
      Object.values(events).some((value) => value !== undefined)
    : steps === "events";
  const all = yield* comparedRuns(names);
  const [first] = by === "run" && baseline !== undefined
    ? yield* comparedRuns([baseline])
    : [];
  const found = first
    ? [first, ...all.filter(({ key }) => key !== first.key)]
    : all;
  if (by === "run" && found.length < 2) {
    throw tooFewRuns(found.length, yield* comparedRuns(undefined));
  }
  const runs = names && found;
  const values = new Map(found.map((run) => [run.run, run]));
  const groupsIn = (runs: Asked["runs"]) =>
    isOfRuns(by) ? undefined : groupsOfRoots(by, root, runs);
  return {
    by,
    baseline: first?.run ?? baseline,
    found,
    runs,
    root: isByEvent ? root ?? (yield* rootOfTasks(found)) : undefined,
    events,
    groups: groupsIn(runs),
    groupOf({ run, category }) {
      const value = isOfRuns(by) ? values.get(run)?.[by] : category;
      return value == null ? undefined : String(value);
    },
    parts: partsOf(found, { isCampaign, isAll: runs === undefined })
      .map((runs) => ({ runs, groups: groupsIn(runs) })),
  };
}

const tooFewRuns = (count: number, all: readonly ComparedRun[]): RangeError =>
  new RangeError(
    `two runs are needed, not ${count}: there ${
      all.length === 1 ? "is" : "are"
    } ${all.map(({ run }) => `"${run}"`).join(", ") || "none"}` +
      (all.length > 1 ? "" : "; import another run into the same database"),
  );

/** The rows, which show themselves with sentences above. */
function comparison(asked: Asked, compared: ComparedSteps): Comparison {
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

/** The groups, the baseline first. */
function groupsOf(asked: Asked, compared: ComparedSteps): ComparedGroup[] {
  const { by, found } = asked;
  if (by === "run") {
    // A run may be compared to itself.
    const seconds = new Map(found.map(({ run, seconds }) => [run, seconds]));
    return comparedGroups(compared, found.map(({ run }) => run)).map((
      group,
    ) => ({ ...group, seconds: seconds.get(group.group) ?? null }));
  }
  return comparedGroups(compared, namesOf(asked, compared)).map((group) => ({
    ...group,
    name: isOfRuns(by) ? group.name : `${by} ${group.name}`,
    isRepeated: true,
  }));
}

/**
 * The names of groups, those with the first runs and the most tasks first, but the
 * baseline before them.
 */
function namesOf(
  { by, baseline, found, groupOf }: Asked,
  { samples }: ComparedSteps,
): string[] {
  const order = new Map(found.map(({ run }, i) => [run, i]));
  const names = isOfRuns(by)
    ? found.map(({ run }) => groupOf({ run, category: null }))
    : samples.toSorted((a, b) =>
      order.get(a.run)! - order.get(b.run)! || b.spans - a.spans ||
      (a.group < b.group ? -1 : 1)
    ).map(({ group }) => group);
  const known = [...new Set(names.filter((name) => name !== undefined))];
  if (baseline !== undefined && !known.includes(baseline)) {
    throw new RangeError(
      `there is no ${by} ${quoted(baseline)} to compare to: there is ` +
        (listed(known) || "none") + didYouMean(baseline, known),
    );
  }
  if (known.length < 2) {
    throw new RangeError(
      `two groups are needed, not ${known.length}: ` +
        (known.length === 0
          ? `nothing says what ${by} the ${
            isOfRuns(by) ? "runs" : "tasks"
          } are of`
          : `the only ${by} is ${quoted(known[0]!)}`),
    );
  }
  return [...new Set(baseline === undefined ? known : [baseline, ...known])];
}

/** The sentences, with one about what is in no group. */
function withLeftOut(
  heading: string,
  { by, found, groupOf }: Asked,
  { leftOut }: ComparedSteps,
): string {
  const runs = found.filter(({ run }) =>
    groupOf({ run, category: null }) === undefined
  );
  const left = isOfRuns(by)
    ? runs.length > 0 &&
      `${counted(runs.length, "run")} ${
        runs.length === 1 ? "has no known" : "have no known"
      } ${by}, and ${runs.length === 1 ? "is" : "are"} left out: ${
        listed(runs.map(({ run }) => run), 6)
      }.`
    : leftOut > 0 &&
      `${counted(leftOut, "task")} ${
        leftOut === 1 ? "has" : "have"
      } no ${by}, or several, and ${leftOut === 1 ? "is" : "are"} left out.`;
  return left ? `${heading}\n${left}` : heading;
}
