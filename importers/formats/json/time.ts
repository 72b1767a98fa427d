import { timeReader, type WrittenTime } from "../../clock/written_time.ts";
import { memberOf, type Members } from "./members.ts";

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
): WrittenTime | undefined {
  if (name !== undefined) return readTime(memberOf(members, name));
  for (const name of usual) {
    const time = readTime(members[name]);
    if (time) return time;
  }
  return undefined;
}

const readText = timeReader();

/** A moment, as a number or as text. */
export function readTime(value: unknown): WrittenTime | undefined {
  if (typeof value === "number") return unixTime(value);
  if (typeof value !== "string" || value === "") return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? readText(value) : unixTime(number);
}

// Seconds of this century have 10 digits before the point, milliseconds 13,
// microseconds 16, nanoseconds 19. In JSON a number may have any size: a clock
// of a test starts at 0.
function unixTime(value: number): WrittenTime | undefined {
  if (!Number.isFinite(value)) return undefined;
  const size = Math.abs(value);
  const unit = size < 1e11 ? 1 : size < 1e14 ? 1e3 : size < 1e17 ? 1e6 : 1e9;
  return { time: value / unit, isLocal: false };
}
