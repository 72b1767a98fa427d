import type { Clock } from "./clock.ts";

/** A time as a log writes it. */
export interface WrittenTime {
  /** Unix seconds, or, where `isLocal`, seconds of the local clock. */
  time: number;
  /** Whether it is a clock time without a zone. */
  isLocal?: boolean;
}

/** Unix seconds of a time by a clock; NaN for no time. */
export const unixTime = (
  written: WrittenTime | undefined,
  clock: Clock,
): number => written?.isLocal ? clock.unix(written.time) : written?.time ?? NaN;

/** Reads a time as logs write it; undefined for other text. */
export function readTime(text: string): WrittenTime | undefined {
  return unixDigits.test(text)
    ? { time: inSeconds(Number(text.replace(",", "."))) }
    : readClockTime(text);
}

// The numbers of digits hold from 1973 or 2001 until 2286.
const unixDigits = /^(?:\d{9,10}|\d{12,13}|\d{15,16}|\d{18,19})(?:[.,]\d+)?$/;

/**
 * A Unix time in seconds: in this century, seconds have 10 digits before the
 * point, milliseconds 13, microseconds 16, nanoseconds 19.
 */
export function inSeconds(time: number): number {
  const size = Math.abs(time);
  return time /
    (size < 1e11 ? 1 : size < 1e14 ? 1e3 : size < 1e17 ? 1e6 : 1e9);
}

const months = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec".split("|");

const clock = String
  .raw`(?<time>\d\d:\d\d):(?<second>[0-5]\d(?:[.,]\d{1,9})?)`;
const zone = String.raw`(?: ?(?<zone>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?`;
const monthName = `(?<month>${months.join("|")})[a-z]*`;

// 2022-08-03 11:26:36,973; 2022/08/03 11:26:36; 20220803T112636Z not.
// 03/Aug/2022:11:26:36 +0200, as web servers write it; Wed, 03 Aug 2022 ...
// Wed Aug  3 11:26:36 2022, as ctime in C does.
const clockForms: readonly RegExp[] = [
  String
    .raw`(?<year>\d{4})[-/](?<month>\d\d)[-/](?<day>\d\d)[ T_]${clock}${zone}`,
  String
    .raw`(?:\w{3}, )?(?<day>\d{1,2})[ /-]${monthName}[ /-](?<year>\d{4})[ :]${clock}${zone}`,
  String
    .raw`(?:\w{3} )?${monthName} +(?<day>\d{1,2}) ${clock}${zone} (?<year>\d{4})`,
].map((form) => new RegExp(`^${form}$`));

/** Reads a date and a time of day, in one of the usual forms. */
export function readClockTime(text: string): WrittenTime | undefined {
  // Most times have the same minute as the one before.
  const minute = text.slice(0, "2026-11-22 10:40:".length);
  const seconds = text.slice(minute.length);
  if (minute === last.minute && /^[0-5]\d\.\d{6}$/.test(seconds)) {
    return { time: last.start + Number(seconds), isLocal: true };
  }
  for (const form of clockForms) {
    const groups = form.exec(text)?.groups;
    if (!groups) continue;
    const { year, month = "", day = "", time, second = "", zone } = groups;
    const number = String(months.indexOf(month) + 1 || month).padStart(2, "0");
    const offset = zone?.replace(/UTC|GMT/, "Z") ?? "Z";
    const start = unixSeconds(
      `${year}-${number}-${day.padStart(2, "0")}T${time}${offset}`,
    );
    if (Number.isNaN(start)) return undefined;
    if (!zone && text.startsWith(year!)) last = { minute, start };
    return { time: start + Number(second.replace(",", ".")), isLocal: !zone };
  }
  return undefined;
}

let last = { minute: "", start: NaN };

/** NaN if there is no such day or minute. */
function unixSeconds(written: string): number {
  try {
    return Temporal.Instant.from(written).epochMilliseconds / 1000;
  } catch {
    return NaN;
  }
}
