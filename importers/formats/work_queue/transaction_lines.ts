import { isTooDeep } from "../json/parse.ts";
import type { LineBeginning, LogRecord } from "../../lines/prefix.ts";
import { isUnreadable } from "../../lines/lines.ts";

// Microseconds, the process of the manager, and what is told of:
// 1795344289464165 11743 TASK 41 RUNNING 127.0.0.1:60920  FIRST_RESOURCES {...}
const start = /^(\d{15,17}) (\d+) (?=[A-Z]+ )/;

/**
 * How the lines of Work Queue's and TaskVine's transaction logs begin. A line
 * with an object that is no JSON is a broken one, whatever comes before.
 */
export const transactionBeginning: LineBeginning = {
  read(text, line, offset): LogRecord | undefined {
    const parts = start.exec(text);
    if (!parts || isUnreadable(text)) return undefined;
    const message = text.slice(parts[0].length);
    if (!mayBeAnything.test(message) && !objectsOf(message)) return undefined;
    return {
      time: Number(parts[1]) / 1e6,
      isLocal: false,
      thread: parts[2]!,
      level: "INFO",
      message,
      line,
      offset,
    };
  },
  // The header explains the format in comments.
  isDamaged: (text) => text !== "" && !text.startsWith("#"),
};

// What the user's program writes, and the name of a file.
const mayBeAnything = /^(?:APPLICATION|TRANSFER) /;

/**
 * The JSON objects at the end of a text, one after the other; undefined if they
 * are none. An object may hold lists, and no other object.
 */
export function objectsOf(
  text: string,
): Record<string, unknown>[] | undefined {
  const begin = text.search(/(?<![^ ])\{/);
  if (begin < 0) return [];
  try {
    const list = `[${text.slice(begin).replace(/\} +\{/g, "},{")}]`;
    return isTooDeep(list) ? undefined : JSON.parse(list);
  } catch {
    return undefined;
  }
}

/** What an object says; undefined if that is nothing. */
export function saidBy(
  object: Record<string, unknown> | undefined,
): Record<string, unknown> | undefined {
  return object && Object.keys(object).length > 0 ? object : undefined;
}
