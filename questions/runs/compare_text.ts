// @ts-types="npm:@types/d3-array@3.2.2"
import { mean, sum } from "d3-array";
import { count, counted, secondsText } from "../../display/text/format.ts";
import { listed } from "../../display/text/mistakes.ts";
import {
  type ComparedSteps,
  differenceOf,
  type Sample,
  type StepOfGroup,
} from "./step_differences.ts";

/** A group of spans, such as the tasks of a run, as sentences name it. */
export interface ComparedGroup {
  group: string;
  name: string;
  /** Whether runs are repeated in it; otherwise it is a run itself, or no runs. */
  isRepeated: boolean;
  /** Seconds that the whole run took; null if it did not end. */
  seconds?: number | null;
  /** The runs that have spans to compare. */
  samples: readonly Sample[];
  /** Number of spans that are compared. */
  spans: number;
  /** Number of spans that never ended, and are left out. */
  unfinished: number;
}

/** The groups of these names, with their samples. */
export function comparedGroups(
  { samples }: Pick<ComparedSteps, "samples">,
  groups: readonly string[],
): ComparedGroup[] {
  const byGroup = Map.groupBy(samples, ({ group }) => group);
  return groups.map((group) => {
    const own = byGroup.get(group) ?? [];
    return {
      group,
      name: group,
      isRepeated: false,
      samples: own.filter(({ spans }) => spans > 0),
      spans: sum(own, ({ spans }) => spans),
      unfinished: sum(own, ({ unfinished }) => unfinished),
    };
  });
}

/**
 * Says how much longer a span of each group took than in the first, and where.
 *
 * @param noun what a span is: "task"
 */
export function comparisonText(
  noun: string,
  groups: readonly ComparedGroup[],
  differences: readonly StepOfGroup[],
  { steps, missing }: Pick<ComparedSteps, "steps" | "missing">,
): string {
  const compared = groups.filter(({ spans }) => spans > 0);
  const [baseline, ...others] = compared;
  const ofGroups = Map.groupBy(differences, ({ group }) => group);
  const lines = baseline === undefined ? [] : others.map((group) => {
    const own = ofGroups.get(group.group) ?? [];
    return group.isRepeated
      ? textOfRepeated(noun, group, baseline, own, steps)
      : textOfRuns(group, baseline) + textOfSteps(noun, group, baseline, own);
  });
  return [
    ...lines,
    ...groups.flatMap(({ name, spans, unfinished }) =>
      spans === 0
        ? `${name} has no ${noun} that ended, and is left out.`
        : unfinished > 0
        ? `${counted(unfinished, noun)} of ${name} did not end, and ` +
          `${unfinished === 1 ? "is" : "are"} left out.`
        : []
    ),
    ...missingText(
      missing,
      new Map(groups.map(({ group, name }) => [group, name])),
    ),
  ].join("\n");
}

/**
 * A sentence about steps that some logs lack, if there are any.
 *
 * @param names of the groups, in their order
 */
export function missingText(
  missing: ComparedSteps["missing"],
  names: ReadonlyMap<string, string>,
): string[] {
  if (missing.size === 0) return [];
  const lacking = [...missing].map(([step, { without, known }]) => {
    const runs = Map.groupBy(without, ({ group }) => group);
    const listedNames = [...names].flatMap(([group, name]) => {
      const own = runs.get(group)?.length;
      if (own === undefined) return [];
      return known.has(group) ? `${counted(own, "run")} of ${name}` : name;
    });
    return `${step} (${listed(listedNames, 6)})`;
  });
  return [
    "Counted with the step before, because some logs lack them: " +
    `${lacking.join(", ")}.`,
  ];
}

/** How long the whole runs took, and the beginning of the next clause. */
function textOfRuns(run: ComparedGroup, baseline: ComparedGroup): string {
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
  group: ComparedGroup,
  baseline: ComparedGroup,
  steps: readonly StepOfGroup[],
): string {
  const mean = sum(steps, (step) => step.mean);
  const numbers = group.spans === baseline.spans
    ? ""
    : ` (of ${counted(group.spans, noun)}, not ${count(baseline.spans)})`;
  const difference = mean - sum(steps, (step) => step.baseline);
  const than = isSmall(difference, mean)
    ? "as in"
    : `${amount(difference)} than in`;
  return ` mean time per ${noun}${numbers} is ${secondsText(mean)}, ${than} ` +
    `${baseline.name}${partsOf(largest(steps))}.`;
}

/** The same of repeated runs, with what their spread says of it. */
function textOfRepeated(
  noun: string,
  group: ComparedGroup,
  baseline: ComparedGroup,
  differences: readonly StepOfGroup[],
  steps: readonly string[],
): string {
  const { mean: own, difference, spread: { exceeds_spread } } = differenceOf(
    group.samples,
    baseline.samples,
    steps,
  );
  const named = ({ name, samples }: ComparedGroup) =>
    `${name} (${counted(samples.length, "run")})`;
  const [size, before] = [group, baseline].map(({ samples }) =>
    mean(samples, ({ spans }) => spans)!
  ) as [number, number];
  const numbers = isSmall(size - before, before)
    ? ""
    : ` (of ${spansText(size, noun)} per run, not ${spansText(before)})`;
  const than = isSmall(difference, own) && exceeds_spread !== 1
    ? "as in"
    : `${amount(difference)} than in`;
  const clear = differences.filter(({ spread }) => spread.exceeds_spread === 1);
  const shown = exceeds_spread === null || exceeds_spread && clear.length === 0
    ? differences
    : clear;
  const parts = partsOf(largest(shown));
  const start = `${named(group)}: the mean time per ${noun}${numbers} is ${
    secondsText(own)
  }, ${than} ${named(baseline)}`;
  if (exceeds_spread === null) {
    const alone = [group, baseline].filter(({ samples }) => samples.length < 2);
    return `${start}${parts}; with one run ${
      alone.length === 2 ? "each" : `of ${alone[0]!.name}`
    }, the spread of repeated runs is unknown.`;
  }
  return exceeds_spread
    ? `${start}${parts}; the difference exceeds the spread of repeated runs.`
    : `${start}, within the spread of repeated runs${
      parts && `, which single steps exceed${parts}`
    }.`;
}

const spansText = (spans: number, noun?: string): string => {
  const rounded = Number(spans.toPrecision(3));
  return noun === undefined ? count(rounded) : counted(rounded, noun);
};

/** Differences of less than half a percent are not worth a number. */
const isSmall = (difference: number, mean: number): boolean =>
  Math.abs(difference) < 0.005 * mean;

const partsOf = (steps: readonly StepOfGroup[]): string => {
  const parts = steps.map((step) =>
    `${amount(step.difference)} ${step.step}` +
    (!step.ratio || Number(step.ratio.toPrecision(2)) === 1
      ? ""
      : ` (${times(step.ratio)})`)
  );
  return parts.length > 0 ? `: ${parts.join(", ")}` : "";
};

/** The steps that make up most of the differences, the largest first. */
function largest(steps: readonly StepOfGroup[]): StepOfGroup[] {
  const size = ({ difference }: StepOfGroup) => Math.abs(difference);
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
