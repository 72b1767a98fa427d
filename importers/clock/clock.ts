import { localTimeReader } from "./local_time.ts";

/** Reads the clock of a machine, which says no zone. */
export interface Clock {
  /** Unix seconds of so many seconds of the local clock. */
  unix(local: number): number;
  /** How it reads: "UTC-05:00, as parsl.log shows", for a report. */
  readonly name: string;
  /** How many times were read that the clock showed twice, and could be either. */
  readonly ambiguous: number;
}

/** A clock of a zone of the IANA database. */
export function zoneClock(timeZone: string): Clock {
  const read = localTimeReader(timeZone);
  return {
    unix(local) {
      // To the second by the zone; the fraction as it is.
      const second = Math.floor(local);
      const text = new Date(second * 1000).toISOString().slice(0, 19);
      return read(text) + (local - second);
    },
    name: timeZone,
    get ambiguous() {
      return read.ambiguous;
    },
  };
}

/** From when on a clock was how far from UTC. */
export interface ClockOffset {
  /** The earliest that it may have been so, in Unix seconds. */
  since: number;
  /** When it was so for certain. The same, if it is known when it changed. */
  shown: number;
  /** Seconds that the clock is ahead of UTC. */
  offset: number;
}

/**
 * How far a clock is ahead of UTC that shows so many local seconds at a Unix
 * time: zones are whole quarters of an hour.
 */
export const offsetBetween = (unix: number, local: number): number =>
  Math.round((local - unix) / 900) * 900;

/** What a log of the submitting process shows of the clock on the wall. */
export interface ShownClock {
  offsets: ClockOffset[];
  /** The first Unix time of the log. */
  first: number;
  /** The last Unix time of the log. */
  last: number;
  /** The log, if it is not parsl.log. */
  by?: string;
}

/** A clock as such a log shows it. */
export function shownClock(
  { offsets, first, last, by = "parsl.log" }: ShownClock,
): Clock {
  let ambiguous = 0;
  // How far from the time that the log is about.
  const distance = (time: number) => Math.max(first - time, time - last, 0);
  const readings = (local: number) =>
    offsets.flatMap(({ offset }, i) => {
      const time = local - offset;
      const until = offsets[i + 1]?.shown ?? Infinity;
      const since = i === 0 ? -Infinity : offsets[i]!.since;
      return time >= since && time < until ? [time] : [];
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
      return times[distances.indexOf(Math.min(...distances))]!;
    },
    name: offsets.map(({ offset }) => nameOf(offset)).join(", then ") +
      `, as ${by} shows`,
    get ambiguous() {
      return ambiguous;
    },
  };
}

/** -18000 as "UTC-05:00". */
function nameOf(offset: number): string {
  if (offset === 0) return "UTC";
  const minutes = Math.round(Math.abs(offset) / 60);
  const pad = (value: number) => String(value).padStart(2, "0");
  return `UTC${offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}:${
    pad(minutes % 60)
  }`;
}
