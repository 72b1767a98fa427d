import type { Reading } from "../formats/format.ts";
import type { SpanKind } from "../store/span_table.ts";
import type { SpanWriter } from "../store/span_writer.ts";
import type { LogRecord } from "./prefix.ts";
import type { MessageShape } from "./shapes.ts";

/** The span that a JSON record with numbers is about, as its id. */
type SubjectOf = (members: Record<string, unknown>) => number;

/**
 * Adds to a reader of any log the METRIC lines, which it does not see then, and
 * the numbers that JSON records name themselves.
 *
 * @param shared attributes, from the path, of every span in the log
 */
export function withMetrics(
  writer: SpanWriter,
  shared: Record<string, string>,
  subjectOf: SubjectOf,
  read: (record: LogRecord) => Reading,
): (record: LogRecord) => Reading {
  const readMetricLine = metricLineReader(writer, shared);
  const readAny = (record: LogRecord): Reading => {
    const line = readMetricLine(record);
    if (line) return line;
    const own = numbersOfRecord(record);
    if (!own) return read(record);
    const id = subjectOf(record.members!);
    for (const [name, value] of own.numbers) {
      writer.metric(id, own.metric, name, value, record);
    }
    read(record);
    return own.isBroken ? "malformed" : "matched";
  };
  const unmatched = new WeakSet<MessageShape>();
  return (record) => {
    // Any member of a JSON record may matter to a rule.
    const shape = record.members ? undefined : record.shape;
    if (shape && unmatched.has(shape)) return "unmatched";
    const reading = readAny(record);
    if (shape && reading === "unmatched") unmatched.add(shape);
    return reading;
  };
}

/** Lines with numbers worth a plot, in the words of some versions. */
interface NumberLine {
  /** Its named groups name the numbers. */
  pattern: RegExp;
  /** The family of the numbers. */
  metric: string;
  /** Numbers that the line implies without a digit. */
  also?: Readonly<Record<string, number>>;
  /** Name of the gap: seconds since the span's last line with the same name. */
  since?: string;
}

/** Lines whose numbers are of one family, by their patterns. */
export const numberLines = (
  metric: string,
  patterns: readonly RegExp[],
): NumberLine[] => patterns.map((pattern) => ({ metric, pattern }));

/** Lines that end a gap, by the names of the gaps. */
export const gapLines = (
  metric: string,
  patterns: Readonly<Record<string, RegExp>>,
): NumberLine[] =>
  Object.entries(patterns)
    .map(([since, pattern]) => ({ metric, since, pattern }));

/**
 * Writes the numbers of a line as metrics of a span, which is created only
 * then. False for a line without numbers.
 */
type NumberReader = (span: () => number, record: LogRecord) => boolean;

/**
 * Reads the numbers in lines of a log; the first matching pattern counts. Skips
 * JSON records that name their numbers themselves.
 */
export function numberReader(
  writer: SpanWriter,
  lines: readonly NumberLine[],
): NumberReader {
  const named = lines.map((line) => ({
    ...line,
    names: Array.from(
      line.pattern.source.matchAll(/\(\?<(\w+)>/g),
      ([, name]) => name!,
    ),
    also: Object.entries(line.also ?? {}),
  }));
  const lastTimes = new Map<string, number>();
  const writeGap = (
    id: number,
    metric: string,
    since: string,
    at: LogRecord,
  ) => {
    const last = lastTimes.get(`${id} ${since}`);
    lastTimes.set(`${id} ${since}`, at.time);
    if (last !== undefined) {
      writer.metric(id, metric, since, at.time - last, at);
    }
  };
  return (span, record) => {
    for (const line of named) {
      const match = line.pattern.exec(record.message);
      if (!match) continue;
      if (numbersOfRecord(record)) return false;
      const id = span();
      for (const name of line.names) {
        const value = match.groups![name];
        if (value === undefined) continue;
        writer.metric(id, line.metric, name, Number(value), record);
      }
      for (const [name, value] of line.also) {
        writer.metric(id, line.metric, name, value, record);
      }
      if (line.since) writeGap(id, line.metric, line.since, record);
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
function metricLineReader(
  writer: SpanWriter,
  shared: Record<string, string>,
): (record: LogRecord) => Reading | undefined {
  const kinds = new Map<string, SpanKind>();
  const kindOf = (type: string): SpanKind => {
    let kind = kinds.get(type);
    if (!kind) {
      const name = identities.get(type);
      // These ids are the same throughout the run.
      const place = name ? { rundir: shared.rundir! } : shared;
      kind = writer.kind(type, place, [name ?? "id"]);
      kinds.set(type, kind);
    }
    return kind;
  };
  return (record) => {
    if (!record.message.includes("METRIC ")) return undefined;
    const parts = metricLine.exec(record.message);
    // In the pattern, this would be searched for after each METRIC.
    if (!parts?.[3]?.includes("=")) return undefined;
    const [, type, name, said] = parts as unknown as string[];
    const id = kindOf(type!).id(name!);
    writer.message(id, record.message, record);
    let isBroken = false;
    for (const pair of said!.trim().split(/\s+/)) {
      const [, number, text] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
      const value = text === undefined ? undefined : numberOf(text);
      if (value === undefined) isBroken = true;
      else writer.metric(id, type!, number!, value, record);
    }
    return isBroken ? "malformed" : "matched";
  };
}

/**
 * The numbers of a JSON record with a member `metric`, as the observability
 * prototype writes them, possibly as text:
 * {"metric": "managers_count", "interesting": "0", "ready": "1"}.
 */
function numbersOfRecord({ members }: LogRecord):
  | {
    /** The family of the numbers. */
    metric: string;
    numbers: [name: string, value: number][];
    /** Whether some numbers cannot be stored. */
    isBroken: boolean;
  }
  | undefined {
  if (typeof members?.metric !== "string") return undefined;
  const numbers: [string, number][] = [];
  let isBroken = false;
  for (const [name, value] of Object.entries(members)) {
    if (commonMembers.has(name) || /(?:^|_)id$/.test(name)) continue;
    if (typeof value !== "string" && typeof value !== "number") continue;
    const text = String(value);
    const number = numberOf(text);
    if (number !== undefined) numbers.push([name, number]);
    else if (isNotFinite(text)) isBroken = true;
  }
  if (!isBroken && numbers.length === 0) return undefined;
  return { metric: members.metric, numbers, isBroken };
}

// What Python's logging and Parsl's formatters add to every record.
const commonMembers = new Set(
  ("name msg args levelname levelno pathname filename module exc_info " +
    "exc_text stack_info lineno funcName funcname created msecs " +
    "relativeCreated thread threadName processName process taskName message " +
    "asctime repr formatted known_keys metric").split(" "),
);

const decimal = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

/**
 * A number as programs write it, "3" or "-1.5e-07"; undefined for other text
 * and for numbers that a column cannot hold: nan, inf, 1e999.
 */
function numberOf(text: string): number | undefined {
  const value = decimal.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

const isNotFinite = (text: string): boolean =>
  /^[-+]?(?:nan|inf(?:inity)?)$/i.test(text) ||
  (decimal.test(text) && numberOf(text) === undefined);
