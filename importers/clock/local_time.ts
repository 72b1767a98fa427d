/** Reads clock times without a zone. */
export interface LocalTimeReader {
  /**
   * Unix seconds of "2026-11-22 10:40:42.034571", as Parsl and SQLAlchemy write
   * it; a T instead of the space and a zone are accepted. NaN for other text.
   */
  (text: string): number;
  /** How many times occurred twice on the zone's clock. */
  readonly ambiguous: number;
}

const clockTime =
  /^(\d{4}-\d\d-\d\d)[ T](\d\d):(\d\d):([0-5]\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * Makes a reader for one zone. A time that occurs twice, at the end of summer
 * time, is read as the earlier one and counted; a time that does not occur is
 * read as if summer time had not begun.
 */
export function localTimeReader(timeZone: string): LocalTimeReader {
  // Zones change at quarters of an hour.
  const quarters = new Map<string, PartOfHour>();
  // Reading only the seconds after a known minute takes a third of the time.
  const minutes = new Map<string, PartOfHour>();
  let ambiguous = 0;
  const read = (written: string): number => {
    const minute = minutes.get(written.slice(0, minuteLength));
    const seconds = minute ? plainSeconds(written) : NaN;
    if (Number.isNaN(seconds)) return readAny(written);
    if (minute!.isAmbiguous) ambiguous++;
    return minute!.start + seconds;
  };
  const readAny = (written: string): number => {
    const parts = clockTime.exec(written);
    if (!parts) return NaN;
    const [, date, hour, minute, second, fraction = "", zone = ""] = parts;
    const startOfMinute = Number(minute) % 15 * 60;
    const within = startOfMinute + Number(second) +
      (fraction ? Number(`0.${fraction}`) : 0);
    const start = `${date}T${hour}:${
      String(Math.floor(Number(minute) / 15) * 15).padStart(2, "0")
    }`;
    const text = start + zone;
    let quarter = quarters.get(text);
    if (!quarter) {
      quarter = zone ? readInstant(text) : readQuarter(text, timeZone);
      quarters.set(text, quarter);
    }
    if (!zone) {
      const start = quarter.start + startOfMinute;
      minutes.set(written.slice(0, minuteLength), { ...quarter, start });
    }
    if (quarter.isAmbiguous) ambiguous++;
    return quarter.start + within;
  };
  return Object.defineProperty(read, "ambiguous", {
    get: () => ambiguous,
  }) as LocalTimeReader;
}

const minuteLength = "2026-11-22 10:40:".length;
const plainLength = "2026-11-22 10:40:42.034571".length;

/** Seconds after the minute, in SQLAlchemy's format; NaN for another. */
function plainSeconds(written: string): number {
  if (written.length !== plainLength || written[minuteLength + 2] !== ".") {
    return NaN;
  }
  let microseconds = 0;
  for (let i = minuteLength; i < plainLength; i++) {
    if (i === minuteLength + 2) continue;
    const digit = written.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return NaN;
    microseconds = 10 * microseconds + digit;
  }
  return microseconds < 60e6 ? microseconds / 1e6 : NaN;
}

interface PartOfHour {
  /** Unix seconds; NaN if there is no such hour or day. */
  start: number;
  isAmbiguous: boolean;
}

const noQuarter: PartOfHour = { start: NaN, isAmbiguous: false };

function readInstant(text: string): PartOfHour {
  try {
    const { epochMilliseconds } = Temporal.Instant.from(text);
    return { start: epochMilliseconds / 1000, isAmbiguous: false };
  } catch {
    return noQuarter;
  }
}

function readQuarter(text: string, timeZone: string): PartOfHour {
  try {
    const local = Temporal.PlainDateTime.from(text, { overflow: "reject" });
    const [earlier, later] = (["earlier", "later"] as const).map(
      (disambiguation) =>
        local.toZonedDateTime(timeZone, { disambiguation }).epochMilliseconds,
    );
    const { hour, minute } = local.toZonedDateTime(timeZone);
    const isGap = hour !== local.hour || minute !== local.minute;
    return {
      start: (isGap ? later! : earlier!) / 1000,
      isAmbiguous: !isGap && earlier !== later,
    };
  } catch {
    return noQuarter;
  }
}
