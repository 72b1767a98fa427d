import { isUtf8 } from "node:buffer";
import type { Hash } from "node:crypto";
import { joined } from "../container/chunks.ts";
import { sha256 } from "../container/sha256.ts";

/** How far a file was read: up to its last newline. */
interface ReadLines {
  lines: number;
  bytes: number;
  /** SHA-256 of these bytes, in hexadecimal. */
  fingerprint: string;
}

const newline = 10;

// A few kilobytes of gzip may contain a longer one.
const maxLine = 1 << 26;

/**
 * Calls `use` for each line of a file with its number, from 1, and the byte at
 * which it starts, in bounded memory. Skips a last line without newline, which
 * may still be written to. Marks bytes that are not UTF-8. Of a line that is too
 * long it passes on the first kilobytes with such a mark, so that it counts as
 * broken. Stops soon after `isEnough`.
 */
export function readLines(
  chunks: Iterable<Uint8Array>,
  use: (text: string, line: number, offset: number) => void,
  isEnough: () => boolean = () => false,
): ReadLines {
  let hash = sha256();
  const decoder = new TextDecoder();
  // The beginning of a line that ends in a later chunk.
  let begun: Uint8Array[] = [];
  let begunBytes = 0;
  let tooLong: TooLong | undefined;
  let line = 0;
  let offset = 0;
  for (let chunk of chunks) {
    if (tooLong) {
      const end = chunk.indexOf(newline) + 1;
      tooLong.add(end === 0 ? chunk : chunk.subarray(0, end));
      if (end === 0) continue;
      hash = tooLong.hash;
      use(tooLong.start, ++line, offset);
      offset += tooLong.bytes;
      tooLong = undefined;
      chunk = chunk.subarray(end);
    }
    const end = chunk.lastIndexOf(newline) + 1;
    if (end === 0) {
      begun.push(chunk);
      begunBytes += chunk.length;
      if (begunBytes > maxLine) {
        tooLong = new TooLong(hash, begun);
        begun = [];
        begunBytes = 0;
      }
      continue;
    }
    const whole = joined([...begun, chunk.subarray(0, end)]);
    begun = end < chunk.length ? [chunk.subarray(end)] : [];
    begunBytes = chunk.length - end;
    hash.update(whole);
    line = splitLines(whole, decoder.decode(whole), line, offset, use);
    offset += whole.length;
    if (isEnough()) break;
  }
  return { lines: line, bytes: offset, fingerprint: hash.digest("hex") };
}

/** Skips a line without keeping it. */
class TooLong {
  /** Hash of the file including the line, used once the line has ended. */
  readonly hash: Hash;
  /** The part of the line that is passed on. */
  readonly start: string;
  bytes = 0;

  constructor(before: Hash, begun: readonly Uint8Array[]) {
    this.hash = before.copy();
    const start = begun[0]!.subarray(0, 4096);
    this.start = `${new TextDecoder().decode(start)}${unreadableByte}`;
    for (const chunk of begun) this.add(chunk);
  }

  add(chunk: Uint8Array): void {
    this.hash.update(chunk);
    this.bytes += chunk.length;
  }
}

function splitLines(
  bytes: Uint8Array,
  text: string,
  line: number,
  offset: number,
  use: (text: string, line: number, offset: number) => void,
): number {
  // With equal lengths, places in the text are places in the file.
  const isPlain = text.length === bytes.length;
  const mayBeUnreadable = text.includes("\ufffd");
  let start = 0;
  let startByte = 0;
  while (start < text.length) {
    const end = text.indexOf("\n", start);
    const last = text.charCodeAt(end - 1) === 13 ? end - 1 : end;
    const one = text.slice(start, Math.max(last, start));
    const endByte = isPlain ? end : bytes.indexOf(newline, startByte);
    const known = mayBeUnreadable
      ? markUnreadable(one, bytes.subarray(startByte, endByte))
      : one;
    use(known, ++line, offset + startByte);
    start = end + 1;
    startByte = endByte + 1;
  }
  return line;
}

/** Whether a line contains a NUL or a byte that `markUnreadable` marked. */
export const isUnreadable = (text: string): boolean =>
  text.includes("\0") || !text.isWellFormed();

/** Stands for a byte that is not UTF-8: half a surrogate pair. */
const unreadableByte = "\udfff";

/** Replaces U+FFFD by a mark, unless the program wrote it itself. */
const markUnreadable = (text: string, bytes: Uint8Array): string =>
  text.includes("\ufffd") && !isUtf8(bytes)
    ? text.replaceAll("\ufffd", unreadableByte)
    : text;
