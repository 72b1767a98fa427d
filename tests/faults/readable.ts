import { strict as assert } from "node:assert";

// Engine messages that reveal a bug in the program.
const engineMessage =
  /cannot read propert|is not (?:a function|iterable|defined|an object)|is undefined|maximum call stack|invalid array length|cannot convert|invalid time value|invalid date|unexpected token|exceeds? (?:the )?maximum|maximum length|allocation failed|out of memory|cannot mix bigint|no such table|\bundefined\b|\[object/i;

/** Checks that an error message is meant for users and names the file. */
export function assertReadable(message: string, path: string): void {
  assert.doesNotMatch(message, engineMessage);
  assert.ok(message.includes(path), `${message} does not name ${path}`);
}

/** The same for a reason in a report, which has the path in another field. */
export const assertReadableReason = (reason: string, path: string) =>
  assertReadable(`${path}: ${reason}`, path);
