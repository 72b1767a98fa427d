import { copyOf } from "../../display/text/copy_of.ts";
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
    : readClockTime(text.replace(basicForm, "$1-$2-$3 $4:$5:$6$7"));
}

/**
 * The basic format of ISO 8601, 20220803T112636.973Z, and the one of NetLogger
 * before 2006, 20220803112636.973. No Unix time since 1973 has fourteen digits.
 */
export const basicForm =
  /^((?:19|20)\d\d)(\d\d)(\d\d)T?(\d\d)(\d\d)(\d\d(?:[.,]\d{1,9})?)(Z|[+-]\d{4})?$/;

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
// JavaScript's toLocaleString() puts a narrow space before AM and PM.
const halfClock = String
  .raw`(?<hour>\d\d?):(?<minute>\d\d)(?::(?<second>[0-5]\d(?:[.,]\d{1,9})?))?[ \u00a0\u202f]?(?<half>[AaPp])\.?[Mm]\.?`;
const zone = String.raw`(?: ?(?<zone>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?`;
const monthName = `(?<month>${months.join("|")})[a-z]*`;

// 2022-08-03 11:26:36,973; 2022/08/03 11:26:36.
// 03/Aug/2022:11:26:36 +0200, as web servers write it; Wed, 03 Aug 2022 ...
// Wed Aug  3 11:26:36 2022, as ctime in C does.
const clockForms: readonly RegExp[] = [
  String
    .raw`(?<year>\d{4})[-/](?<month>\d\d)[-/](?<day>\d\d)[ T_]${clock}${zone}`,
  String
    .raw`(?:\w{3}, )?(?<day>\d{1,2})[ /-]${monthName}[ /-](?<year>\d{4})[ :]${clock}${zone}`,
  String
    .raw`(?:\w{3} )?${monthName} +(?<day>\d{1,2}) ${clock}${zone} (?<year>\d{4})`,
  // Twelve-hour clocks, with the month first between slashes, as in America:
  // 8/3/2022 9:26:40 PM; 2022-08-03 09:26:40 PM; Aug 3, 2022, 9:26:40 PM.
  String
    .raw`(?<year>\d{4})[-/](?<month>\d\d?)[-/](?<day>\d\d?),?[ T_]${halfClock}${zone}`,
  String
    .raw`(?<month>\d\d?)/(?<day>\d\d?)/(?<year>\d{4}),? ${halfClock}${zone}`,
  String
    .raw`(?:\w{3,9}, )?(?<day>\d\d?)[ -]${monthName}[ -](?<year>\d{4}),? ${halfClock}${zone}`,
  String
    .raw`(?:\w{3,9},? )?${monthName} +(?<day>\d\d?),? (?<year>\d{4}),? ${halfClock}${zone}`,
  String
    .raw`(?:\w{3} )?${monthName} +(?<day>\d\d?) ${halfClock}${zone} (?<year>\d{4})`,
].map((form) => new RegExp(`^${form}$`));

/** Reads a date and a time of day, in one of the usual forms. */
export function readClockTime(text: string): WrittenTime | undefined {
  // Most times have the same minute as others shortly before.
  const minute = text.slice(0, minuteLength);
  const known = starts.get(minute);
  if (known !== undefined) {
    const seconds = plainSeconds(text);
    if (!Number.isNaN(seconds)) return { time: known + seconds, isLocal: true };
  }
  for (const form of clockForms) {
    const groups = form.exec(text)?.groups;
    if (!groups) continue;
    const { year, month = "", day = "", second = "", zone, half } = groups;
    const time = half === undefined ? groups.time : timeOfHalf(groups);
    const number = String(months.indexOf(month) + 1 || month).padStart(2, "0");
    const offset = zone?.replace(/UTC|GMT/, "Z") ?? "Z";
    const start = unixSeconds(
      `${year}-${number}-${day.padStart(2, "0")}T${time}${offset}`,
    );
    if (Number.isNaN(start)) return undefined;
    if (!zone && !half && text.startsWith(year!)) {
      if (starts.size === maxStarts) starts.clear();
      starts.set(copyOf(minute), start);
    }
    return { time: start + Number(second.replace(",", ".")), isLocal: !zone };
  }
  return undefined;
}

/** "9:26" PM as "21:26"; no time for an hour beyond 12. */
function timeOfHalf(
  { hour, minute, half }: Record<string, string | undefined>,
): string {
  const number = Number(hour);
  if (number < 1 || number > 12) return "";
  const hours = number % 12 + (/p/i.test(half!) ? 12 : 0);
  return `${String(hours).padStart(2, "0")}:${minute}`;
}

/**
 * Reads the times of one log. If they have no year, as in syslog, the first is
 * in `year`, and each of the others in the first year in which it is less than a
 * month before the time above: a log may go on in January.
 */
export function timeReader(
  year?: number,
): (text: string) => WrittenTime | undefined {
  if (year === undefined) return readTime;
  let earliest = -Infinity;
  let years = [year];
  return (text) => {
    const known = readTime(text);
    if (known || !withoutYear.test(text)) return known;
    const found = years.values().map((year) => readClockTime(`${text} ${year}`))
      .find((written) => written && written.time > earliest);
    if (!found) return undefined;
    earliest = found.time - 30 * 86_400;
    const last = new Date(found.time * 1000).getUTCFullYear();
    years = [last - 1, last, last + 1];
    return found;
  };
}

/** "Aug  3 11:26:36", as in syslog. */
export const withoutYear =
  /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})?$/;

/** By minute, as it is written, the seconds of the clock at its start. */
const starts = new Map<string, number>();
const maxStarts = 1024;

const minuteLength = "2026-11-22 10:40:".length;
const plainLength = "2026-11-22 10:40:42.034571".length;

/** The seconds of a time that is as long as SQLAlchemy writes it; or NaN. */
function plainSeconds(text: string): number {
  if (text.length !== plainLength || text[minuteLength + 2] !== ".") return NaN;
  let microseconds = 0;
  for (let i = minuteLength; i < plainLength; i++) {
    if (i === minuteLength + 2) continue;
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return NaN;
    microseconds = 10 * microseconds + digit;
  }
  return microseconds < 60e6 ? microseconds / 1e6 : NaN;
}

/** NaN if there is no such day or minute. */
function unixSeconds(written: string): number {
  try {
    return Temporal.Instant.from(written).epochMilliseconds / 1000;
  } catch {
    return NaN;
  }
}
