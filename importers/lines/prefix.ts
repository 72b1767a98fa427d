import { copyOf, type MessageForm } from "./message_form.ts";
import { headingReader } from "./heading.ts";
import { standsAt } from "./stands_at.ts";
import { isUnreadable } from "./unreadable.ts";

/** A line of a log. */
export interface LogRecord {
  /** Unix seconds, or, where `isLocal`, seconds of the local clock. */
  time: number;
  /** Whether the line says local time without a zone. */
  isLocal: boolean;
  /** The process and the thread, as they are written. */
  thread: string;
  /** The logger, where the line names it: parsl.dataflow.dflow. */
  logger?: string;
  level: string;
  message: string;
  /** What it has in common with others, where that is known. */
  form?: MessageForm | undefined;
  /** From 1. */
  line: number;
  /** The byte that the line starts at; null where it has no line of its own. */
  offset: number | null;
  /** Of a JSON record: its members. */
  members?: Record<string, unknown>;
  /** Of a JSON record: its text. */
  json?: string;
}

/** How the lines of a log begin. */
export interface LineBeginning {
  /** Reads a line; undefined if it does not begin as lines do. */
  read(text: string, line: number, offset: number): LogRecord | undefined;
  /**
   * Whether a line that does not is the rest of a damaged one, and not one
   * that continues the line above, as tracebacks do.
   */
  isDamaged(text: string): boolean;
}

/** The two ways in which lines of Parsl's own text logs begin. */
export const parslBeginning: LineBeginning = {
  read: readRecord,
  isDamaged: (text) => isUnreadable(text) || damaged.test(text),
};

function readRecord(
  text: string,
  line: number,
  offset: number,
): LogRecord | undefined {
  if (isUnreadable(text)) return undefined;
  return readUnix(text, line, offset) ?? readLocal(text, line, offset) ??
    readMetricLine(text, line, offset);
}

// Since 2022-06 (parsl.log) and 2026-01 (HTEX):
// 1795344042.04885 2026-11-22 10:40:42 MainProcess-8690 MainThread-140343 \
//   parsl.dataflow.dflow:726 launch_task INFO: Parsl task 0 ...
// The name of a thread may hold spaces.
const readUnixHeading = headingReader({
  ending: ": ",
  pattern: /^(.+?) ([\w.<>]+)(:\d+ \S+ )([A-Z]+): /,
  read: ([, thread, logger, , level]) => ({
    ...{ thread: thread!, logger, level: level! },
  }),
  statement: ([, , logger, place]) => logger! + place,
});

function readUnix(
  text: string,
  line: number,
  offset: number,
): LogRecord | undefined {
  const end = endOfUnixTime(text);
  if (end === 0) return undefined;
  const local = clockSeconds(text, end + 1);
  const start = end + 21;
  if (local === undefined || text.charCodeAt(start - 1) !== space) {
    return undefined;
  }
  const heading = readUnixHeading(text, start);
  if (!heading) return undefined;
  const time = Number(text.slice(0, end));
  if (!(Math.abs(local - time) < furthest)) return undefined;
  const message = text.slice(start + heading.length);
  // No spread: it takes as long as the rest.
  return {
    time,
    isLocal: false,
    thread: heading.thread,
    logger: heading.logger,
    level: heading.level,
    message,
    form: heading.forms?.of(message),
    line,
    offset,
  };
}

/** Where a Unix time ends that the text begins with, as Parsl writes it. */
function endOfUnixTime(text: string): number {
  const at = endOfDigits(text, 0);
  if (at < 9 || at > 10 || text.charCodeAt(at) !== point) return 0;
  const end = endOfDigits(text, at + 1);
  const digits = end - at - 1;
  return digits > 0 && digits < 10 && text.charCodeAt(end) === space ? end : 0;
}

const space = 32;
const point = 46;

function endOfDigits(text: string, start: number): number {
  let end = start;
  for (let code; (code = text.charCodeAt(end)) >= 48 && code <= 57;) end++;
  return end;
}

// HTEX before:
// 2026-11-22 10:40:42.780 interchange:478 HTEX-Interchange(8716) MainThread \
//   process_tasks_to_send [DEBUG]  Sent tasks: ...
// The processes of the monitoring name no thread there.
const readLocalHeading = headingReader({
  ending: "] ",
  pattern: /^([\w.<>]+:\d+ )(?:([^[].*?) )?\[([A-Z]+)\] /,
  read: ([, , thread = "", level]) => ({ thread, level: level! }),
  statement: ([, place]) => place!,
});

function readLocal(
  text: string,
  line: number,
  offset: number,
): LogRecord | undefined {
  if (text[19] !== "." && text[19] !== ",") return undefined;
  const end = endOfDigits(text, 20);
  if (end === 20 || end > 29 || text[end] !== " ") return undefined;
  const minute = clockSeconds(`${text.slice(0, 17)}00`, 0);
  if (minute === undefined || Number.isNaN(minute)) return undefined;
  const seconds = text.slice(17, 19);
  if (!/^\d\d$/.test(seconds)) return undefined;
  const heading = readLocalHeading(text, end + 1);
  if (!heading) return undefined;
  let start = end + 1 + heading.length;
  while (text[start] === " ") start++;
  const message = text.slice(start);
  const time = minute + Number(`${seconds}.${text.slice(20, end)}`);
  return {
    time,
    isLocal: true,
    thread: heading.thread,
    logger: undefined,
    level: heading.level,
    message,
    form: heading.forms?.of(message),
    line,
    offset,
  };
}

// A line of any program, with a Unix time and a number that it measured:
// 1669383194.39 METRIC STRATEGY htex active_tasks=3
// What has a date after the time is a line of Parsl, and damaged.
const metricPrefix =
  /^(\d{9,10}(?:\.\d{1,9})?) (?!\d{4}-\d\d-\d\d )(?:.* )?(?=METRIC )/;

function readMetricLine(
  text: string,
  line: number,
  offset: number,
): LogRecord | undefined {
  const [whole, time] = metricPrefix.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return {
    time: Number(time),
    isLocal: false,
    thread: "",
    level: "",
    message: text.slice(whole.length),
    line,
    offset,
  };
}

// No zone is further from UTC: where the two times of a line are, one is broken.
const furthest = 15 * 3600;

const damaged =
  /^\d{6,}|^\d{4}-\d\d-\d\d |(?:^| )(?:DEBUG|INFO|WARNING|ERROR|CRITICAL): | \[(?:DEBUG|INFO|WARNING|ERROR|CRITICAL)\] /;

const clockTime = /^(\d{4}-\d\d-\d\d) (\d\d):(\d\d):(\d\d)$/;

// Lines of one second follow each other.
let stamp = "";
let stampSeconds: number | undefined;

/**
 * Seconds since 1970 of "2026-11-22 10:40:42" at a place in a text, by a local
 * clock; NaN if there is no such date, undefined of other text.
 */
function clockSeconds(text: string, start: number): number | undefined {
  if (stamp !== "" && standsAt(text, stamp, start)) return stampSeconds;
  const written = copyOf(text.slice(start, start + 19));
  const [, date, hour, minute, second] = clockTime.exec(written) ?? [];
  if (second === undefined) return undefined;
  stamp = written;
  stampSeconds = localSeconds(date!, hour!, minute!, Number(second));
  return stampSeconds;
}

// Lines of one day follow each other.
let day = "";
let seconds = NaN;

/** Seconds of a local clock since 1970, NaN if there is no such date. */
export function localSeconds(
  date: string,
  hour: string,
  minute: string,
  second: number,
): number {
  return daySeconds(date) + Number(hour) * 3600 + Number(minute) * 60 + second;
}

function daySeconds(date: string): number {
  if (date !== day) {
    day = date;
    seconds = Date.parse(`${date}T00:00:00Z`) / 1000;
  }
  return seconds;
}
