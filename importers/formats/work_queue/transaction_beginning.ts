import { isUnreadable } from "../../lines/lines.ts";
import type { LineBeginning } from "../../lines/prefix.ts";
import { objectsOf } from "./task_lines.ts";

// Microseconds, the manager's process number, and the entity:
// 1795344289464165 11743 TASK 41 RUNNING 127.0.0.1:60920  FIRST_RESOURCES {...}
const start = /^(\d{15,17}) (\d+) (?=[A-Z]+ )/;

/** A line whose objects are not JSON is broken. */
export const transactionBeginning: LineBeginning = {
  read(text) {
    const parts = start.exec(text);
    if (!parts || isUnreadable(text)) return undefined;
    const message = text.slice(parts[0].length);
    if (!isFreeText.test(message) && !objectsOf(message)) return undefined;
    const [, microseconds, process] = parts;
    const time = Number(microseconds) / 1e6;
    return { time, thread: process!, origin: { process }, message };
  },
  // The header consists of comments.
  isDamaged: (text) => text !== "" && !text.startsWith("#"),
};

// Text of the user's program, and names of files.
const isFreeText =
  /^(?:APPLICATION|TRANSFER|WORKER \S+ (?:CACHE[-_]UPDATE|TRANSFER)) /;
