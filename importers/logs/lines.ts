import { createHash } from "node:crypto";
import { joined } from "../files/pieces.ts";

/** What was read of a file, up to its last newline. */
export interface ReadLines {
  lines: number;
  bytes: number;
  /** Of the bytes that were read: SHA-256, in hexadecimal. */
  fingerprint: string;
}

const newline = 10;

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
  // The beginning of a line whose end is in a later piece.
  let begun: Uint8Array[] = [];
  let line = 0;
  let offset = 0;
  for (const piece of pieces) {
    const end = piece.lastIndexOf(newline) + 1;
    if (end === 0) {
      begun.push(piece);
      continue;
    }
    const whole = joined([...begun, piece.subarray(0, end)]);
    begun = end < piece.length ? [piece.subarray(end)] : [];
    hash.update(whole);
    line = splitLines(whole, decoder.decode(whole), line, offset, use);
    offset += whole.length;
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
