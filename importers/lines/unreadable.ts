import { isUtf8 } from "node:buffer";

/**
 * Whether a line has a byte that was lost, or one of no text: what
 * `markUnreadable` puts there.
 */
export const isUnreadable = (text: string): boolean =>
  text.includes("\0") || !text.isWellFormed();

/** What stands for a byte of no text: half of a letter, which no text has. */
export const unreadableByte = "\udfff";

/**
 * A line of which each byte that is no text was decoded as U+FFFD, with a mark
 * for these instead. A program may have written U+FFFD itself.
 *
 * @param bytes what the line was decoded from
 */
export const markUnreadable = (text: string, bytes: Uint8Array): string =>
  text.includes("\ufffd") && !isUtf8(bytes)
    ? text.replaceAll("\ufffd", unreadableByte)
    : text;
