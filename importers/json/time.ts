import { localTimeReader } from "../local_time.ts";
import { memberOf, type Members } from "./members.ts";

/** When a record was made. */
export interface RecordTime {
  /** Unix seconds, or, where `isLocal`, seconds of the local clock. */
  time: number;
  isLocal: boolean;
}

/** Members in which programs write when a record was made. */
const usual = [
  "created",
  "timestamp",
  "@timestamp",
  "time",
  "ts",
  "asctime",
  "datetime",
  "date",
];

/**
 * Reads when a record was made from the member of a name, or, without one, from
 * the first of those that programs usually write it in; undefined if it says
 * no time.
 */
export function timeOfRecord(
  members: Members,
  name?: string,
): RecordTime | undefined {
  if (name !== undefined) return readTime(memberOf(members, name));
  for (const name of usual) {
    const time = readTime(members[name]);
    if (time) return time;
  }
  return undefined;
}

const readClock = localTimeReader("UTC");
const zone = /(?:Z|[+-]\d\d:?\d\d)$/;

/** A moment, as a number or as text. */
export function readTime(value: unknown): RecordTime | undefined {
  if (typeof value === "number") return unixTime(value);
  if (typeof value !== "string" || value === "") return undefined;
  const number = Number(value);
  if (!Number.isNaN(number)) return unixTime(number);
  const time = readClock(value);
  if (Number.isNaN(time)) return undefined;
  return { time, isLocal: !zone.test(value) };
}

// Seconds of this century have 10 digits before the point, milliseconds 13,
// microseconds 16, nanoseconds 19.
function unixTime(value: number): RecordTime | undefined {
  if (!Number.isFinite(value)) return undefined;
  const size = Math.abs(value);
  const unit = size < 1e11 ? 1 : size < 1e14 ? 1e3 : size < 1e17 ? 1e6 : 1e9;
  return { time: value / unit, isLocal: false };
}
