// @ts-types="npm:@types/d3-array@3.2.2"
import { mean } from "d3-array";
import { checkDatabase, checkOptions } from "../../display/text/mistakes.ts";
import type { Database } from "../../sql/mod.ts";
import { answersLater } from "../asking.ts";
import type { AsyncQueryable } from "../events/sequences_in_campaign.ts";
import { welch } from "../events/welch.ts";
import { sharedSteps } from "./compare_places.ts";
import { missingText } from "./compare_text.ts";
import type { Gate, GateMeasure } from "./gate_schema.ts";
import {
  described,
  haveAsManyTasks,
  measureSide,
  notesOf,
  placesOf,
  type Side,
  sideNames,
} from "./gate_sides.ts";
import { withText } from "./gate_text.ts";
import { meansOf } from "./step_differences.ts";

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
 * // Five runs each; the tasks of the second sleep longer.
 * const folder = "tests/fixtures/experiments/repeated";
 * using before = await openDatabase();
 * await importRuninfo(before, `${folder}/2026.tar.gz`);
 * using after = await openDatabase();
 * await importRuninfo(after, `${folder}/slower.tar.gz`);
 *
 * const { passed, verdict } = await gate(before, after, { maxSlower: 0.2 });
 * assert.equal(passed, false);
 * assert.match(verdict, /^Slower by more than 20%, .*: in a worker \+57%/);
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
  // If no task failed before, a failure is no chance.
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
