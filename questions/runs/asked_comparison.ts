import { counted } from "../../display/text/format.ts";
import { listed, mistake, quoted } from "../../display/text/mistakes.ts";
import { didYouMean } from "../../display/text/nearest.ts";
import type { Sql } from "../../sql/mod.ts";
import type { Asking } from "../asking.ts";
import { rootOfTasks } from "./compare_events.ts";
import type { GroupOf } from "./compare_places.ts";
import type { CompareSpansOptions } from "./compare_spans.ts";
import { type ComparedGroup, comparedGroups } from "./compare_text.ts";
import { type ComparedRun, comparedRuns, partsOf } from "./compared_runs.ts";
import { groupsOfRoots, isOfRuns } from "./groups_of_roots.ts";
import type { AskedTasks } from "./place_seconds.ts";
import type { ComparedSteps } from "./step_differences.ts";

/** Selects the runs and the steps that `compare` compares. */
export interface CompareOptions extends CompareSpansOptions {
  /**
   * What to compare: "run"; "version" of Parsl, "host" and "user" of the workflow
   * process, or "workflow", whose runs are repetitions; or an attribute of the
   * tasks, such as "app", "executor", "block" or one that the import set, by which
   * the tasks of each run are divided. By default "run". The hosts of workers are
   * compared by `durationFactors`.
   */
  by?: string | undefined;
  /**
   * The group to which the others are compared: a version, or the beginning of its
   * name, if no other begins so; the label of a run. By default the first: of
   * `runs`, or else the one that began first.
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

/** The options, with what they name. */
export interface AskedComparison {
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

/** @throws {TypeError} for other steps than these */
export function* askedBy(
  { by = "run", baseline, runs: names, steps, root, ...events }: CompareOptions,
  isCampaign: boolean,
): Asking<AskedComparison> {
  if (steps !== undefined && steps !== "places" && steps !== "events") {
    throw mistake(`steps is "places" or "events", not "${steps}"`);
  }
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
    throw tooFewRuns(
      found.length,
      yield* comparedRuns(undefined),
      isCampaign ? "campaign" : "database",
    );
  }
  const runs = names && found;
  const values = new Map(found.map((run) => [run.run, run]));
  const groupsIn = (runs: AskedComparison["runs"]) =>
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

const tooFewRuns = (
  count: number,
  all: readonly ComparedRun[],
  data: string,
): RangeError =>
  new RangeError(
    `two runs are needed, not ${count}: there ${
      all.length === 1 ? "is" : "are"
    } ${all.map(({ run }) => `"${run}"`).join(", ") || "none"}` +
      (all.length > 1 ? "" : `; import another run into the same ${data}`),
  );

/** The groups, the baseline first. */
export function groupsOf(
  asked: AskedComparison,
  compared: ComparedSteps,
): ComparedGroup[] {
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
  { by, baseline, found, groupOf }: AskedComparison,
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
  const first = baseline === undefined
    ? undefined
    : baselineOf(by, baseline, known);
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
  return [...new Set(first === undefined ? known : [first, ...known])];
}

/** The group of this name, or the only one whose name begins so. */
function baselineOf(
  by: string,
  baseline: string,
  known: readonly string[],
): string {
  if (known.includes(baseline)) return baseline;
  const [found, ...others] = known.filter((name) => name.startsWith(baseline));
  if (found !== undefined && others.length === 0) return found;
  throw new RangeError(
    `there is no ${by} ${quoted(baseline)} to compare to: there is ` +
      (listed(known) || "none") + didYouMean(baseline, known),
  );
}

/** The sentences, with one about what is in no group. */
export function withLeftOut(
  heading: string,
  { by, found, groupOf }: AskedComparison,
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
