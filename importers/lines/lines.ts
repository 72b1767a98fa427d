import type { Hash } from "node:crypto";
import { joined } from "../container/pieces.ts";
import { sha256 } from "../container/sha256.ts";
import { markUnreadable, unreadableByte } from "./unreadable.ts";

/** What was read of a file, up to its last newline. */
export interface ReadLines {
  lines: number;
  bytes: number;
  /** Of the bytes that were read: SHA-256, in hexadecimal. */
  fingerprint: string;
}

const newline = 10;

/** No program logs a line as long. In a few kilobytes of gzip may be a longer one. */
const longestLine = 1 << 26;

/**
 * Calls `use` for each line of a file, in order, with its number from 1 and the
 * byte that it starts at. Memory does not grow with the file. A last line
 * without its newline is left for the next import: it may still be written to.
 * A byte that is of no text is marked. Of a line that is too long for any memory
 * the first kilobytes are given, and such a mark, so that it counts as broken.
 * Soon after `isEnough` it reads no further.
 */
export function readLines(
  pieces: Iterable<Uint8Array>,
  use: (text: string, line: number, offset: number) => void,
  isEnough: () => boolean = () => false,
): ReadLines {
  let hash = sha256();
  const decoder = new TextDecoder();
  // The beginning of a line whose end is in a later piece.
  let begun: Uint8Array[] = [];
  let begunBytes = 0;
  let tooLong: TooLong | undefined;
  let line = 0;
  let offset = 0;
  for (let piece of pieces) {
    if (tooLong) {
      const end = piece.indexOf(newline) + 1;
      tooLong.add(end === 0 ? piece : piece.subarray(0, end));
      if (end === 0) continue;
      hash = tooLong.hash;
      use(tooLong.start, ++line, offset);
      offset += tooLong.bytes;
      tooLong = undefined;
      piece = piece.subarray(end);
    }
    const end = piece.lastIndexOf(newline) + 1;
    if (end === 0) {
      begun.push(piece);
      begunBytes += piece.length;
      if (begunBytes > longestLine) {
        tooLong = new TooLong(hash, begun);
        begun = [];
        begunBytes = 0;
      }
      continue;
    }
    const whole = joined([...begun, piece.subarray(0, end)]);
    begun = end < piece.length ? [piece.subarray(end)] : [];
    begunBytes = piece.length - end;
    hash.update(whole);
    line = splitLines(whole, decoder.decode(whole), line, offset, use);
    offset += whole.length;
    if (isEnough()) break;
  }
  return { lines: line, bytes: offset, fingerprint: hash.digest("hex") };
}

/** A line that is not held, until its end. */
class TooLong {
  /** Of the file up to here: it counts once the line has its end. */
  readonly hash: Hash;
  /** What is given of the line. */
  readonly start: string;
  bytes = 0;

  constructor(before: Hash, begun: readonly Uint8Array[]) {
    this.hash = before.copy();
    const start = begun[0]!.subarray(0, 4096);
    this.start = `${new TextDecoder().decode(start)}${unreadableByte}`;
    for (const piece of begun) this.add(piece);
  }

  add(piece: Uint8Array): void {
    this.hash.update(piece);
    this.bytes += piece.length;
  }
}

function splitLines(
  bytes: Uint8Array,
  text: string,
  line: number,
  offset: number,
  use: (text: string, line: number, offset: number) => void,
): number {
  // As long as the bytes: then each byte is one character, so that places in
  // the text are places in the file.
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
