import type { Rows } from "../rows/channels.ts";
import { type Series, seriesOf } from "../rows/series.ts";
import type { StepChannels } from "../rows/step_channels.ts";
import { leftOut, stepRows, type StepRowsLeft } from "../rows/step_rows.ts";
import { usualStepOrder } from "./usual_step_order.ts";
import { type Ways, waysOf } from "./ways.ts";

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
export interface StepTimes extends StepRowsLeft {
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
  const spans = read.spans.length;
  const ways = waysOf(read, spans);
  const { names, step, left } = keptSteps(ways, read.steps, mostSteps);
  const since = new Float64Array(spans * names.length).fill(NaN);
  for (let span = 0; span < spans; span++) {
    for (let k = ways.first[span]!; k < ways.first[span + 1]!; k++) {
      if (step[k]! < 0) continue;
      since[span * names.length + step[k]!] = ways.since[k]!;
    }
  }
  const order = usualStepOrder({ ...ways, step }, names.length);
  const series = read.series && seriesOf(read.series, spans, mostSeries);
  return {
    steps: order.map((s) => names[s]!),
    times: order.flatMap((_, place) =>
      timesAt(place, { order, names, since, spans, series })
    ),
    series: series?.names,
    ...{ spans, left },
    ...leftOut(read),
  };
}

/** Numbers each step by how often the span was at it, and keeps the commonest. */
function keptSteps(
  { first, step }: Ways,
  steps: readonly string[],
  most: number,
) {
  const numbers = new Map<string, number>();
  const labels: string[] = [];
  const spans: number[] = [];
  const all = new Int32Array(step.length);
  for (let span = 0; span + 1 < first.length; span++) {
    const times = new Map<number, number>();
    for (let k = first[span]!; k < first[span + 1]!; k++) {
      const nth = (times.get(step[k]!) ?? 0) + 1;
      times.set(step[k]!, nth);
      const key = `${step[k]} ${nth}`;
      let number = numbers.get(key);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(key, number);
        labels.push(steps[step[k]!]! + (nth > 1 ? ` (${nth})` : ""));
        spans.push(0);
      }
      spans[number]!++;
      all[k] = number;
    }
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

function timesAt(place: number, { order, names, since, spans, series }: {
  order: readonly number[];
  names: readonly string[];
  since: Float64Array;
  spans: number;
  series: Series | undefined;
}): StepTime[] {
  const count = names.length;
  const parts = (series?.names ?? [undefined]).map((name) => ({
    name,
    sinceStart: [] as number[],
    sinceBefore: [] as number[],
    from: new Uint32Array(count),
  }));
  for (let span = 0; span < spans; span++) {
    const at = since[span * count + order[place]!]!;
    if (Number.isNaN(at)) continue;
    const part = parts[series?.of[span] ?? 0]!;
    part.sinceStart.push(at);
    for (let before = place - 1; before >= 0; before--) {
      const from = since[span * count + order[before]!]!;
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
