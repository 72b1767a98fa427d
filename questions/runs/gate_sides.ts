// @ts-types="npm:@types/d3-array@3.2.2"
import { sum } from "d3-array";
import { counted } from "../../display/text/format.ts";
import type { Database } from "../../sql/mod.ts";
import { answersLater, ask } from "../asking.ts";
import type { AsyncQueryable } from "../events/sequences_in_campaign.ts";
import { type MeasuredPlaces, measurePlaces } from "./compare_places.ts";
import { type ComparedRun, comparedRuns, partsOf } from "./compared_runs.ts";
import type { GatedRuns } from "./gate_schema.ts";
import type { PlaceStep } from "./place_seconds.ts";
import type { Sample } from "./step_differences.ts";

type SideName = keyof typeof sideNames;

export const sideNames = { baseline: "the baseline", new: "the new runs" };

/** What was measured of one side. */
export interface Side extends MeasuredPlaces {
  name: SideName;
  runs: readonly ComparedRun[];
  /** The runs with tasks that ended. */
  ended: readonly Sample[];
  /** How long these took, as far as they ended. */
  seconds: readonly number[];
  /** For each run, the share of tasks that failed or did not end. */
  failed: readonly number[];
}

export async function measureSide(
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
export const placesOf = (...sides: readonly Side[]): PlaceStep[] =>
  new Map(
    sides.flatMap(({ places }) => places.map((one) => [one.name, one])),
  ).values().toArray().sort((a, b) =>
    a.rank - b.rank || (a.name < b.name ? -1 : 1)
  );

const tasksOf = ({ samples }: Side): number =>
  sum(samples, ({ spans, unfinished }) => spans + unfinished);

/** The times of runs say nothing if one has more to do. */
export function haveAsManyTasks(before: Side, after: Side): boolean {
  const [a, b] = [before, after].map((side) =>
    tasksOf(side) / side.samples.length
  ) as [number, number];
  return Math.abs(a - b) <= 0.01 * Math.max(a, b);
}

export const described = (side: Side): GatedRuns => ({
  runs: side.runs.length,
  tasks: tasksOf(side),
  parsl_versions: [
    ...new Set(
      side.runs.map(({ version }) => version)
        .filter((version) => version !== null),
    ),
  ],
});

export function notesOf(before: Side, after: Side): string[] {
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
