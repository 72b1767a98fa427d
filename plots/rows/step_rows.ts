import { readChannels, type Rows } from "./channels.ts";
import { Numbering } from "./numbering.ts";
import { type StepChannels, stepChoices } from "./step_channels.ts";
import { timeOrder } from "./time_order.ts";
import { seconds } from "./times.ts";

/** How many rows of steps are left out, and why. */
export interface StepRowsLeft {
  /** How many have no time. */
  withoutTime: number;
  /** How many have no step, though their span is at none that it could leave. */
  withoutStep: number;
  /** How many are events without a name. */
  unnamed: number;
}

/** What of the rows is left out, for what is made of them. */
export const leftOut = (
  { withoutTime, withoutStep, unnamed }: StepRowsLeft,
): StepRowsLeft => ({ withoutTime, withoutStep, unnamed });

/** Rows that say which span came to which step when, in the order of time. */
export interface StepRows extends StepRowsLeft {
  length: number;
  /** In seconds. */
  time: Float64Array;
  /** Each span's own number, from 0. */
  span: Uint32Array;
  /** The place of the step in `steps`; -1 where the span leaves. */
  step: Int32Array;
  /** What the steps are called, in the order in which they are first come to. */
  steps: string[];
  /** What the spans are called, by their numbers. */
  spans: unknown[];
  /** The series of each span, by its number, if they have any. */
  series: unknown[] | undefined;
  /** What the column of the spans is called, where it has a name. */
  spanName: string | undefined;
}

/**
 * Reads rows of steps, and puts them in the order of time: those of
 * `statesOverTime`, `whereIsEveryTask`, `eventsOf`, or any three columns. Rows at
 * equal times keep the order given.
 */
export function stepRows(rows: Rows, channels: StepChannels): StepRows {
  const isAsked = channels.step !== undefined;
  const read = readChannels(rows, {
    span: channels.span ?? stepChoices.span,
    time: channels.time ?? stepChoices.time,
    step: channels.step ?? stepChoices.step,
    series: channels.series ?? null,
    type: isAsked ? null : ["span_type", null],
    named: isAsked ? null : ["named", null],
  });
  const isOfEvents = !isAsked && read.step.name === "event_type";
  const types = isOfEvents ? read.type.values : [];
  const named = isOfEvents ? read.named.values : [];
  const isSeries = channels.series !== undefined;
  const { times, order } = inOrderOfTime(read.time.values);

  const spans = new Numbering<unknown>();
  const names: unknown[] = [];
  const series: unknown[] = [];
  const steps = new StepNames(types);
  // Which spans are at a step now.
  const isThere: boolean[] = [];
  const time = new Float64Array(order.length);
  const span = new Uint32Array(order.length);
  const step = new Int32Array(order.length);
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
    if (name == null && !isThere[spans.known(key) ?? -1]) {
      withoutStep++;
      continue;
    }
    const number = spans.of(key);
    if (number === names.length) {
      names.push(of);
      if (isSeries) series.push(read.series.values[row]);
    }
    isThere[number] = name != null;
    time[length] = times[row]!;
    span[length] = number;
    step[length++] = name == null ? -1 : steps.of(String(name), row);
  }
  return {
    length,
    time: time.subarray(0, length),
    span: span.subarray(0, length),
    step: step.subarray(0, length),
    steps: steps.names(),
    spans: names,
    series: isSeries ? series : undefined,
    spanName: read.span.name,
    withoutTime: times.length - order.length,
    withoutStep,
    unnamed,
  };
}

/** The rows that have a time, in its order. */
function inOrderOfTime(values: readonly unknown[]) {
  const times = Float64Array.from(values, seconds);
  const timed = Uint32Array.from(times.keys())
    .filter((row) => !Number.isNaN(times[row]!));
  const order = timeOrder(Float64Array.from(timed, (row) => times[row]!));
  return { times, order: order.map((place) => timed[place]!) };
}

/** Numbers steps; those of events by the type of their span too. */
class StepNames {
  #types: readonly unknown[];
  #steps = new Map<unknown, Map<string, number>>();
  #named: { name: string; type: string }[] = [];

  constructor(types: readonly unknown[]) {
    this.#types = types;
  }

  of(name: string, row: number): number {
    const type = this.#types[row];
    let own = this.#steps.get(type);
    if (!own) this.#steps.set(type, own = new Map());
    let number = own.get(name);
    if (number === undefined) {
      number = this.#named.push({ name, type: String(type) }) - 1;
      own.set(name, number);
    }
    return number;
  }

  /** An event's name, and whose it is where several types have one of it. */
  names(): string[] {
    const counts = new Map<string, number>();
    for (const { name } of this.#named) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return this.#named.map(({ name, type }) =>
      counts.get(name)! > 1 ? `${name} (${type.replace(/^parsl\./, "")})` : name
    );
  }
}
