/** Converts times of a machine's clock without a zone. */
export interface Clock {
  /** Unix seconds for seconds of the local clock. */
  unix(local: number): number;
  /** For reports: "UTC-05:00, as parsl.log shows". */
  readonly name: string;
  /** How many times occurred twice on the clock. */
  readonly ambiguous: number;
}

/**
 * A clock of a zone of the IANA database. A time that occurs twice, at the end
 * of summer time, is read as the earlier one and counted; a time that does not
 * occur is read as if summer time had not begun.
 */
export function zoneClock(timeZone: string): Clock {
  // Zones change at quarters of an hour.
  const quarters = new Map<number, { ahead: number; isAmbiguous: boolean }>();
  let ambiguous = 0;
  const readQuarter = (start: number) => {
    const local = Temporal.Instant.fromEpochMilliseconds(start * 1000)
      .toZonedDateTimeISO("UTC").toPlainDateTime();
    const [time, later] = (["compatible", "later"] as const).map(
      (disambiguation) =>
        local.toZonedDateTime(timeZone, { disambiguation }).epochMilliseconds,
    );
    return { ahead: start - time! / 1000, isAmbiguous: time !== later };
  };
  return {
    unix(local) {
      if (!Number.isFinite(local)) return NaN;
      const start = Math.floor(local / 900) * 900;
      const quarter = quarters.getOrInsertComputed(start, readQuarter);
      if (quarter.isAmbiguous) ambiguous++;
      return local - quarter.ahead;
    },
    name: timeZone,
    get ambiguous() {
      return ambiguous;
    },
  };
}

/**
 * The zone of this machine, or the text of the variable TZ if Temporal does not
 * know it. Deno reads times as UTC if TZ has no name of a zone, such as
 * "EST5EDT,M3.2.0,M11.1.0".
 *
 * Supports the offsets without daylight saving time of POSIX.1-2024, section
 * 8.3.
 */
export function localZone(): string {
  const { state } = Deno.permissions.querySync({ name: "env", variable: "TZ" });
  const text = state === "granted" ? Deno.env.get("TZ") : undefined;
  if (text === undefined) {
    const zone = Temporal.Now.timeZoneId();
    return zone === "Etc/Unknown" ? "UTC" : zone;
  }
  const name = text.replace(/^:/, "").replace(/^\/.*\/zoneinfo\//, "");
  const [, sign, hours, minutes = ":00"] =
    /^(?:[A-Za-z]{3,}|<[\w+-]+>)([+-]?)(\d\d?)(:\d\d)?$/.exec(name) ?? [];
  // POSIX counts hours behind UTC.
  return hours === undefined
    ? name || "UTC"
    : (sign === "-" ? "+" : "-") + hours.padStart(2, "0") + minutes;
}

/** An offset of a clock from UTC, and when it began. */
export interface ClockOffset {
  /** Earliest possible beginning, in Unix seconds. */
  since: number;
  /** First time it is seen; equal to `since` if the change is known exactly. */
  shown: number;
  /** Seconds ahead of UTC. */
  offset: number;
}

/** Offset of a clock showing `local` at a Unix time, in quarters of an hour. */
export const offsetBetween = (unix: number, local: number): number =>
  Math.round((local - unix) / 900) * 900;

/** The clock of the submitting host, as a log of its process shows it. */
export interface ShownClock {
  offsets: ClockOffset[];
  /** The first Unix time of the log. */
  first: number;
  /** The last Unix time of the log. */
  last: number;
  /** Name of the log, if not parsl.log. */
  by?: string;
}

/** The clock that a log shows. */
export function shownClock(
  { offsets, first, last, by = "parsl.log" }: ShownClock,
): Clock {
  let ambiguous = 0;
  // Distance from the period of the log.
  const distance = (time: number) => Math.max(first - time, time - last, 0);
  const readings = (local: number) =>
    offsets.map(({ offset }) => local - offset).filter((time, i) => {
      const until = offsets[i + 1]?.shown ?? Infinity;
      const since = i === 0 ? -Infinity : offsets[i]!.since;
      return time >= since && time < until;
    });
  return {
    unix(local) {
      if (offsets.length === 1) return local - offsets[0]!.offset;
      const times = readings(local);
      if (times.length < 2) {
        return times[0] ?? local - offsets.at(-1)!.offset;
      }
      const distances = times.map(distance);
      if (distances.filter((far) => far === 0).length !== 1) ambiguous++;
      return times[distances.indexOf(distances.toSorted((a, b) => a - b)[0]!)]!;
    },
    name: offsets.map(({ offset }) => offsetName(offset)).join(", then ") +
      `, as ${by} shows`,
    get ambiguous() {
      return ambiguous;
    },
  };
}

/** -18000 as "UTC-05:00". */
function offsetName(offset: number): string {
  if (offset === 0) return "UTC";
  const size = new Date(Math.abs(offset) * 1000).toISOString().slice(11, 16);
  return `UTC${offset < 0 ? "-" : "+"}${size}`;
}
