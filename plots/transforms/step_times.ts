import type { Rows } from "../rows/channels.ts";
import { type Series, seriesOf } from "../rows/series.ts";
import {
  type StepChannels,
  type StepRows,
  stepRows,
} from "../rows/step_channels.ts";
import { usualStepOrder } from "./usual_step_order.ts";

/** The times of one step, in the spans that came to it. */
export interface StepTime {
  /** What it is called; "launched (2)" where a span came to it again. */
  step: string;
  /** Which series, if the rows have any. */
  series?: string;
  /** The step that most of the spans were at before, if any was at one. */
  before: string | undefined;
  /** How many of the spans were at another step before. */
  others: number;
  /** Seconds since the first step of the span. */
  sinceStart: Float64Array;
  /** Seconds since the step before; of spans that were at one. */
  sinceBefore: Float64Array;
}

/** What spans went through, step by step. */
export interface StepTimes {
  /** The steps in their usual order; of each a part for each series. */
  times: StepTime[];
  /** What the steps are called, in their usual order. */
  steps: string[];
  /** What the series are called, if the rows have any. */
  series: string[] | undefined;
  /** How many spans there are. */
  spans: number;
  /** How many more steps there are. */
  left: number;
  /** How many rows were left out because they have no time, or no step. */
  withoutTime: number;
  /** How many were left out because they are events without a name. */
  unnamed: number;
}

/** Which steps are kept. */
export interface StepTimesOptions {
  /** The so many that most spans came to. 20 if not given. */
  mostSteps?: number | undefined;
}

/** How many series are told apart within one step. */
const mostSeries = 6;

/**
 * How long spans took to come to each step: the transform behind
 * {@linkcode stepDurations} and {@linkcode typicalSequence}. Takes one row for
 * each step of a span: the span, the time in seconds, the step.
 *
 * Steps are in their usual order. The step before is the last one above that
 * the span was at: a time below zero says that in this span the two changed
 * places. Where a span comes to a step again, that is another step.
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
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function stepTimes(
  rows: Rows,
  { mostSteps = 20, ...channels }: StepChannels & StepTimesOptions = {},
): StepTimes {
  const read = stepRows(rows, channels);
  const { names, step, left } = keptSteps(read, mostSteps);
  const time = new Float64Array(read.spans * names.length).fill(NaN);
  const start = new Float64Array(read.spans).fill(NaN);
  for (let i = 0; i < read.length; i++) {
    const span = read.span[i]!;
    if (Number.isNaN(start[span])) start[span] = read.time[i]!;
    if (step[i]! >= 0) time[span * names.length + step[i]!] = read.time[i]!;
  }
  const order = usualStepOrder(time, start, names.length);
  const series = read.series &&
    seriesOf(read.series, read.spans, mostSeries);
  return {
    steps: order.map((s) => names[s]!),
    times: order.flatMap((_, place) =>
      timesAt(place, { order, names, time, start, series })
    ),
    series: series?.names,
    spans: read.spans,
    left,
    withoutTime: read.withoutTime,
    unnamed: read.unnamed,
  };
}

/** Numbers each step by how often the span was at it, and keeps the commonest. */
function keptSteps({ length, span, step, names }: StepRows, most: number) {
  const times = new Map<number, number>();
  const numbers = new Map<string, number>();
  const labels: string[] = [];
  const spans: number[] = [];
  const all = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    const at = span[i]! * names.length + step[i]!;
    const nth = (times.get(at) ?? 0) + 1;
    times.set(at, nth);
    const key = `${step[i]} ${nth}`;
    let number = numbers.get(key);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(key, number);
      labels.push(names[step[i]!]! + (nth > 1 ? ` (${nth})` : ""));
      spans.push(0);
    }
    spans[number]!++;
    all[i] = number;
  }
  const kept = spans.map((_, number) => number)
    .sort((a, b) => spans[b]! - spans[a]! || a - b).slice(0, most)
    .sort((a, b) => a - b);
  const places = new Int32Array(spans.length).fill(-1);
  kept.forEach((number, place) => places[number] = place);
  return {
    names: kept.map((number) => labels[number]!),
    step: all.map((number) => places[number]!),
    left: spans.length - kept.length,
  };
}

function timesAt(place: number, { order, names, time, start, series }: {
  order: readonly number[];
  names: readonly string[];
  time: Float64Array;
  start: Float64Array;
  series: Series | undefined;
}): StepTime[] {
  const count = names.length;
  const parts = (series?.names ?? [undefined]).map((name) => ({
    name,
    sinceStart: [] as number[],
    sinceBefore: [] as number[],
    from: new Uint32Array(count),
  }));
  for (let span = 0; span < start.length; span++) {
    const at = time[span * count + order[place]!]!;
    if (Number.isNaN(at)) continue;
    const part = parts[series?.of[span] ?? 0]!;
    part.sinceStart.push(at - start[span]!);
    for (let before = place - 1; before >= 0; before--) {
      const from = time[span * count + order[before]!]!;
      if (Number.isNaN(from)) continue;
      part.sinceBefore.push(at - from);
      part.from[order[before]!]!++;
      break;
    }
  }
  return parts.map(({ name, sinceStart, sinceBefore, from }): StepTime => {
    const most = from.reduce((best, n, s) => n > from[best]! ? s : best, 0);
    return {
      step: names[order[place]!]!,
      ...(name === undefined ? {} : { series: name }),
      before: sinceBefore.length ? names[most] : undefined,
      others: sinceBefore.length - (from[most] ?? 0),
      sinceStart: Float64Array.from(sinceStart),
      sinceBefore: Float64Array.from(sinceBefore),
    };
  });
}
