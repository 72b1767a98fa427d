/** Reads clock times that say no zone. */
export interface LocalTimeReader {
  /**
   * Unix seconds of "2026-11-22 10:40:42.034571", as Parsl and SQLAlchemy write
   * it (a T for the space, and a zone behind it, are understood too). NaN for
   * what is no such text.
   */
  (text: string): number;
  /** How many times were read that the zone's clock showed twice. */
  readonly ambiguous: number;
}

const clockTime =
  /^(\d{4}-\d\d-\d\d)[ T](\d\d):(\d\d):([0-5]\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * Makes a reader for one zone. Of a time that the clock showed twice, at the
 * end of summer time, the earlier is taken, and counted; a time that it never
 * showed is read as if the clock had not been put forward yet.
 */
export function localTimeReader(timeZone: string): LocalTimeReader {
  // Zones change at full hours of the clock, or at parts of it in quarters.
  const quarters = new Map<string, Quarter>();
  let ambiguous = 0;
  const read = (written: string): number => {
    const parts = clockTime.exec(written);
    if (!parts) return NaN;
    const [, date, hour, minute, second, fraction = "", zone = ""] = parts;
    const within = Number(minute) % 15 * 60 + Number(second) +
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
    if (quarter.isAmbiguous) ambiguous++;
    return quarter.start + within;
  };
  return Object.defineProperty(read, "ambiguous", {
    get: () => ambiguous,
  }) as LocalTimeReader;
}

interface Quarter {
  /** Unix seconds, NaN if there is no such hour or day. */
  start: number;
  isAmbiguous: boolean;
}

const noQuarter: Quarter = { start: NaN, isAmbiguous: false };

function readInstant(text: string): Quarter {
  try {
    const { epochMilliseconds } = Temporal.Instant.from(text);
    return { start: epochMilliseconds / 1000, isAmbiguous: false };
  } catch {
    return noQuarter;
  }
}

function readQuarter(text: string, timeZone: string): Quarter {
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
