import type { Continued } from "./continuation.ts";
import { isUnreadable } from "./lines.ts";
import type { RecordFields, RecordNumbers } from "./record_fields.ts";
import { type MessageShape, statementShapes } from "./shapes.ts";
import { copyOf } from "./shared_texts.ts";

/** The writer of a line. Lines with equal prefixes may share the object. */
export interface Origin {
  /** Name and number of the process, or its number, as written. */
  process?: string | undefined;
  thread?: string | undefined;
  /** parsl.dataflow.dflow */
  logger?: string | undefined;
  level?: string | undefined;
}

/** A line of a log without its place: the result of reading its beginning. */
export interface LineStart {
  /** Unix seconds, or, where `isLocal`, seconds of the local clock. */
  time: number;
  /** Whether the time has no zone. */
  isLocal?: boolean;
  /** Process and thread, as written. */
  thread?: string;
  origin?: Origin | undefined;
  message: string;
  /** Shape of the message, if known. */
  shape?: MessageShape | undefined;
  /** Members of a JSON record. */
  members?: Record<string, unknown>;
  /** The span that the members name. */
  fields?: RecordFields | undefined;
  /** The numbers that the members give. */
  numbers?: RecordNumbers | undefined;
  /** Text of a JSON record. */
  json?: string;
  /** The lines that continue it. */
  continued?: Continued | undefined;
}

/** A line of a log. */
export interface LogRecord extends LineStart {
  thread: string;
  /** From 1. */
  line: number;
  /** Byte at which the line starts; null for a record without its own line. */
  offset: number | null;
}

/** How lines of a log begin. */
export interface LineBeginning {
  /** Reads a line; undefined if it does not begin as lines do. */
  read(text: string): LineStart | undefined;
  /**
   * Whether any other line is part of a damaged one, rather than a continuation
   * of the line above, such as a traceback.
   */
  isDamaged(text: string): boolean;
  /**
   * Whether a last line without a newline is whole. Without this, it may be half
   * a line and is left out.
   */
  isWhole?(text: string): boolean;
}

/** The two ways that lines of Parsl's text logs begin. */
export const parslBeginning: LineBeginning = {
  read: (text) =>
    isUnreadable(text)
      ? undefined
      : readUnix(text) ?? readLocal(text) ?? readMetricLine(text),
  isDamaged: (text) => isUnreadable(text) || damaged.test(text),
};

// Since 2022-06 (parsl.log) and 2026-01 (HTEX):
// 1795344042.04885 2026-11-22 10:40:42 MainProcess-8690 MainThread-140343 \
//   parsl.dataflow.dflow:726 launch_task INFO: Parsl task 0 ...
// The name of a thread may hold spaces.
const unixStart = /^\d{9,10}\.\d{1,9} /;
const readUnixPrefix = prefixReader(
  ": ",
  /^(?<thread>.+?) (?<statement>(?<logger>[\w.<>]+):\d+ \S+) (?<level>[A-Z]+): /,
);

function readUnix(text: string): LineStart | undefined {
  if (!unixStart.test(text)) return undefined;
  const end = text.indexOf(" ");
  const local = clockSeconds(text, end + 1);
  const start = end + 21;
  if (local === undefined || text[start - 1] !== " ") return undefined;
  const prefix = readUnixPrefix(text, start);
  const time = Number(text.slice(0, end));
  if (!prefix || !(Math.abs(local - time) < maxOffset)) return undefined;
  return recordOf(prefix, time, false, start + prefix.written.length, text);
}

// HTEX until then:
// 2026-11-22 10:40:42.780 interchange:478 HTEX-Interchange(8716) MainThread \
//   process_tasks_to_send [DEBUG]  Sent tasks: ...
// Some monitoring processes name no thread.
const fraction = /^[.,](\d{1,9}) /;
const readLocalPrefix = prefixReader(
  "] ",
  /^(?<statement>(?<logger>[\w.<>]+):\d+) (?:(?<thread>[^[].*?) )?\[(?<level>[A-Z]+)\] /,
);

function readLocal(text: string): LineStart | undefined {
  const [written, digits] = fraction.exec(text.slice(19, 30)) ?? [];
  const local = written && clockSeconds(text, 0);
  if (!local) return undefined;
  const prefix = readLocalPrefix(text, 19 + written.length);
  if (!prefix) return undefined;
  let start = 19 + written.length + prefix.written.length;
  while (text[start] === " ") start++;
  const seconds = text.slice(17, 19);
  const time = local - Number(seconds) + Number(`${seconds}.${digits}`);
  const [behind, name, number] = text[start] === "["
    ? threadBehind.exec(text.slice(start, start + maxThread)) ?? []
    : [];
  if (!behind) return recordOf(prefix, time, true, start, text);
  const thread = number === undefined ? name : `${name}-${number}`;
  const origin = { ...prefix.origin, thread };
  return recordOf(
    { ...prefix, origin },
    time,
    true,
    start + behind.length,
    text,
  );
}

// The database manager names it behind the level, and so did HTEX until 2022-08:
// ... database_manager:278 [DEBUG] [MainThread 140343396315200] Initializing ...
// ... interchange:437 [INFO]  [MAIN] Adding manager: ...
const threadBehind =
  /^\[([A-Z]+(?:[_ ][A-Z]+)*|[^\]]+(?= \d{5,}\]))(?: (\d+))?\] /;
const maxThread = 100;

function recordOf(
  { thread, origin, shapes }: LinePrefix,
  time: number,
  isLocal: boolean,
  start: number,
  text: string,
): LineStart {
  const message = text.slice(start);
  const shape = shapes.of(message);
  // A spread would take as long as all the rest.
  return { time, isLocal, thread, origin, message, shape };
}

// Any program's measurement: 1669383194.39 METRIC STRATEGY htex active_tasks=3
// With a date after the time it is a damaged line of Parsl.
const metricPrefix =
  /^(\d{9,10}(?:\.\d{1,9})?) (?!\d{4}-\d\d-\d\d )(?:.* )?(?=METRIC )/;

function readMetricLine(text: string): LineStart | undefined {
  const [whole, time] = metricPrefix.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return { time: Number(time), message: text.slice(whole.length) };
}

// No zone is further from UTC; a line whose times differ by more is damaged.
const maxOffset = 15 * 3600;

const damaged =
  /^\d{6,}|^\d{4}-\d\d-\d\d |(?:^| )(?:DEBUG|INFO|WARNING|ERROR|CRITICAL): | \[(?:DEBUG|INFO|WARNING|ERROR|CRITICAL)\] /;

const clockTime = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

// Most lines have the same second as the line above: this saves a tenth of the
// time of an import.
let lastWritten = "";
let lastSeconds: number | undefined;

/**
 * Seconds since 1970 of "2026-11-22 10:40:42" at a place in a text, by a local
 * clock; NaN if there is no such date, undefined for other text.
 */
function clockSeconds(text: string, start: number): number | undefined {
  const written = text.slice(start, start + 19);
  if (written !== lastWritten) {
    lastWritten = copyOf(written);
    lastSeconds = clockTime.test(lastWritten)
      ? localSeconds(lastWritten)
      : undefined;
  }
  return lastSeconds;
}

/**
 * Seconds since 1970 of "2026-11-22 10:40:42" by a local clock, NaN if there is
 * no such time.
 */
export const localSeconds = (written: string): number =>
  Date.parse(`${written.replace(" ", "T")}Z`) / 1000;

/** The part of a line between its time and its message. */
interface LinePrefix {
  written: string;
  thread: string;
  origin: Origin;
  shapes: ReturnType<typeof statementShapes>;
  /** The prefix that followed this one last. */
  next?: LinePrefix;
}

/**
 * Reads line prefixes. A cache of them, which repeat in very many lines, saves
 * a tenth of the time of an import. They often follow each other in the same
 * order, and comparing with the expected one takes half as long as looking one
 * up.
 *
 * @param ending ends every prefix and is rarely part of one
 */
function prefixReader(
  ending: string,
  pattern: RegExp,
): (text: string, start: number) => LinePrefix | undefined {
  const known = new Map<string, LinePrefix>();
  const read = (text: string): LinePrefix | undefined => {
    const found = pattern.exec(text);
    if (!found) return undefined;
    const { thread = "", logger, level, statement = "" } = found.groups!;
    const shapes = statementShapes(statement);
    const origin = { ...writerOf(thread), logger, level };
    return { written: found[0], thread, origin, shapes };
  };
  let last: LinePrefix | undefined;
  return (text, start) => {
    const expected = last?.next;
    if (expected) {
      const { written } = expected;
      // startsWith() takes longer than a slice.
      if (text.slice(start, start + written.length) === written) {
        return last = expected;
      }
    }
    const end = text.indexOf(ending, start);
    if (end < 0) return undefined;
    const written = text.slice(start, end + ending.length);
    let prefix = known.get(written);
    if (!prefix) {
      const copy = copyOf(written);
      prefix = read(copy);
      // The name of a thread may contain the ending.
      if (!prefix) return read(text.slice(start));
      if (known.size === maxKnown) known.clear();
      known.set(copy, prefix);
    }
    if (last) last.next = prefix;
    return last = prefix;
  };
}

const maxKnown = 4096;

// "MainProcess-8690 MainThread-140343", "HTEX-Interchange(8716) MainThread
// process_tasks_to_send", where the last word is a function, and "8732
// MainThread". Names of threads may hold spaces.
const writers = [
  /^(?<process>\S+-\d+) (?<thread>.+)$/,
  /^(?<process>\S+\(\d+\)) (?<thread>.+) \S+$/,
  /^(?<process>\d+) (?<thread>.+)$/,
];

function writerOf(text: string): Pick<Origin, "process" | "thread"> {
  for (const writer of writers) {
    const groups = writer.exec(text)?.groups;
    if (groups) return { process: groups.process, thread: groups.thread };
  }
  return { process: undefined, thread: text || undefined };
}
