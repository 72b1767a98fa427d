// @ts-types="npm:@types/d3-array@3.2.2"
import { quantileSorted } from "d3-array";
import { type Channel, readChannels, type Rows } from "../rows/channels.ts";
import { columnNamesOf, firstName } from "../rows/column_names.ts";
import { type Series, seriesOf } from "../rows/series.ts";
import { seconds } from "../rows/times.ts";
import { placesByLine } from "./by_line.ts";

/** Which columns say what came to which step when. */
export interface LifelineChannels {
  /** What goes through the steps. The column "root_id" or "span", or the first. */
  span?: Channel | undefined;
  /** When it came to the step, in seconds. The column "time", or the second. */
  time?: Channel | undefined;
  /** Which. The column "step", "state" or "event_type", or else the third. */
  step?: Channel | undefined;
  /** What tells spans apart by their colour: a run, an app. None by default. */
  series?: Channel | undefined;
}

/** A step that spans come to. */
export interface LifeStep {
  /** What it is called. */
  name: string;
  /** How many spans come to it. */
  count: number;
  /** The median of the times from a span's start until it first comes to it. */
  median: number;
}

/** The way of each span through its steps, as columns of one length. */
export interface Lifelines {
  /** How many rows there are. */
  length: number;
  /** The place of each row's span in `spans`; rows lie span by span, by time. */
  span: Uint32Array;
  /** The seconds since the span's first row. */
  since: Float64Array;
  /** The place of each row's step in `steps`. */
  step: Int32Array;
  /** The rows of span `s` are from `first[s]` to `first[s + 1]`. */
  first: Uint32Array;
  /** What the spans are called. */
  spans: string[];
  /** By the median of the time until they are come to. */
  steps: LifeStep[];
  /** The series of each span. */
  series: Series;
  /** How many rows were left out because they have no time. */
  withoutTime: number;
  /** How many rows were left out because they have no step. */
  withoutStep: number;
}

/**
 * The way of each span through its steps, in the seconds since it started: the
 * transform behind {@linkcode lifelines}. Takes a row for each step that a span
 * comes to, in any order. Steps are in the order of the median of these seconds.
 *
 * @example
 * ```ts
 * import { lifelinesOf } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { steps } = lifelinesOf([
 *   { task: 1, time: 10, step: "launched" },
 *   { task: 1, time: 14, step: "running" },
 *   { task: 2, time: 20, step: "launched" },
 *   { task: 2, time: 22, step: "running" },
 * ]);
 * assert.deepEqual(steps.map(({ name, median }) => [name, median]), [
 *   ["launched", 0],
 *   ["running", 3],
 * ]);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function lifelinesOf(
  rows: Rows,
  { span, time, step, series }: LifelineChannels = {},
): Lifelines {
  const named = columnNamesOf(rows);
  const channels = readChannels(named.rows, {
    span: span ?? firstName(named, "root_id", "span"),
    time: time ?? firstName(named, "time"),
    step: step ?? firstName(named, "step", "state", "event_type"),
    series: series ?? null,
  });
  const spans = new Map<unknown, number>();
  const steps = new Map<string, number>();
  const line = new Uint32Array(channels.length);
  const times = new Float64Array(channels.length);
  const stepOf = new Int32Array(channels.length);
  const seriesValues: unknown[] = [];
  let length = 0;
  let withoutTime = 0;
  let withoutStep = 0;
  for (let i = 0; i < channels.length; i++) {
    const at = seconds(channels.time.values[i]);
    const name = channels.step.values[i];
    if (Number.isNaN(at)) withoutTime++;
    else if (name == null) withoutStep++;
    else {
      const of = channels.span.values[i];
      let s = spans.get(of);
      if (s === undefined) {
        spans.set(of, s = spans.size);
        if (series !== undefined) seriesValues.push(channels.series.values[i]);
      }
      const text = typeof name === "string" ? name : String(name);
      let n = steps.get(text);
      if (n === undefined) steps.set(text, n = steps.size);
      line[length] = s;
      stepOf[length] = n;
      times[length++] = at;
    }
  }
  const start = times.subarray(0, length);
  const { places, first } = placesByLine(
    { line: line.subarray(0, length), start, end: start },
    spans.size,
  );
  const since = new Float64Array(length);
  places.forEach((i, k) =>
    since[k] = times[i]! - times[places[first[line[i]!]!]!]!
  );
  const own = Int32Array.from(places, (i) => stepOf[i]!);
  const inSpan = Uint32Array.from(places, (i) => line[i]!);
  const { order, stepsInOrder } = orderSteps(
    [...steps.keys()],
    own,
    inSpan,
    since,
  );
  return {
    length,
    first,
    since,
    withoutTime,
    withoutStep,
    span: inSpan,
    step: own.map((n) => order[n]!),
    spans: [...spans.keys()].map((name) => String(name ?? "(none)")),
    steps: stepsInOrder,
    series: seriesOf(seriesValues, spans.size),
  };
}

function orderSteps(
  names: readonly string[],
  step: Int32Array,
  span: Uint32Array,
  since: Float64Array,
) {
  const waits: number[][] = names.map(() => []);
  // A span may come to a step again, in its next try: the first time counts.
  const last = new Int32Array(names.length).fill(-1);
  for (let k = 0; k < step.length; k++) {
    const n = step[k]!;
    if (last[n] === span[k]) continue;
    last[n] = span[k]!;
    waits[n]!.push(since[k]!);
  }
  const steps = names.map((name, n): LifeStep & { n: number } => {
    const sorted = Float64Array.from(waits[n]!).sort();
    return {
      ...{ n, name, count: sorted.length },
      median: quantileSorted(sorted as unknown as number[], 0.5) ?? NaN,
    };
  }).sort((a, b) => a.median - b.median || a.n - b.n);
  const order = new Int32Array(names.length);
  steps.forEach(({ n }, place) => order[n] = place);
  const stepsInOrder = steps.map(({ name, count, median }) => ({
    ...{ name, count, median },
  }));
  return { order, stepsInOrder };
}
