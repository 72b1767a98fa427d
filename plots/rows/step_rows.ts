import type { OptionNames } from "../../display/text/mistakes.ts";
import {
  type Channel,
  nounOf,
  numbersIn,
  readChannels,
  type Rows,
} from "./channels.ts";
import { numberOf, timeOrder } from "./row_order.ts";
import { nameChannels, namesOfSpans, type SpanNames } from "./span_names.ts";
import { isEnded } from "./state_order.ts";

/** Columns with the span, the time and the step. */
export interface StepChannels {
  /**
   * The span that goes through steps: any value that identifies it. By default
   * the column "root_id" or "span", or else the first.
   */
  span?: Channel | undefined;
  /**
   * Time at which it reaches the step, in seconds. By default the column
   * "time", or else the second.
   */
  time?: Channel | undefined;
  /**
   * Name of the step; null if the span leaves. By default the column "step",
   * "state" or "event_type", or else the third. For rows from `eventsOf` it is
   * the event type, with the span type if several have it; events without a
   * name are then left out.
   */
  step?: Channel | undefined;
  /** The series of a span, such as a run. Each has its own colour. */
  series?: Channel | undefined;
}

export const stepChannelNames: OptionNames<StepChannels> = {
  span: true,
  time: true,
  step: true,
  series: true,
};

/** Numbers of rows that are left out. */
export interface StepRowsLeft {
  /** Rows without a time. */
  withoutTime: number;
  /** Rows without a step whose span is at no step that it could leave. */
  withoutStep: number;
  /** Events without a name. */
  unnamed: number;
}

/** Picks the numbers of rows left out. */
export const leftOut = (
  { withoutTime, withoutStep, unnamed }: StepRowsLeft,
): StepRowsLeft => ({ withoutTime, withoutStep, unnamed });

/** Rows with a span, a time and a step, in the order of time. */
export interface StepRows extends StepRowsLeft {
  length: number;
  /** In seconds. */
  time: Float64Array;
  /** Each span's own number, from 0. */
  span: Uint32Array;
  /** The place of the step in `steps`; -1 if the span leaves. */
  step: Int32Array;
  /** Names of the steps, in the order in which they first come. */
  steps: string[];
  /** Names of the spans, by their numbers. */
  spans: unknown[];
  /** The series of each span, by its number, if there are any. */
  series: unknown[] | undefined;
  /** The weight of the span, NaN if it has none; undefined if not read. */
  weight: Float64Array | undefined;
  /** What people call the spans, if asked for. */
  names: SpanNames | undefined;
  /** Names of the columns of the spans and weights, if they have one. */
  spanName: string | undefined;
  /** What a span is, in the singular: "span", unless it is known. */
  noun: string;
  weightName: string | undefined;
}

/**
 * Reads rows of steps and puts them in the order of time: those of
 * `statesOverTime`, `whereIsEveryTask`, `eventsOf`, or any three columns. Rows at
 * equal times keep their order.
 */
export function stepRows(
  rows: Rows,
  channels: StepChannels & { weight?: Channel | undefined },
  isNamed = false,
): StepRows {
  const isAsked = channels.step !== undefined;
  const read = readChannels(rows, {
    span: channels.span ?? ["root_id", "span", 0],
    time: channels.time ?? ["time", 1],
    step: channels.step ?? ["step", "state", "event_type", 2],
    series: channels.series ?? null,
    type: isAsked ? null : ["span_type", null],
    named: isAsked ? null : ["named", null],
    weight: channels.weight ?? null,
    ...(isNamed ? nameChannels : {}) as typeof nameChannels,
  }, ["time"]);
  const isOfEvents = !isAsked && read.step.name === "event_type";
  const types = isOfEvents ? read.type.values : [];
  const named = isOfEvents ? read.named.values : [];
  const isSeries = channels.series !== undefined;
  const times = read.time.values;
  const order = timeOrder(times);

  const spans = new Map<unknown, number>();
  const names: unknown[] = [];
  const series: unknown[] = [];
  const steps: { name: string; type: unknown }[] = [];
  // By name, and by type of span, which only events have.
  const numbers = new Map<string, Map<unknown, number>>();
  const stepOf = (name: string, type: unknown) => {
    let own = numbers.get(name);
    if (!own) numbers.set(name, own = new Map());
    let number = own.get(type);
    if (number === undefined) {
      own.set(type, number = steps.push({ name, type }) - 1);
    }
    return number;
  };
  // Whether each span is at a step now.
  const isAtStep: boolean[] = [];
  const time = new Float64Array(order.length);
  const span = new Uint32Array(order.length);
  const step = new Int32Array(order.length);
  const isWeighted = channels.weight !== undefined;
  const weights = numbersIn("weight", read.weight);
  const weight = new Float64Array(isWeighted ? order.length : 0);
  const spanOf = new Int32Array(isNamed ? read.length : 0).fill(-1);
  let [length, withoutStep, unnamed] = [0, 0, 0];
  for (const row of order) {
    if (named[row] === 0) {
      unnamed++;
      continue;
    }
    const name = read.step.values[row];
    const of = read.span.values[row];
    // Spans of two runs may have the same number.
    const key = isSeries ? `${read.series.values[row]}\n${of}` : of;
    if (name == null && !isAtStep[spans.get(key) ?? -1]) {
      withoutStep++;
      continue;
    }
    const number = numberOf(key, spans);
    if (number === names.length) {
      names.push(of);
      if (isSeries) series.push(read.series.values[row]);
    }
    isAtStep[number] = name != null;
    spanOf[row] = number;
    time[length] = times[row]!;
    if (isWeighted) weight[length] = weights[row]!;
    span[length] = number;
    step[length++] = name == null ? -1 : stepOf(String(name), types[row]);
  }
  const noun = nounOf(rows);
  return {
    length,
    names: isNamed
      ? namesOfSpans(read, {
        column: read.span.name,
        values: names,
        of: spanOf,
        noun,
      })
      : undefined,
    time: time.subarray(0, length),
    span: span.subarray(0, length),
    step: step.subarray(0, length),
    steps: stepNames(steps),
    spans: names,
    series: isSeries ? series : undefined,
    weight: isWeighted ? weight.subarray(0, length) : undefined,
    spanName: read.span.name,
    noun,
    weightName: read.weight.name,
    withoutTime: times.length - order.length,
    withoutStep,
    unnamed,
  };
}

/**
 * The names of steps, with the type of span if events of several types have the
 * name: "launched (rundir.try)".
 */
export function stepNames(
  steps: readonly { name: string; type: unknown }[],
): string[] {
  const types = new Map<string, Set<string>>();
  for (const { name, type } of steps) {
    types.getOrInsertComputed(name, () => new Set()).add(String(type));
  }
  // The last two parts of a type, if they distinguish it from the others.
  const short = (type: string) => type.split(".").slice(-2).join(".");
  const areClear = new Map(
    types.entries().map(([name, own]) => [
      name,
      new Set(own.values().map(short)).size === own.size,
    ]),
  );
  return steps.map(({ name, type }) => {
    if (types.get(name)!.size === 1) return name;
    const shown = String(type);
    return `${name} (${areClear.get(name) ? short(shown) : shown})`;
  });
}

// Names of activities, even if spans never leave them.
const goingOn =
  /^(?:in|on|at|waiting)\b|^(?:.*[ ._])?(?:unsched|pending|waiting|queued|launched|submitted|running|running_ended|joining|started|invoked|active|busy|idle)$/i;

/** How often spans reach each step, and the steps that they end in. */
export function stepEntries({ span, step, steps, spans, length }: StepRows) {
  const entries = new Float64Array(steps.length);
  const rankSum = new Float64Array(steps.length);
  const ends = new Float64Array(steps.length);
  const rank = new Uint32Array(spans.length);
  const last = new Int32Array(spans.length).fill(-1);
  for (let i = 0; i < length; i++) {
    const [s, now] = [span[i]!, step[i]!];
    // Some versions of Parsl write a state twice.
    if (last[s] === now) continue;
    last[s] = now;
    if (now < 0) continue;
    entries[now]!++;
    rankSum[now]! += rank[s]!++;
  }
  for (const now of last) if (now >= 0) ends[now]!++;
  return {
    /** Number of times that a span reached each step. */
    entries,
    /** Mean number of steps that a span took before each. */
    meanRank: rankSum.map((sum, s) => sum / entries[s]!),
    /** Whether spans end in a step: most that reach it never leave it. */
    isFinal: steps.map((name, s) =>
      isEnded(name) ?? (ends[s]! * 2 > entries[s]! && !goingOn.test(name))
    ),
  };
}
