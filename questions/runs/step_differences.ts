// @ts-types="npm:@types/d3-array@3.2.2"
import { max, mean, sum } from "d3-array";
import { percentileOf } from "../events/statistics.ts";
import { type Spread, welch } from "../events/welch.ts";

/**
 * A step in one group and in the baseline: means over the runs of each. A mean
 * counts all spans, those without the step as well, so that the means of all steps
 * add up.
 */
export interface StepDifference {
  /** Mean seconds per span. */
  mean: number;
  /** The same in the baseline. */
  baseline: number;
  /** Mean minus baseline. */
  difference: number;
  /** Mean divided by baseline; null if that is 0. */
  ratio: number | null;
  /** 95th percentile over the spans that have the step; null if none has. */
  p95: number | null;
  /** The same in the baseline. */
  baseline_p95: number | null;
}

/** The time of a step in a sample. */
export interface StepTime {
  /** Of all spans together. */
  seconds: number;
  /** 95th percentile over the spans that have the step. */
  p95: number | null;
}

/** The spans of a group in one run, which other runs of the group repeat. */
export interface Sample {
  group: string;
  run: string;
  /** Number of spans that ended. */
  spans: number;
  /** Number of spans that did not, and are left out. */
  unfinished: number;
  /** Of those that ended, the number that failed. */
  failed: number;
  steps: ReadonlyMap<string, StepTime>;
}

/** The samples of all groups, and what is known of their steps. */
export interface ComparedSteps {
  /** The steps in their order. */
  steps: readonly string[];
  samples: readonly Sample[];
  /** Steps that some logs lack. */
  missing: ReadonlyMap<string, MissingStep>;
  /** Number of spans that are in no group. */
  leftOut: number;
}

export type SampleName = Pick<Sample, "group" | "run">;

/** A step that some logs lack. */
export interface MissingStep {
  /** The samples that these are of. */
  without: readonly SampleName[];
  /** The groups of which other logs have it. */
  known: ReadonlySet<string>;
}

/** What lacks a step that only some samples have. */
export const missingFor = (
  seen: readonly SampleName[],
  all: readonly SampleName[],
): MissingStep => ({
  without: all.filter((sample) => !seen.includes(sample)),
  known: new Set(seen.map(({ group }) => group)),
});

/** The difference of a step, and what the repeated runs say of it. */
export interface StepOfGroup extends StepDifference {
  group: string;
  step: string;
  spread: Spread;
}

/**
 * Whether the logs of all know a step: those of each run, and those of each group
 * in some run.
 *
 * @param seen the samples that have it
 * @param groups the samples whose groups could have it
 */
export const isKnownByAll = (
  seen: readonly SampleName[],
  all: readonly SampleName[],
  groups: readonly SampleName[] = all,
): boolean => {
  const runs = new Set(seen.map(({ run }) => run));
  const names = new Set(seen.map(({ group }) => group));
  return all.every(({ run }) => runs.has(run)) &&
    groups.every(({ group }) => names.has(group));
};

/** The steps of each group, compared to those of the first one. */
export function stepDifferences(
  { samples, steps }: Pick<ComparedSteps, "samples" | "steps">,
  groups: readonly string[],
): StepOfGroup[] {
  const ofGroups = Map.groupBy(
    samples.filter(({ spans }) => spans > 0),
    ({ group }) => group,
  );
  const [baseline, ...others] = groups.filter((group) => ofGroups.has(group));
  if (baseline === undefined) return [];
  const before = ofGroups.get(baseline)!;
  const { kept, folded } = foldSteps(
    steps.filter((step) => samples.some((sample) => sample.steps.has(step))),
    before,
    others.map((group) => ofGroups.get(group)!),
  );
  return others.flatMap((group) => {
    const own = ofGroups.get(group)!;
    const row = (name: string, steps: readonly string[]): StepOfGroup => ({
      group,
      step: name,
      ...differenceOf(own, before, steps),
      p95: p95Of(own, steps),
      baseline_p95: p95Of(before, steps),
    });
    const rows = kept.map((step) => row(step, [step]));
    return folded.length === 0
      ? rows
      : [...rows, row(`${folded.length} other steps`, folded)];
  });
}

/** For each sample, the mean seconds per span of all these steps together. */
export const meansOf = (
  samples: readonly Sample[],
  steps: readonly string[],
): number[] =>
  samples.map((sample) =>
    sum(steps, (step) => sample.steps.get(step)?.seconds ?? 0) / sample.spans
  );

function p95Of(
  samples: readonly Sample[],
  steps: readonly string[],
): number | null {
  // Those of several steps do not add up.
  if (steps.length > 1) return null;
  return mean(samples, ({ steps: own }) => own.get(steps[0]!)?.p95 ?? null) ??
    null;
}

/** The difference of some steps together between two groups. */
export function differenceOf(
  samples: readonly Sample[],
  baseline: readonly Sample[],
  steps: readonly string[],
): Omit<StepOfGroup, "group" | "step" | "p95" | "baseline_p95"> {
  const [means, before] = [meansOf(samples, steps), meansOf(baseline, steps)];
  const [own, other] = [mean(means)!, mean(before)!];
  return {
    mean: own,
    baseline: other,
    difference: own - other,
    ratio: other > 0 ? own / other : null,
    spread: welch(means, before),
  };
}

/** Keeps the steps with the largest differences, in their order. */
function foldSteps(
  steps: readonly string[],
  before: readonly Sample[],
  others: readonly (readonly Sample[])[],
): { kept: readonly string[]; folded: readonly string[] } {
  if (steps.length <= maxSteps) return { kept: steps, folded: [] };
  const sizes = new Map(steps.map((step) => {
    const baseline = mean(meansOf(before, [step]))!;
    return [
      step,
      max(others, (own) => Math.abs(mean(meansOf(own, [step]))! - baseline)) ??
        0,
    ];
  }));
  const smallest = new Set(
    [...steps].sort((a, b) => sizes.get(b)! - sizes.get(a)!)
      .slice(maxSteps - 1),
  );
  return {
    kept: steps.filter((step) => !smallest.has(step)),
    folded: [...smallest],
  };
}

const maxSteps = 12;

/** The seconds that the spans of some samples took for each step. */
export class StepSeconds {
  readonly #samples: { spans: number; seconds: Map<string, number[]> }[];

  constructor(count: number) {
    this.#samples = Array.from(
      { length: count },
      () => ({ spans: 0, seconds: new Map() }),
    );
  }

  /** Adds a span of a sample. */
  add(
    sample: number,
    seconds: Iterable<readonly [step: string, number]>,
  ): void {
    const own = this.#samples[sample]!;
    own.spans++;
    for (const [step, value] of seconds) {
      own.seconds.getOrInsertComputed(step, () => []).push(value);
    }
  }

  /** The samples with these names. */
  samples(names: readonly SampleName[]): Sample[] {
    return names.map(({ group, run }, i) => {
      const { spans, seconds } = this.#samples[i]!;
      const steps = new Map(
        seconds.entries().map(([step, values]) => [step, {
          seconds: sum(values),
          p95: percentileOf(Float64Array.from(values).sort(), 95),
        }]),
      );
      return { group, run, spans, unfinished: 0, failed: 0, steps };
    });
  }
}

/** The sums of the parts of each name. */
export function sumsBy(
  parts: Iterable<readonly [name: string, seconds: number]>,
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [name, seconds] of parts) {
    sums.set(name, (sums.get(name) ?? 0) + seconds);
  }
  return sums;
}
