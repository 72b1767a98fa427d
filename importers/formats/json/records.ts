import {
  basicForm,
  inSeconds,
  readTime,
  type WrittenTime,
} from "../../clock/written_time.ts";
import type { Origin } from "../../lines/prefix.ts";

/** A JSON object, as it was parsed. */
export type Members = Readonly<Record<string, unknown>>;

/** A member by its name, or by a path of names with dots between them. */
export function memberOf(members: Members, name: string): unknown {
  if (Object.hasOwn(members, name)) return members[name];
  let found: unknown = members;
  for (const part of name.split(".")) {
    if (typeof found !== "object" || found === null) return undefined;
    if (!Object.hasOwn(found, part)) return undefined;
    found = (found as Members)[part];
  }
  return found;
}

/** A list; empty for any other value. */
export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : [];

/** A value as canonical text; undefined if there is none. */
export function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/**
 * Parses a line that is a JSON object or array; undefined if it is not, or too
 * deeply nested for SQLite.
 */
export function parseRecord(
  line: string,
): Record<string, unknown> | unknown[] | undefined {
  if (!/^\s*[{[]/.test(line)) return undefined;
  // A byte that is not UTF-8 is no reason to lose the record.
  const text = line.toWellFormed();
  try {
    const value = JSON.parse(text);
    return isTooDeep(text) ? undefined : value;
  } catch {
    return undefined;
  }
}

// https://www.sqlite.org/json1.html: queries of deeper text fail.
const maxDepth = 1000;

/** Whether JSON text is too deeply nested for SQLite. */
export function isTooDeep(text: string): boolean {
  if (text.length <= 2 * maxDepth) return false;
  const openings = text.split("{", maxDepth).length +
    text.split("[", maxDepth).length;
  if (openings < maxDepth) return false;
  let depth = 0;
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]!;
    if (isQuoted && letter === "\\") i++;
    else if (letter === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (letter === "[" || letter === "{") {
      if (++depth >= maxDepth) return true;
    } else if (letter === "]" || letter === "}") depth--;
  }
  return false;
}

const messageNames = ["formatted", "message", "msg", "event", "text"];

/**
 * The message of a record: the member with this name, by default the first of
 * the usual names. Empty if there is none.
 */
export function messageOfRecord(members: Members, name?: string): string {
  const found = name === undefined
    ? messageNames.map((name) => members[name])
      .find((value) => typeof value === "string")
    : memberOf(members, name);
  return textOf(found) ?? "";
}

const timeNames = ["created", "timestamp", "@timestamp", "time", "ts"]
  .concat("asctime", "datetime", "date");

/**
 * The time of a record, from the member with this name, by default the first of
 * the usual names; undefined if there is none.
 */
export function timeOfRecord(
  members: Members,
  name?: string,
  readText?: typeof readTime,
): WrittenTime | undefined {
  if (name !== undefined) return timeOfValue(memberOf(members, name), readText);
  for (const name of timeNames) {
    const time = timeOfValue(members[name], readText);
    if (time) return time;
  }
  return undefined;
}

/** Reads a time that is a number or text. */
export function timeOfValue(
  value: unknown,
  readText = readTime,
): WrittenTime | undefined {
  if (typeof value !== "number" && typeof value !== "string") return undefined;
  const number = value === "" ? NaN : Number(value);
  // Small numbers are seconds, too: a test's clock may start at 0.
  const isWritten = typeof value === "string" && basicForm.test(value);
  if (Number.isNaN(number) || isWritten) return readText(String(value));
  return Number.isFinite(number) ? { time: inSeconds(number) } : undefined;
}

/** The members that `originOf` reads. */
export const originMembers = ["processName", "process", "pid", "threadName"]
  .concat("thread", "logger", "name", "levelname", "level", "severity");

/** The writer of a record, from the members of Python's logging or similar. */
export function originOf(members: Members): Origin | undefined {
  const first = (...names: string[]) =>
    names.map((name) => textOf(members[name])).find(Boolean);
  const both = (name: string, number: string) =>
    [name, number].flatMap((member) => textOf(members[member]) ?? [])
      .join("-") || undefined;
  const origin = {
    process: both("processName", "process") ?? first("pid"),
    thread: both("threadName", "thread"),
    // Any record may have a name.
    logger: first("logger", ...members.levelname === undefined ? [] : ["name"]),
    level: first("levelname", "level", "severity"),
  };
  return Object.values(origin).some(Boolean) ? origin : undefined;
}
