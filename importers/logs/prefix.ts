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
  /** From 1. */
  line: number;
  /** The byte that the line starts at; null where it has no line of its own. */
  offset: number | null;
  /** Of a JSON record: its members. */
  members?: Record<string, unknown>;
  /** Of a JSON record: its text. */
  json?: string;
}

// Since 2022-06 (parsl.log) and 2026-01 (HTEX):
// 1795344042.04885 2026-11-22 10:40:42 MainProcess-8690 MainThread-140343 \
//   parsl.dataflow.dflow:726 launch_task INFO: Parsl task 0 ...
// The name of a thread may hold spaces.
const unixPrefix =
  /^(\d{9,10}\.\d{1,9}) (\d{4}-\d\d-\d\d) (\d\d):(\d\d):(\d\d) (.+?) ([\w.<>]+):\d+ \S+ ([A-Z]+): /;

// HTEX before:
// 2026-11-22 10:40:42.780 interchange:478 HTEX-Interchange(8716) MainThread \
//   process_tasks_to_send [DEBUG]  Sent tasks: ...
// The processes of the monitoring name no thread there.
const localPrefix =
  /^(\d{4}-\d\d-\d\d) (\d\d):(\d\d):(\d\d)[.,](\d{1,9}) [\w.<>]+:\d+ (?:([^[].*?) )?\[([A-Z]+)\] +/;

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
  isDamaged: (text) => damaged.test(text),
};

function readRecord(
  text: string,
  line: number,
  offset: number,
): LogRecord | undefined {
  if (unreadable.test(text)) return undefined;
  const unix = unixPrefix.exec(text);
  if (unix) {
    const [whole, said, date, hour, minute, second, thread, logger, level] =
      unix;
    const time = Number(said);
    const local = localSeconds(date!, hour!, minute!, Number(second));
    if (!(Math.abs(local - time) < furthest)) return undefined;
    return {
      time,
      isLocal: false,
      thread: thread!,
      logger: logger!,
      level: level!,
      message: text.slice(whole.length),
      line,
      offset,
    };
  }
  const local = localPrefix.exec(text);
  if (!local) return readMetricLine(text, line, offset);
  const [whole, date, hour, minute, second, fraction] = local;
  const seconds = Number(`${second}.${fraction}`);
  const time = localSeconds(date!, hour!, minute!, seconds);
  if (Number.isNaN(time)) return undefined;
  return {
    time,
    isLocal: true,
    thread: local[6] ?? "",
    level: local[7]!,
    message: text.slice(whole.length),
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

// A byte that was lost, or is of no text.
const unreadable = /[\0\ufffd]/;

// No zone is further from UTC: where the two times of a line are, one is broken.
const furthest = 15 * 3600;

const damaged =
  /[\0\ufffd]|^\d{6,}|^\d{4}-\d\d-\d\d |(?:^| )(?:DEBUG|INFO|WARNING|ERROR|CRITICAL): | \[(?:DEBUG|INFO|WARNING|ERROR|CRITICAL)\] /;

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
