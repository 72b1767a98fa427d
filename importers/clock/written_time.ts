import { localTimeReader } from "./local_time.ts";

/** A time as a log writes it. */
export interface WrittenTime {
  /** Unix seconds, or, where `isLocal`, seconds of the local clock. */
  time: number;
  /** Whether it is a clock time without a zone. */
  isLocal: boolean;
}

/** Reads times as logs write them; undefined for other text. */
export type TimeReader = (text: string) => WrittenTime | undefined;

/** Makes a reader; `seconds`, if given, reads other formats. */
export function timeReader(
  seconds?: (time: string) => number,
): TimeReader {
  if (seconds) {
    return (text) => {
      const time = Number(seconds(text));
      return Number.isFinite(time) ? { time, isLocal: false } : undefined;
    };
  }
  // The zone is applied later.
  const readClock = localTimeReader("UTC");
  return (text) => {
    const unix = unixTime.exec(text);
    if (unix) {
      const [, whole, fraction = "0"] = unix;
      const time = Number(`${whole}.${fraction}`) * unitOf(whole!);
      return { time, isLocal: false };
    }
    const clock = clockTime(text);
    if (!clock) return undefined;
    const time = readClock(clock.text);
    return Number.isNaN(time) ? undefined : { time, isLocal: clock.isLocal };
  };
}

// The numbers of digits hold from 1973 or 2001 until 2286.
const unixTime = /^(\d{9,10}|\d{12,13}|\d{15,16}|\d{18,19})(?:[.,](\d+))?$/;

// Multiplying is less exact than dividing, by less than a microsecond.
const unitOf = (whole: string): number =>
  whole.length < 12
    ? 1
    : whole.length < 15
    ? 1e-3
    : whole.length < 18
    ? 1e-6
    : 1e-9;

const months = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec".split("|");

const clock = String.raw`(?<clock>\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)`;
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

/** A clock time in the format of `localTimeReader`. */
function clockTime(
  text: string,
): { text: string; isLocal: boolean } | undefined {
  for (const form of clockForms) {
    const { year, month, day, clock, zone } = form.exec(text)?.groups ?? {};
    if (year === undefined) continue;
    const number = months.indexOf(month!) + 1 || month!;
    const date = [year, number, day]
      .map((part) => String(part).padStart(2, "0")).join("-");
    const offset = zone === undefined
      ? ""
      : /^[+-]\d\d$/.test(zone)
      ? `${zone}:00`
      : zone.replace(/UTC|GMT/, "Z");
    return { text: `${date}T${clock}${offset}`, isLocal: !zone };
  }
  return undefined;
}
