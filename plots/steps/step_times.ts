// @ts-types="npm:@types/d3-array@3.2.2"
import { maxIndex } from "d3-array";
import { checkOptions, type OptionNames } from "../../display/text/mistakes.ts";
import { counted, rowsLeftOut, sentences } from "../chart/captions.ts";
import { type Quantiles, quantilesOf } from "../durations/statistics.ts";
import type { Rows } from "../rows/channels.ts";
import {
  firstArrivals,
  medianOf,
  type Paths,
  pathsOf,
  usualOrder,
} from "../rows/paths.ts";
import { numberOf } from "../rows/row_order.ts";
import { largest, seriesOf } from "../rows/series.ts";
import {
  leftOut,
  stepChannelNames,
  type StepChannels,
  stepRows,
  type StepRowsLeft,
} from "../rows/step_rows.ts";

/** The times of one step, in the spans that reached it. */
export interface StepTime {
  /** Name of the step; "launched (2)" for a second arrival. */
  step: string;
  /** Name of the series, if the rows have any. */
  series?: string;
  /** The previous step in most spans, if any span has one. */
  before: string | undefined;
  /** Number of spans with another previous step. */
  others: number;
  /** Seconds since the first step of the span. */
  sinceStart: Float64Array;
  /** Seconds since the previous step, of spans that have one. */
  sinceBefore: Float64Array;
}

/** The times of spans, step by step. */
export interface StepTimes extends StepRowsLeft {
  /** By step in their usual order, then by series. */
  times: StepTime[];
  /** The names of the steps, in their usual order. */
  steps: string[];
  /** The names of the series, if the rows have any. */
  series: string[] | undefined;
  /** Number of spans. */
  spans: number;
  /** What a span is, in the singular: "span", unless it is known. */
  noun: string;
  /** Number of steps that were dropped. */
  left: number;
}

/** Options of {@linkcode stepTimes}. */
export interface StepTimesOptions {
  /** Maximum number of steps; keeps the most frequent. 20 by default. */
  maxSteps?: number | undefined;
}

export const stepTimesNames: OptionNames<StepChannels & StepTimesOptions> = {
  ...stepChannelNames,
  maxSteps: true,
};

/** Maximum number of series within one step. */
const maxSeries = 6;

/**
 * Measures the times at which spans reach each step: the transform behind
 * {@linkcode stepDurations} and {@linkcode typicalSequence}. Takes one row per
 * span and step with the span, the time in seconds and the step.
 *
 * Steps are in their usual order. The previous step is the last one above that
 * the span reached: a negative time means that this span reached the two in
 * reverse order. A step that a span reaches again is another step.
 *
 * @example
 * ```ts
 * import { stepTimes } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { steps, times } = stepTimes([
 *   { task: 1, time: 10, state: "pending" },
 *   { task: 1, time: 12, state: "running" },
 *   { task: 2, time: 20, state: "pending" },
 *   { task: 2, time: 23, state: "running" },
 * ]);
 * assert.deepEqual(steps, ["pending", "running"]);
 * assert.deepEqual([...times[1]!.sinceBefore], [2, 3]);
 * assert.equal(times[1]!.before, "pending");
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function stepTimes(
  rows: Rows,
  options: StepChannels & StepTimesOptions = {},
): StepTimes {
  checkOptions("stepTimes", options, stepTimesNames);
  const { maxSteps = 20, ...channels } = options;
  const read = stepRows(rows, channels);
  const spans = read.spans.length;
  const paths = pathsOf(read);
  const { first, since } = paths;
  const { names, step, left } = keptSteps(paths, read.steps, maxSteps);
  const order = usualOrder(
    [firstArrivals({ ...paths, step }, names.length)],
    names.length,
  );
  const steps = order.map((s) => names[s]!);
  const place = new Int32Array(names.length);
  order.forEach((s, i) => place[s] = i);
  const series = read.series && seriesOf(read.series, spans, maxSeries);
  const all = steps.map((step) =>
    (series?.names ?? [undefined]).map((series) => ({
      step,
      series,
      sinceStart: [] as number[],
      sinceBefore: [] as number[],
      from: new Uint32Array(steps.length),
    }))
  );
  // When the span reached each step.
  const reached = new Float64Array(steps.length);
  for (let span = 0; span < spans; span++) {
    reached.fill(NaN);
    for (let k = first[span]!; k < first[span + 1]!; k++) {
      if (step[k]! >= 0) reached[place[step[k]!]!] = since[k]!;
    }
    for (let i = 0, before = -1; i < steps.length; i++) {
      const at = reached[i]!;
      if (Number.isNaN(at)) continue;
      const part = all[i]![series?.of[span] ?? 0]!;
      part.sinceStart.push(at);
      if (before >= 0) {
        part.sinceBefore.push(at - reached[before]!);
        part.from[before]!++;
      }
      before = i;
    }
  }
  const times = all.flat().map(
    ({ step, series, sinceStart, sinceBefore, from }): StepTime => {
      const most = maxIndex(from);
      return {
        step,
        ...(series !== undefined && { series }),
        before: sinceBefore.length ? steps[most] : undefined,
        others: sinceBefore.length - from[most]!,
        sinceStart: Float64Array.from(sinceStart),
        sinceBefore: Float64Array.from(sinceBefore),
      };
    },
  );
  return {
    steps,
    times,
    series: series?.names,
    spans,
    noun: read.noun,
    left,
    ...leftOut(read),
  };
}

/** Numbers each step by its occurrence in the span; keeps the commonest. */
function keptSteps(
  { span, step }: Paths,
  steps: readonly string[],
  max: number,
) {
  // By occurrence, then by step.
  const numbers = new Map<number, number>();
  const spans: number[] = [];
  let times = new Map<number, number>();
  const all = step.map((own, k) => {
    if (span[k] !== span[k - 1]) times = new Map();
    const before = times.get(own) ?? 0;
    times.set(own, before + 1);
    const number = numberOf(before * steps.length + own, numbers);
    spans[number] = (spans[number] ?? 0) + 1;
    return number;
  });
  const labels = [...numbers.keys()].map((key) => {
    const before = Math.floor(key / steps.length);
    return steps[key % steps.length]! + (before ? ` (${before + 1})` : "");
  });
  const kept = largest(spans, max);
  const places = new Int32Array(spans.length).fill(-1);
  kept.forEach((number, place) => places[number] = place);
  return {
    names: kept.map((number) => labels[number]!),
    step: all.map((number) => places[number]!),
    left: spans.length - kept.length,
  };
}

/** Sentences about the steps and rows that are not drawn. */
export const stepsLeft = (times: Omit<StepTimes, "times">): string =>
  sentences(
    times.left > 0 &&
      `${counted(times.left, "more step")}, reached by fewer spans, not drawn.`,
    rowsLeftOut(times),
  );

/**
 * Typical times at which spans reach a step, in seconds since their start; NaN
 * if unknown.
 */
export interface TypicalStep extends Quantiles {
  /** Name of the step. */
  step: string;
  /** Name of the series, if the rows have any. */
  series?: string;
  /** Number of spans that reached it. */
  spans: number;
  /** Median of the seconds since the previous step; NaN for the first step. */
  gap: number;
}

/**
 * Computes the typical times at which spans reach each step: the transform
 * behind {@linkcode typicalSequence}. Takes the same rows as
 * {@linkcode stepTimes}.
 *
 * @example
 * ```ts
 * import { typicalSteps } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const steps = typicalSteps([
 *   [1, 10, "pending"],
 *   [1, 12, "running"],
 *   [2, 20, "pending"],
 *   [2, 23, "running"],
 * ]);
 * assert.deepEqual(steps.map(({ step, median }) => [step, median]), [
 *   ["pending", 0],
 *   ["running", 2.5],
 * ]);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function typicalSteps(
  rows: Rows,
  options: StepChannels & StepTimesOptions = {},
): TypicalStep[] {
  checkOptions("typicalSteps", options, stepTimesNames);
  return typicalOf(stepTimes(rows, options));
}

/** The same of step times. */
export const typicalOf = ({ times }: StepTimes): TypicalStep[] =>
  times.filter(({ sinceStart }) => sinceStart.length > 0)
    .map(({ step, series, sinceStart, sinceBefore }) => {
      const { count, ...quantiles } = quantilesOf(sinceStart.slice().sort());
      return {
        step,
        ...(series !== undefined && { series }),
        spans: count,
        ...quantiles,
        gap: medianOf(sinceBefore) ?? NaN,
      };
    });
