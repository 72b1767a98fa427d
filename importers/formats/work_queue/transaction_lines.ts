import { isTooDeep } from "../json/records.ts";
import type { LineBeginning } from "../../lines/prefix.ts";
import { isUnreadable } from "../../lines/lines.ts";

// Microseconds, the manager's process number, and the entity:
// 1795344289464165 11743 TASK 41 RUNNING 127.0.0.1:60920  FIRST_RESOURCES {...}
const start = /^(\d{15,17}) (\d+) (?=[A-Z]+ )/;

/**
 * The prefix of lines in transaction logs of Work Queue and TaskVine. A line
 * whose objects are not JSON is broken.
 */
export const transactionBeginning: LineBeginning = {
  read(text) {
    const parts = start.exec(text);
    if (!parts || isUnreadable(text)) return undefined;
    const message = text.slice(parts[0].length);
    if (!isFreeText.test(message) && !objectsOf(message)) return undefined;
    return { time: Number(parts[1]) / 1e6, thread: parts[2]!, message };
  },
  // The header consists of comments.
  isDamaged: (text) => text !== "" && !text.startsWith("#"),
};

// Text of the user's program, and names of files.
const isFreeText = /^(?:APPLICATION|TRANSFER) /;

/**
 * The JSON objects at the end of a text; undefined if they do not parse. None
 * contains another object.
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

/** The object, unless it is empty. */
export function membersOf(
  object: Record<string, unknown> | undefined,
): Record<string, unknown> | undefined {
  return object && Object.keys(object).length > 0 ? object : undefined;
}
