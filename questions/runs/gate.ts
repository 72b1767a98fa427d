// @ts-types="npm:@types/d3-array@3.2.2"
import { mean, sum } from "d3-array";
import { counted } from "../../display/text/format.ts";
import { checkDatabase, checkOptions } from "../../display/text/mistakes.ts";
import type { Database } from "../../sql/mod.ts";
import { answersLater, ask } from "../asking.ts";
import type { AsyncQueryable } from "../events/sequences_in_campaign.ts";
import { welch } from "../events/welch.ts";
import {
  type MeasuredPlaces,
  measurePlaces,
  sharedSteps,
} from "./compare_places.ts";
import { type ComparedRun, comparedRuns, partsOf } from "./compared_runs.ts";
import { missingText } from "./compare_text.ts";
import { withText } from "./gate_text.ts";
import type { PlaceStep } from "./place_seconds.ts";
import { meansOf, type Sample } from "./step_differences.ts";

/** Limits of {@linkcode gate}. */
export interface GateOptions {
  /**
   * The share by which the time of a run, the mean time per task and that of each
   * step may exceed those of the baseline. By default 0.1.
   */
  maxSlower?: number | undefined;
  /**
   * By how much the share of tasks that fail or never end may exceed that of the
   * baseline. By default 0.
   */
  maxFailed?: number | undefined;
  /**
   * Whether steps are judged, too; otherwise only their sum. By default true.
   */
  steps?: boolean | undefined;
}

/**
 * Whether runs are slower than others, or fail more: the result of
 * {@linkcode gate}, and as JSON that of `dnpc gate --json`. Shares are from 0 to 1,
 * times in seconds.
 */
export interface Gate {
  /** The version of this schema. */
  version: 1;
  /** Whether nothing exceeds its limit. */
  passed: boolean;
  /** The verdict in a sentence. */
  verdict: string;
  /** What to know besides, a sentence each. */
  notes: string[];
  /** The runs to compare to. */
  baseline: GatedRuns;
  /** The runs that are judged. */
  new: GatedRuns;
  /** The limit of times. */
  max_slower: number;
  /** The limit of failures. */
  max_failed: number;
  /** What was compared. */
  measures: GateMeasure[];
  /**
   * The verdict, the notes and a table, not part of the JSON.
   *
   * @param width in characters, by default 80
   */
  toString(width?: number): string;
}

/** One side of the comparison. */
export interface GatedRuns {
  /** Number of runs. */
  runs: number;
  /** Number of tasks. */
  tasks: number;
  /** The versions of Parsl, as far as logs have them. */
  parsl_versions: string[];
}

/** Something that is compared. */
export interface GateMeasure {
  /**
   * "time of a run", "time per task", "failed tasks", which are those that failed
   * or never ended, or a step.
   */
  measure: string;
  /** Whether the numbers are seconds, or shares of the tasks. */
  unit: "seconds" | "share";
  /** Mean over the runs of the baseline; null if none has it. */
  baseline: number | null;
  /** Mean over the new runs; null if none has it. */
  new: number | null;
  /** The largest value of `new` that passes. */
  limit: number | null;
  /** Standard deviation over the runs of the baseline; null for fewer than two. */
  baseline_stddev: number | null;
  /** The same of the new runs. */
  new_stddev: number | null;
  /**
   * By how much `new` must exceed the limit, because of the spread of repeated
   * runs: half of Welch's 95% confidence interval; null if the spread is unknown.
   */
  margin: number | null;
  /**
   * "ok"; "exceeded", the limit and the margin; "within the spread": the limit, but
   * not the margin; or "not compared".
   */
  result: "ok" | "exceeded" | "within the spread" | "not compared";
}

/**
 * Judges whether new runs are slower than those of a baseline, or fail more: for
 * a CI. It compares the time of a run, the mean time per task, each step, as
 * {@linkcode compare} measures them, that takes at least 5% of this time, and the
 * share of tasks that failed or never ended.
 *
 * A limit is exceeded if the mean over the new runs is above it. If both sides
 * have several runs, it must be above it by more than the spread of repeated runs:
 * Welch's 95% confidence interval of the difference to the limit. The time of a
 * run is only compared if runs of both sides have as many tasks, to a hundredth.
 * If no task of the baseline failed, any share of failures above the limit exceeds
 * it, whatever the spread. A run without a task counts as failed.
 *
 * @param baseline a database or a campaign, all runs of which are repetitions
 * @param runs the new ones
 * @throws {RangeError} if no task of one side ended: they cannot be compared
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { gate } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using before = await openDatabase();
 * await importRuninfo(before, "tests/fixtures/tz/runinfo");
 * using after = await openDatabase();
 * await importRuninfo(after, "tests/fixtures/htex-2026/runinfo");
 *
 * const result = await gate(before, after, { maxSlower: 0.5 });
 * assert.match(result.verdict, /^(Not slower|Slower)/);
 * const [run] = result.measures;
 * assert.equal(run!.measure, "time of a run");
 * ```
 */
export async function gate(
  baseline: Database | AsyncQueryable,
  runs: Database | AsyncQueryable,
  options: GateOptions = {},
): Promise<Gate> {
  for (const data of [baseline, runs]) {
    if (!answersLater(data)) checkDatabase("gate", data);
  }
  checkOptions("gate", options, {
    maxSlower: true,
    maxFailed: true,
    steps: true,
  });
  const { maxSlower = 0.1, maxFailed = 0, steps = true } = options;
  for (const limit of [maxSlower, maxFailed]) {
    if (limit >= 0 && limit < Infinity) continue;
    throw new RangeError(
      `a limit is a share, such as 0.1 for 10%, not ${limit}`,
    );
  }
  const [known, found] = [
    await measureSide("baseline", baseline),
    await measureSide("new", runs),
  ];
  const { steps: shared, missing } = sharedSteps({
    places: placesOf(known, found),
    samples: [...known.samples, ...found.samples],
    leftOut: 0,
  });
  const [before, after] = missing.size === 0 ? [known, found] : [
    await measureSide("baseline", baseline, shared),
    await measureSide("new", runs, shared),
  ];
  const names = shared.map(({ name }) => name);
  const timed = (
    measure: string,
    valuesOf: (side: Side) => readonly number[],
  ): GateMeasure =>
    judged(measure, {
      unit: "seconds",
      values: valuesOf(after),
      baseline: valuesOf(before),
      scale: 1 + maxSlower,
      more: 0,
    });
  const total = timed(
    "time per task",
    ({ ended }) => meansOf(ended, names),
  );
  const measures = [
    haveAsManyTasks(before, after)
      ? timed("time of a run", ({ seconds }) => seconds)
      : notCompared("time of a run"),
    total,
    ...(steps ? names : []).map((step) =>
      timed(step, ({ ended }) => meansOf(ended, [step]))
    ).filter((step) =>
      Math.max(step.baseline! / total.baseline!, step.new! / total.new!) >=
        minShare
    ),
    judged("failed tasks", {
      unit: "share",
      values: after.failed,
      baseline: before.failed,
      scale: 1,
      more: maxFailed,
    }),
  ];
  return withText({
    version: 1,
    passed: measures.every(({ result }) => result !== "exceeded"),
    baseline: described(before),
    new: described(after),
    max_slower: maxSlower,
    max_failed: maxFailed,
    measures,
  }, [
    ...notesOf(before, after),
    ...missingText(missing, new Map(Object.entries(sideNames))),
  ]);
}

/** Of the mean time per task. Smaller steps hardly matter. */
const minShare = 0.05;

type SideName = keyof typeof sideNames;

const sideNames = { baseline: "the baseline", new: "the new runs" };

/** What was measured of one side. */
interface Side extends MeasuredPlaces {
  name: SideName;
  runs: readonly ComparedRun[];
  /** The runs with tasks that ended. */
  ended: readonly Sample[];
  /** How long these took, as far as they ended. */
  seconds: readonly number[];
  /** For each run, the share of tasks that failed or did not end. */
  failed: readonly number[];
}

async function measureSide(
  name: SideName,
  data: Database | AsyncQueryable,
  steps?: readonly PlaceStep[],
): Promise<Side> {
  const runs = await ask(data, comparedRuns(undefined));
  const isCampaign = answersLater(data);
  const parts = partsOf(runs, { isCampaign, isAll: true })
    .map((runs) => ({ runs }));
  const labels = new Set(runs.map(({ run }) => run));
  const measured = await ask(
    data,
    measurePlaces(
      parts,
      ({ run }) => labels.has(run) ? name : undefined,
      steps,
    ),
  );
  // The two sides may have runs of the same label.
  const samples = measured.samples.map((sample) => ({
    ...sample,
    run: `${name} ${sample.run}`,
  }));
  const ended = samples.filter(({ spans }) => spans > 0);
  if (ended.length === 0) {
    throw new RangeError(
      `there is nothing to compare: ${sideNames[name]} ` +
        (name === "new" ? "have" : "has") + " no task that ended",
    );
  }
  const byRun = new Map(samples.map((sample) => [sample.run, sample]));
  const sampleOf = ({ run }: ComparedRun) => byRun.get(`${name} ${run}`);
  return {
    ...measured,
    name,
    runs,
    samples,
    ended,
    seconds: runs.filter((run) => sampleOf(run)?.spans)
      .map(({ seconds }) => seconds).filter((seconds) => seconds !== null),
    failed: runs.map((run) => {
      const { spans, unfinished, failed } = sampleOf(run) ?? noTask;
      return (failed + unfinished) / (spans + unfinished);
    }),
  };
}

/** A run that failed before its first task. */
const noTask = { spans: 0, unfinished: 1, failed: 0 };

/** All places, in their order. */
const placesOf = (...sides: readonly Side[]): PlaceStep[] =>
  new Map(
    sides.flatMap(({ places }) => places.map((one) => [one.name, one])),
  ).values().toArray().sort((a, b) =>
    a.rank - b.rank || (a.name < b.name ? -1 : 1)
  );

const tasksOf = ({ samples }: Side): number =>
  sum(samples, ({ spans, unfinished }) => spans + unfinished);

/** The times of runs say nothing if one has more to do. */
function haveAsManyTasks(before: Side, after: Side): boolean {
  const [a, b] = [before, after].map((side) =>
    tasksOf(side) / side.samples.length
  ) as [number, number];
  return Math.abs(a - b) <= 0.01 * Math.max(a, b);
}

function judged(
  measure: string,
  { unit, values, baseline, scale, more }: {
    unit: GateMeasure["unit"];
    values: readonly number[];
    baseline: readonly number[];
    /** The limit is so many times the mean of the baseline. */
    scale: number;
    /** And so much more. */
    more: number;
  },
): GateMeasure {
  if (values.length === 0 || baseline.length === 0) return notCompared(measure);
  const [own, before] = [mean(values)!, mean(baseline)!];
  const { stddev, baseline_stddev, margin } = welch(values, baseline, scale);
  const limit = scale * before + more;
  // Where nothing failed, no chance let anything fail.
  const needed = unit === "share" && before === 0 ? 0 : margin ?? 0;
  const excess = own - limit - 1e-9;
  return {
    measure,
    unit,
    baseline: before,
    new: own,
    limit,
    baseline_stddev,
    new_stddev: stddev,
    margin,
    result: excess > needed
      ? "exceeded"
      : excess > 0
      ? "within the spread"
      : "ok",
  };
}

const notCompared = (measure: string): GateMeasure => ({
  measure,
  unit: "seconds",
  baseline: null,
  new: null,
  limit: null,
  baseline_stddev: null,
  new_stddev: null,
  margin: null,
  result: "not compared",
});

const described = (side: Side): GatedRuns => ({
  runs: side.runs.length,
  tasks: tasksOf(side),
  parsl_versions: [
    ...new Set(
      side.runs.map(({ version }) => version)
        .filter((version) => version !== null),
    ),
  ],
});

function notesOf(before: Side, after: Side): string[] {
  const sides = [before, after];
  const alone = sides.filter(({ ended }) => ended.length < 2);
  const empty = sides.flatMap(({ name, runs, ended }) =>
    runs.length > ended.length
      ? `${counted(runs.length - ended.length, "run")} of ${
        sideNames[name]
      } without a task that ended.`
      : []
  );
  return [
    ...alone.length > 0
      ? [
        `With one run ${
          alone.length === 2
            ? "on each side"
            : alone[0] === before
            ? "in the baseline"
            : "that is new"
        }, the spread of repeated runs is unknown: repeat them to tell a ` +
        "change from chance.",
      ]
      : [],
    ...empty,
    ...haveAsManyTasks(before, after) ? [] : [
      "The times of runs are not compared, because those of " +
      sides.map((side) =>
        `${sideNames[side.name]} have ${
          counted(Math.round(tasksOf(side) / side.samples.length), "task")
        }`
      ).join(" and ") + ".",
    ],
  ];
}
