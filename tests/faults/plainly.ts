import { strict as assert } from "node:assert";

// What engines say of a mistake in a program, and not of a file.
const inside =
  /cannot read propert|is not (?:a function|iterable|defined|an object)|is undefined|maximum call stack|invalid array length|cannot convert|invalid time value|invalid date|unexpected token|exceeds? (?:the )?maximum|maximum length|allocation failed|out of memory|cannot mix bigint|no such table|\bundefined\b|\[object/i;

/** Checks that a message is one for a reader, and says which file it is about. */
export function assertPlain(message: string, path: string): void {
  assert.doesNotMatch(message, inside);
  assert.ok(message.includes(path), `${message} does not name ${path}`);
}

/** The same of what a report says of a file, which names it beside that. */
export const assertPlainReason = (reason: string, path: string) =>
  assertPlain(`${path}: ${reason}`, path);
