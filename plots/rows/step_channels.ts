import {
  type Channel,
  isColumnTable,
  readChannels,
  type Rows,
} from "./channels.ts";
import { seconds } from "./times.ts";

/** Which columns say what came to which step when. */
export interface StepChannels {
  /** What goes through steps: any value that tells spans apart. First column. */
  span?: Channel | undefined;
  /** When it came to the step, in seconds. Second column. */
  time?: Channel | undefined;
  /**
   * What the step is called. Third column; of rows that `eventsOf` gives, the
   * type of the event, with that of the span where several have it; events
   * without a name are left out then.
   */
  step?: Channel | undefined;
  /** Which series a span belongs to: a run. Each has its own colour. */
  series?: Channel | undefined;
}

/** Rows that say which span came to which step when, in the order of time. */
export interface StepRows {
  length: number;
  time: Float64Array;
  /** Each span's own number, from 0. */
  span: Int32Array;
  spans: number;
  /** The place of the step in `names`. */
  step: Int32Array;
  names: string[];
  /** The series of each span, by the number of the span. */
  series: unknown[] | undefined;
  /** How many rows have no time, or no step. */
  withoutTime: number;
  /** How many rows of `eventsOf` are lines that have no name. */
  unnamed: number;
}

/** Reads the rows, and puts them in the order of time. */
export function stepRows(rows: Rows, channels: StepChannels): StepRows {
  const held = isColumnTable(rows) || Array.isArray(rows) ? rows : [...rows];
  const isOfEvents = channels.step === undefined &&
    ["span_type", "event_type"].every((name) => columnsOf(held).includes(name));
  const read = readChannels(held, {
    span: channels.span,
    time: channels.time,
    step: isOfEvents ? "event_type" : channels.step,
    series: channels.series ?? null,
    type: isOfEvents ? "span_type" : null,
    named: isOfEvents && columnsOf(held).includes("named") ? "named" : null,
  });
  const times = Float64Array.from(read.time.values, seconds);
  const order = Uint32Array.from(
    times.keys().filter((i) =>
      !Number.isNaN(times[i]) && read.step.values[i] != null &&
      read.named.values[i] !== 0
    ),
  ).sort((a, b) => times[a]! - times[b]! || a - b);
  const unnamed = read.named.values.filter((named) => named === 0).length;
  const spans = new Map<unknown, number>();
  const steps = new Map<string, number>();
  const series: unknown[] = [];
  const result = {
    length: order.length,
    time: new Float64Array(order.length),
    span: new Int32Array(order.length),
    step: new Int32Array(order.length),
  };
  const isSeries = channels.series !== undefined;
  order.forEach((row, i) => {
    const of = read.span.values[row];
    // Spans of two runs may have the same number.
    const key = isSeries ? `${read.series.values[row]}\n${of}` : of;
    const span = numberOf(spans, key);
    if (isSeries) series[span] ??= read.series.values[row];
    const name = String(read.step.values[row]);
    const type = isOfEvents ? `\n${read.type.values[row]}` : "";
    result.time[i] = times[row]!;
    result.span[i] = span;
    result.step[i] = numberOf(steps, name + type);
  });
  return {
    ...result,
    spans: spans.size,
    names: labelsOf([...steps.keys()], isOfEvents),
    series: isSeries ? Array.from(series) : undefined,
    withoutTime: read.length - order.length - unnamed,
    unnamed,
  };
}

function columnsOf(rows: Rows): string[] {
  if (isColumnTable(rows)) return rows.columnNames();
  const [first] = rows;
  return first && !Array.isArray(first) ? Object.keys(first) : [];
}

function numberOf<Key>(numbers: Map<Key, number>, key: Key): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}

/** An event's name, and whose it is where several types have one of the name. */
function labelsOf(keys: readonly string[], isOfEvents: boolean): string[] {
  if (!isOfEvents) return [...keys];
  const parts = keys.map((key) => {
    const end = key.lastIndexOf("\n");
    return [key.slice(0, end), key.slice(end + 1)] as const;
  });
  const types = new Map<string, number>();
  for (const [name] of parts) types.set(name, (types.get(name) ?? 0) + 1);
  return parts.map(([name, type]) =>
    types.get(name)! > 1 ? `${name} (${type.replace(/^parsl\./, "")})` : name
  );
}
