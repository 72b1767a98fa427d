import { createHash } from "node:crypto";

/** What was read of a file, up to its last newline. */
export interface ReadLines {
  lines: number;
  bytes: number;
  /** Of the bytes that were read: SHA-256, in hexadecimal. */
  fingerprint: string;
}

const newline = 10;
const bufferSize = 1 << 21;

/**
 * Calls `use` for each line of a file, in order, with its number from 1 and the
 * byte that it starts at. Memory does not grow with the file. A last line
 * without its newline is left for the next import: it may still be written to.
 * Soon after `isEnough` it reads no further.
 */
export function readLines(
  pieces: Iterable<Uint8Array>,
  use: (text: string, line: number, offset: number) => void,
  isEnough: () => boolean = () => false,
): ReadLines {
  const hash = createHash("sha256");
  const decoder = new TextDecoder();
  let buffer = new Uint8Array(bufferSize);
  let filled = 0;
  let line = 0;
  let offset = 0;
  for (const piece of pieces) {
    if (filled + piece.length > buffer.length) {
      buffer = grown(buffer, filled + piece.length);
    }
    buffer.set(piece, filled);
    const last = piece.lastIndexOf(newline);
    const end = last < 0 ? 0 : filled + last + 1;
    filled += piece.length;
    if (end === 0) continue;
    const whole = buffer.subarray(0, end);
    hash.update(whole);
    line = splitLines(whole, decoder.decode(whole), line, offset, use);
    offset += end;
    buffer.copyWithin(0, end, filled);
    filled -= end;
    if (isEnough()) break;
  }
  return { lines: line, bytes: offset, fingerprint: hash.digest("hex") };
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
  let start = 0;
  let startByte = 0;
  while (start < text.length) {
    const end = text.indexOf("\n", start);
    const last = text.charCodeAt(end - 1) === 13 ? end - 1 : end;
    use(
      text.slice(start, Math.max(last, start)),
      ++line,
      offset + (isPlain ? start : startByte),
    );
    start = end + 1;
    if (!isPlain) startByte = bytes.indexOf(newline, startByte) + 1;
  }
  return line;
}

function grown(
  buffer: Uint8Array,
  length: number,
): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(2 * buffer.length, length));
  larger.set(buffer);
  return larger;
}
