import type { Reading } from "../formats/format.ts";
import type { LineRef, SpanWriter } from "../store/span_writer.ts";
import type { LogRecord } from "./prefix.ts";
import type { RecordNumbers } from "./record_fields.ts";
import type { MessageShape } from "./shapes.ts";

/**
 * Adds to a reader of any log the METRIC lines, which it does not see then.
 *
 * @param shared attributes, from the path, of every span in the log
 */
export function withMetrics(
  writer: SpanWriter,
  shared: Record<string, string>,
  read: (record: LogRecord) => boolean,
): (record: LogRecord) => Reading {
  const readAny = (record: LogRecord): Reading => {
    const line = readMetricLine(writer, shared, record);
    return line ?? (read(record) ? "matched" : "unmatched");
  };
  const unmatched = new WeakSet<MessageShape>();
  return (record) => {
    // Any member of a JSON record may matter to a rule.
    const shape = record.members ? undefined : record.shape;
    if (shape && unmatched.has(shape)) return "unmatched";
    const reading = readAny(record);
    // The reader removes the shape if it may know other messages of it.
    if (shape && record.shape && reading === "unmatched") unmatched.add(shape);
    return reading;
  };
}

/** Writes the numbers that a column can hold: not nan, inf, 1e999. */
export function writeNumbers(
  writer: SpanWriter,
  id: number,
  metric: string,
  numbers: RecordNumbers["numbers"],
  record: LineRef,
): Reading {
  const finite = numbers.filter(([, value]) => Number.isFinite(value));
  for (const [name, value] of finite) {
    writer.metric(id, metric, name, value, record);
  }
  return finite.length === numbers.length ? "matched" : "malformed";
}

/**
 * Patterns of lines with numbers worth a plot, by the family of the numbers;
 * some are for single versions. Named groups capture the numbers; an empty
 * capture is 0. A group whose name ends in `_gap` is empty, too: its number is
 * how many seconds passed since the span's last line with that group.
 */
export type NumberLines = Readonly<Record<string, readonly RegExp[]>>;

/**
 * Reads the numbers in lines of a log; the first matching pattern counts. Writes
 * them as metrics of a span, which is created only then. False for a line
 * without numbers, and for JSON records that name their numbers themselves.
 */
export function numberReader(
  writer: SpanWriter,
  lines: NumberLines,
): (span: () => number, record: LogRecord) => boolean {
  const known = Object.entries(lines).flatMap(([metric, patterns]) =>
    patterns.map((pattern) => ({ metric, pattern }))
  );
  const lastTimes = new Map<string, number>();
  return (span, record) => {
    for (const { metric, pattern } of known) {
      const groups = pattern.exec(record.message)?.groups;
      if (!groups) continue;
      if (record.numbers) return false;
      const id = span();
      for (const name in groups) {
        const text = groups[name];
        let value = Number(text);
        if (name.endsWith("_gap")) {
          const place = `${id} ${name}`;
          value = record.time - (lastTimes.get(place) ?? NaN);
          lastTimes.set(place, record.time);
        }
        if (text === undefined || Number.isNaN(value)) continue;
        writer.metric(id, metric, name, value, record);
      }
      return true;
    }
    return false;
  };
}

// ... METRIC STRATEGY htex_Local active_tasks=3 running_blocks=2
// The type of a span, its id, and named numbers.
const metricLine = /(?:^|\s)METRIC (\S+) (\S+) (.*)$/s;

// The attribute that the id stands for, named as in spans of other components.
const identities: ReadonlyMap<string, string> = new Map([
  ["COUNTED_DEPS", "task"],
  ["GATHERED_DEPS", "task"],
  ["STRATEGY", "executor"],
  ["parsl.rundir.task", "task"],
  ["parsl.executor", "executor"],
]);

/**
 * Reads METRIC lines: each names a type of span, the id of one, unique in its
 * log, and numbers; the type is the family of the numbers too. A line with a
 * number that cannot be stored counts as malformed; the others are kept.
 * Undefined for other lines.
 */
function readMetricLine(
  writer: SpanWriter,
  shared: Record<string, string>,
  record: LogRecord,
): Reading | undefined {
  if (!record.message.includes("METRIC ")) return undefined;
  const [, type, name, pairs] = metricLine.exec(record.message) ?? [];
  // In the pattern, this would be searched for after each METRIC.
  if (!pairs?.includes("=")) return undefined;
  const attribute = identities.get(type!);
  // These ids are the same throughout the run.
  const place = attribute ? { rundir: shared.rundir! } : shared;
  const id = writer.kind(type!, place, [attribute ?? "id"]).id(name!);
  writer.message(id, record.message, record);
  const numbers = pairs.trim().split(/\s+/).map((pair) => {
    const [, number = "", text = ""] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
    return [number, numberIn(text) ?? NaN] as const;
  });
  return writeNumbers(writer, id, type!, numbers, record);
}

/** Numbers by name, NaN for a value that is none. Empty values are left out. */
export const namedNumbers = (
  values: readonly (readonly [name: string, value: unknown])[],
): RecordNumbers["numbers"] =>
  values.filter(([, value]) => (value ?? "") !== "")
    .map(([name, value]) => [name, numberIn(String(value)) ?? NaN]);

/** A number as programs write it, "3", "-1.5e-07" or "nan". */
export const numberIn = (text: string): number | undefined =>
  /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i.test(text)
    ? Number(text)
    : /^[-+]?(?:nan|inf(?:inity)?)$/i.test(text)
    ? NaN
    : undefined;
