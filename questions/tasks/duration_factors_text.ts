import {
  capitalized,
  count,
  counted,
  enumerated,
  plural,
  secondsText,
} from "../../display/text/format.ts";
import { visible } from "../../display/text/untrusted.ts";

/** An attribute: a row of {@linkcode durationFactors}. */
export interface DurationFactor {
  /** Its name. */
  attribute: string;
  /**
   * What durations have in common that are compared: "app", or "app, run" if most
   * runs have several values; "" for all durations.
   */
  within: string;
  /**
   * The share of the spread of these durations that is between the values: 0 if it
   * does not matter, 1 if nothing else does. Null if each run has its own value,
   * so that it cannot be told from the run.
   */
  share: number | null;
  /** 1 if it differs, by a tenth or more, and more than by chance; otherwise 0. */
  clear: 0 | 1;
  /** Number of its values. */
  values: number;
  /** Number of durations with a value. */
  count: number;
  /**
   * The value with the slowest durations: "node7", "3 of run 007" for a block. Of
   * those with five durations or more; null if there is none.
   */
  slowest: string | null;
  /** How many times as long as usual they are: their median. */
  slow_times: number | null;
  /** Their median in seconds. */
  slow_median: number | null;
  /** Their number. */
  slow_count: number | null;
  /** The value with the fastest durations. */
  fastest: string | null;
  /** How many times as long as usual they are: their median. */
  fast_times: number | null;
  /** Their median in seconds. */
  fast_median: number | null;
  /** Their number. */
  fast_count: number | null;
}

/** The durations of factors, as sentences name them. */
export interface FactorsOf {
  /** What each is of: "try". */
  noun: string;
  /** Where they are from: "in a worker". */
  source: string;
  /** Number of durations. */
  durations: number;
  /** Their median, in seconds. */
  usual: number;
}

/** Says which attributes matter, how much, and what their slowest values are. */
export function factorsHeading(
  factors: readonly DurationFactor[],
  alone: readonly string[],
  { noun, source, durations, usual }: FactorsOf,
): string {
  const clear = factors.filter(({ clear }) => clear === 1);
  const kept = clear.filter((one) => !widerOf(one, clear));
  const unclear = factors.filter(({ clear }) => clear === 0)
    .map(({ attribute }) => attribute);
  const sentences = kept.slice(0, maxSentences).map((factor) => {
    const narrower = clear.filter((one) => widerOf(one, clear) === factor)
      .map(({ attribute }) => attribute);
    return sentenceOf(factor, noun) +
      (narrower.length > 0
        ? ` ${capitalized(enumerated(narrower))} ${
          narrower.length === 1 ? "tells" : "tell"
        } about the same.`
        : "");
  });
  return [
    `${counted(durations, noun)} took ${
      secondsText(usual)
    } ${source} (median).`,
    ...sentences,
    ...kept.length > maxSentences
      ? [
        `Less: ${
          enumerated(kept.slice(maxSentences).map(({ attribute }) => attribute))
        }.`,
      ]
      : [],
    ...unclear.length > 0
      ? [`No clear difference by ${enumerated(unclear)}.`]
      : [],
    ...alone.length > 0 ? [`One value each: ${enumerated(alone)}.`] : [],
  ].join("\n");
}

const maxSentences = 4;

/** Places that contain each other. */
const places = ["executor", "host", "block", "manager", "worker"];

/** Another attribute with fewer values that explains as much, if there is one. */
function widerOf(
  factor: DurationFactor,
  clear: readonly DurationFactor[],
): DurationFactor | undefined {
  // What a run has once is compared as the run is.
  const run = clear.find(({ attribute }) => attribute === "run");
  const isAlike = (other: DurationFactor) =>
    places.includes(factor.attribute) && places.includes(other.attribute) ||
    factor.within === run?.within && other.within === run.within;
  const rank = ({ attribute }: DurationFactor) => places.indexOf(attribute);
  const wider = clear.filter((other) =>
    other !== factor && isAlike(other) && other.share! >= 0.8 * factor.share! &&
    (other.values < factor.values ||
      other.values === factor.values && rank(other) < rank(factor))
  );
  return wider.find((one) => !widerOf(one, clear));
}

function sentenceOf(factor: DurationFactor, noun: string): string {
  const { attribute, within, slowest, fastest } = factor;
  const share = factor.share ?? 0;
  const percent = `${share < 0.01 ? "<1" : Math.round(100 * share)}%`;
  if (within === "") {
    return `${capitalized(attribute)} tells ${percent} of the spread: ` +
      `${nameOf(attribute, slowest!)} takes ${
        secondsText(factor.slow_median!)
      }, ${nameOf(attribute, fastest!)} ${secondsText(factor.fast_median!)}.`;
  }
  const sides = [
    {
      name: nameOf(attribute, slowest!),
      times: factor.slow_times!,
      count: factor.slow_count!,
    },
    ...fastest === null ? [] : [{
      name: nameOf(attribute, fastest),
      times: factor.fast_times!,
      count: factor.fast_count!,
    }],
  ].sort((a, b) => oddness(b.times) - oddness(a.times))
    .filter(({ times }, i) => i === 0 || oddness(times) > Math.log(1.05))
    .map(({ name, times, count: tries }, i) =>
      `${name}${i === 0 ? " takes" : ""} ${
        count(Number(times.toPrecision(2)))
      } ` +
      `times${i === 0 ? " as long as usual" : ""} (${counted(tries, noun)})`
    );
  return `Within ${
    enumerated(within.split(", ").map((name) => plural(name)))
  }, ` +
    `${attribute} tells ${percent}${share < 0.01 ? ", but" : ":"} ${
      sides.join(", ")
    }.`;
}

const oddness = (times: number): number => Math.abs(Math.log(times));

/** The value with its attribute, unless it has a name that says enough. */
function nameOf(attribute: string, given: string): string {
  const value = visible(given);
  if (["app", "host", "executor", "workflow", "day"].includes(attribute)) {
    return value;
  }
  if (attribute === "hour") return `${value} UTC`;
  return `${attribute} ${value}`;
}
