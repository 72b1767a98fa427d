// @ts-types="npm:@types/d3-array@3.2.2"
import { sum } from "d3-array";
import { count, counted, secondsText } from "../../display/text/format.ts";
import type { StepOfSet } from "./step_differences.ts";

/** A set of spans, such as the tasks of a run, as sentences name it. */
export interface ComparedSet {
  name: string;
  /** Seconds that the whole run took; null if it did not end. */
  seconds?: number | null;
  /** Number of spans that are compared. */
  spans: number;
  /** Number of spans that never ended, and are left out. */
  unfinished: number;
  /** Steps that no log of the set has, but that of another. */
  missing: readonly string[];
}

/**
 * Says how much longer a span of each set took than in the baseline, and where.
 *
 * @param noun what a span is: "task"
 */
export function comparisonText(
  noun: string,
  sets: readonly ComparedSet[],
  steps: readonly StepOfSet[],
): string {
  const [baseline, ...others] = sets.filter(({ spans }) => spans > 0);
  const lines = baseline === undefined ? [] : others.map((set) => {
    const own = steps.filter((step) => sets[step.set] === set);
    return textOfRuns(set, baseline) + textOfSteps(noun, set, baseline, own);
  });
  // By the step, the names of the sets whose logs lack it.
  const missing = Map.groupBy(
    sets.filter(({ spans }) => spans > 0).flatMap(({ name, missing }) =>
      missing.map((step) => ({ step, name }))
    ),
    ({ step }) => step,
  );
  return [
    ...lines,
    ...sets.flatMap(({ name, spans, unfinished }) =>
      spans === 0
        ? `${name} has no ${noun} that ended, and is left out.`
        : unfinished > 0
        ? `${counted(unfinished, noun)} of ${name} did not end, and ` +
          `${unfinished === 1 ? "is" : "are"} left out.`
        : []
    ),
    ...missing.size > 0
      ? [
        "Counted with the step before, because some logs lack them: " +
        [...missing].map(([step, sets]) =>
          `${step} (${sets.map(({ name }) => name).join(", ")})`
        ).join(", ") + ".",
      ]
      : [],
  ].join("\n");
}

/** How long the whole runs took, and the beginning of the next clause. */
function textOfRuns(run: ComparedSet, baseline: ComparedSet): string {
  if (run.seconds === undefined || baseline.seconds === undefined) {
    return `${run.name}: the`;
  }
  const [took, before] = [run.seconds, baseline.seconds];
  if (took === null || before === null) {
    return [run, baseline].map(({ name, seconds: took }) =>
      took == null ? `${name} did not end` : `${name} took ${secondsText(took)}`
    ).join(", ") + `; in ${run.name}, the`;
  }
  const difference = took - before;
  const share = Math.round(100 * Math.abs(difference) / before);
  const length = share < 1
    ? "as long as"
    : share > 100
    ? `${times(took / before)} as`
    : `${secondsText(Math.abs(difference))} (${share}%) ${
      difference > 0 ? "longer" : "less"
    } than`;
  return `${run.name} took ${
    secondsText(took)
  }, ${length} ${baseline.name}; its`;
}

/** How long a span took on average, and in which steps the difference is. */
function textOfSteps(
  noun: string,
  set: ComparedSet,
  baseline: ComparedSet,
  steps: readonly StepOfSet[],
): string {
  const mean = sum(steps, (step) => step.mean);
  const parts = largest(steps).map((step) =>
    `${amount(step.difference)} ${step.step}` +
    (step.ratio === null || Number(step.ratio.toPrecision(2)) === 1
      ? ""
      : ` (${times(step.ratio)})`)
  );
  const numbers = set.spans === baseline.spans
    ? ""
    : ` (of ${counted(set.spans, noun)}, not ${count(baseline.spans)})`;
  const difference = mean - sum(steps, (step) => step.baseline);
  const than = Math.abs(difference) < 0.005 * mean
    ? "as in"
    : `${amount(difference)} than in`;
  return ` mean time per ${noun}${numbers} is ${secondsText(mean)}, ${than} ` +
    baseline.name + (parts.length > 0 ? `: ${parts.join(", ")}.` : ".");
}

/** The steps that make up most of the differences, the largest first. */
function largest(steps: readonly StepOfSet[]): StepOfSet[] {
  const size = ({ difference }: StepOfSet) => Math.abs(difference);
  const sorted = [...steps].sort((a, b) => size(b) - size(a));
  const total = sum(steps, size);
  let listed = 0;
  return sorted.slice(0, 3).filter((step) => {
    const isPart = listed < 0.8 * total && size(step) >= 0.05 * total;
    listed += size(step);
    return isPart && total > 0;
  });
}

const amount = (difference: number): string =>
  `${secondsText(Math.abs(difference))} ${difference < 0 ? "less" : "more"}`;

const times = (ratio: number): string =>
  `${count(Number(ratio.toPrecision(2)))} times as long`;
