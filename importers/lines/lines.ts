import { isUtf8 } from "node:buffer";
import { joined } from "../container/chunks.ts";
import { sha256 } from "../container/sha256.ts";

const newline = 10;

// A few kilobytes of gzip may contain a longer one.
export const maxLine = 1 << 26;

type UseLine = (text: string, line: number, offset: number) => void;

/**
 * Calls `use` for each line of a file with its number, from 1, and the byte at
 * which it starts, in bounded memory. Marks bytes that are not UTF-8. Of a line
 * that is too long it passes on the first kilobytes with such a mark, so that it
 * counts as broken. Stops soon after `isEnough`.
 *
 * @param isWhole whether a last line without a newline is whole: otherwise, it is
 * skipped, because the program may be writing it
 * @returns how far the file was read, the SHA-256 of these bytes, and how many
 * bytes of a last line were skipped
 */
export function readLines(
  chunks: Iterable<Uint8Array>,
  use: UseLine,
  isEnough: () => boolean = () => false,
  isWhole: (text: string) => boolean = () => false,
): { bytes: number; fingerprint: string; unfinished: number } {
  let hash = sha256();
  const decoder = new TextDecoder();
  // The beginning of a line that ends in a later chunk.
  let begun: Uint8Array[] = [];
  let begunBytes = 0;
  // A line that is skipped, and the hash of the file including it.
  let tooLong: { start: string; hash: typeof hash } | undefined;
  let line = 0;
  let offset = 0;
  for (let chunk of chunks) {
    if (tooLong) {
      const end = chunk.indexOf(newline) + 1 || chunk.length;
      tooLong.hash.update(chunk.subarray(0, end));
      begunBytes += end;
      if (chunk[end - 1] !== newline) continue;
      hash = tooLong.hash;
      use(tooLong.start, ++line, offset);
      offset += begunBytes;
      begunBytes = 0;
      tooLong = undefined;
      chunk = chunk.subarray(end);
    }
    const end = chunk.lastIndexOf(newline) + 1;
    if (end === 0) {
      begun.push(chunk);
      begunBytes += chunk.length;
      if (begunBytes > maxLine) {
        const start = decoder.decode(begun[0]!.subarray(0, 4096));
        tooLong = { start: `${start}${unreadableByte}`, hash: hash.copy() };
        for (const part of begun) tooLong.hash.update(part);
        begun = [];
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
  if (begun.length > 0 && !tooLong && !isEnough()) {
    const last = joined(begun);
    const text = decoder.decode(last);
    if (isWhole(text)) {
      hash.update(last);
      use(text.replace(/\r$/, ""), ++line, offset);
      offset += last.length;
      begunBytes = 0;
    }
  }
  const fingerprint = hash.digest("hex");
  return { bytes: offset, fingerprint, unfinished: begunBytes };
}

function splitLines(
  bytes: Uint8Array,
  text: string,
  line: number,
  offset: number,
  use: UseLine,
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
