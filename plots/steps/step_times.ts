import { type Quantiles, quantilesOf } from "../durations/statistics.ts";
import type { Rows } from "../rows/channels.ts";
import { Numbering } from "../rows/numbering.ts";
import {
  firstArrivals,
  medianOf,
  type Paths,
  pathsOf,
  usualOrder,
} from "../rows/paths.ts";
import { seriesOf } from "../rows/series.ts";
import {
  leftOut,
  type StepChannels,
  type StepRows,
  stepRows,
  type StepRowsLeft,
} from "../rows/step_rows.ts";
import { counted, rowsLeftOut } from "../chart/captions.ts";

/** The times of one step, in the spans that reached it. */
export interface StepTime {
  /** Name of the step; "launched (2)" for a second arrival. */
  step: string;
  /** Name of the series, if the rows have any. */
  series?: string;
  /** The step before in most spans, if any span has one. */
  before: string | undefined;
  /** Number of spans with another step before. */
  others: number;
  /** Seconds since the first step of the span. */
  sinceStart: Float64Array;
  /** Seconds since the step before, of spans that have one. */
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
  /** Number of steps that were dropped. */
  left: number;
}

/** Options of {@linkcode stepTimes}. */
export interface StepTimesOptions {
  /** Maximum number of steps, those that most spans reach. 20 by default. */
  maxSteps?: number | undefined;
}

/** How many series are told apart within one step. */
const maxSeries = 6;

/**
 * Measures the times at which spans reach each step: the transform behind
 * {@linkcode stepDurations} and {@linkcode typicalSequence}. Takes one row per
 * span and step with the span, the time in seconds and the step.
 *
 * Steps are in their usual order. The step before is the last one above that
 * the span was at: a negative time says that the two changed places in this
 * span. A step that a span reaches again is another step.
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
  { maxSteps, ...channels }: StepChannels & StepTimesOptions = {},
): StepTimes {
  return timesOf(stepRows(rows, channels), maxSteps);
}

/** The same of rows that are read already. */
function timesOf(read: StepRows, maxSteps = 20): StepTimes {
  const spans = read.spans.length;
  const paths = pathsOf(read);
  const { names, step, left } = keptSteps(paths, read.steps, maxSteps);
  const order = usualOrder(
    [firstArrivals({ ...paths, step }, names.length)],
    names.length,
  );
  const steps = order.map((s) => names[s]!);
  const place = new Int32Array(names.length);
  order.forEach((s, i) => place[s] = i);
  // When each span reached each step; steps side by side.
  const since = new Float64Array(spans * names.length).fill(NaN);
  for (let span = 0; span < spans; span++) {
    for (let k = paths.first[span]!; k < paths.first[span + 1]!; k++) {
      if (step[k]! < 0) continue;
      since[span * names.length + place[step[k]!]!] = paths.since[k]!;
    }
  }
  const series = read.series && seriesOf(read.series, spans, maxSeries);
  const times = steps.flatMap((_, i) => {
    const parts = (series?.names ?? [undefined]).map((series) => ({
      series,
      sinceStart: [] as number[],
      sinceBefore: [] as number[],
      from: new Uint32Array(steps.length),
    }));
    for (let span = 0; span < spans; span++) {
      const at = since[span * steps.length + i]!;
      if (Number.isNaN(at)) continue;
      const part = parts[series?.of[span] ?? 0]!;
      part.sinceStart.push(at);
      for (let before = i - 1; before >= 0; before--) {
        const from = since[span * steps.length + before]!;
        if (Number.isNaN(from)) continue;
        part.sinceBefore.push(at - from);
        part.from[before]!++;
        break;
      }
    }
    return parts.map(({ series, sinceStart, sinceBefore, from }): StepTime => {
      const most = from.reduce((best, n, s) => n > from[best]! ? s : best, 0);
      return {
        step: steps[i]!,
        ...(series === undefined ? {} : { series }),
        before: sinceBefore.length ? steps[most] : undefined,
        others: sinceBefore.length - from[most]!,
        sinceStart: Float64Array.from(sinceStart),
        sinceBefore: Float64Array.from(sinceBefore),
      };
    });
  });
  return { steps, times, series: series?.names, spans, left, ...leftOut(read) };
}

/** Numbers each step by its occurrence in the span; keeps the commonest. */
function keptSteps(
  { first, step }: Paths,
  steps: readonly string[],
  max: number,
) {
  // By occurrence, then by step.
  const numbers = new Numbering<number>();
  const spans: number[] = [];
  const all = new Int32Array(step.length);
  for (let span = 0; span + 1 < first.length; span++) {
    const times = new Map<number, number>();
    for (let k = first[span]!; k < first[span + 1]!; k++) {
      const before = times.get(step[k]!) ?? 0;
      times.set(step[k]!, before + 1);
      const number = numbers.of(before * steps.length + step[k]!);
      spans[number] = (spans[number] ?? 0) + 1;
      all[k] = number;
    }
  }
  const labels = numbers.values().map((key) => {
    const before = Math.floor(key / steps.length);
    return steps[key % steps.length]! + (before ? ` (${before + 1})` : "");
  });
  const kept = spans.map((_, number) => number)
    .sort((a, b) => spans[b]! - spans[a]! || a - b).slice(0, max)
    .sort((a, b) => a - b);
  const places = new Int32Array(spans.length).fill(-1);
  kept.forEach((number, place) => places[number] = place);
  return {
    names: kept.map((number) => labels[number]!),
    step: all.map((number) => places[number]!),
    left: spans.length - kept.length,
  };
}

/** Sentences about the steps and rows that are not drawn. */
export function stepsLeft(times: Omit<StepTimes, "times">): string[] {
  const left = counted(times.left, "more step");
  return [
    ...(times.left ? [`${left}, reached by fewer spans, not drawn.`] : []),
    ...rowsLeftOut(times),
  ];
}

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
  /** Median of the seconds since the step before; NaN for the first step. */
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
  return typicalOf(stepTimes(rows, options));
}

/** The same of step times. */
export function typicalOf({ times }: StepTimes): TypicalStep[] {
  return times.filter(({ sinceStart }) => sinceStart.length > 0)
    .map(({ step, series, sinceStart, sinceBefore }) => {
      const { count, ...quantiles } = quantilesOf(sinceStart.slice().sort());
      return {
        step,
        ...(series === undefined ? {} : { series }),
        spans: count,
        ...quantiles,
        gap: medianOf(sinceBefore) ?? NaN,
      };
    });
}
