import { sha256 } from "./sha256.ts";
import { bytesAt, chunksOf, joined } from "./chunks.ts";
import { maxLine } from "../lines/lines.ts";

/** The content of a file, on disk or in a container. */
export interface Content {
  /** All chunks. Inside a container they can be read only once. */
  chunks(): Iterable<Uint8Array>;
  bytes(): number;
  /**
   * Number of bytes up to and including the last newline, or all if the rest is
   * whole by {@linkcode IsWhole}.
   */
  endOfLines(isWhole?: IsWhole): number;
  /** SHA-256, in hexadecimal, of the first bytes; undefined if unknown. */
  hashOf(bytes: number): string | undefined;
  /** The same for several lengths, in one pass: those that are known. */
  hashesOf(lengths: readonly number[]): string[];
  /** Hash of the first bytes: the same for files that begin alike. */
  head(): string;
}

/** Whether a last line without a newline is whole. */
export type IsWhole = (text: string) => boolean;

/** Bytes in a head: enough for the time of a log's first line. */
export const headLength = 256;

/** The content of a file on disk. */
export const contentOnDisk = (path: string): Content => ({
  chunks: () => chunksOf(path),
  bytes: () => Deno.statSync(path).size,
  endOfLines(isWhole) {
    try {
      return endOfLines(path, isWhole);
    } catch {
      // A disk that fails there may still give the lines before.
      return Deno.statSync(path).size;
    }
  },
  hashOf: (bytes) => hashOf(path, bytes),
  hashesOf: (lengths) => hashesOf(path, lengths),
  head: () => hashOf(path, headLength)!,
});

function endOfLines(path: string, isWhole: IsWhole | undefined): number {
  using file = Deno.openSync(path);
  const { size } = file.statSync();
  const end = lastNewline(file, size) + 1;
  if (!isWhole || end === size || size - end > maxLine) return end;
  const last = decoder.decode(bytesAt(file, end, size - end));
  return isWhole(last) ? size : end;
}

/** The place of the last newline; -1 if there is none. */
function lastNewline(file: Deno.FsFile, size: number): number {
  const length = 1 << 12;
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - length);
    const bytes = bytesAt(file, start, end - start);
    const last = bytes.lastIndexOf(newline);
    if (last >= 0) return start + last;
    end = bytes.length === 0 ? 0 : start;
  }
  return -1;
}

const decoder = new TextDecoder();

const newline = 10;

/** Undefined if the file is shorter, except for a head. */
function hashOf(path: string, bytes: number): string | undefined {
  const hash = sha256();
  let left = bytes;
  for (const chunk of chunksOf(path)) {
    const part = chunk.subarray(0, left);
    hash.update(part);
    left -= part.length;
    if (left === 0) break;
  }
  return left > 0 && bytes !== headLength ? undefined : hash.digest("hex");
}

function hashesOf(path: string, lengths: readonly number[]): string[] {
  const wanted = lengths.toSorted((a, b) => b - a);
  const hashes: string[] = [];
  const hash = sha256();
  let bytes = 0;
  for (let chunk of wanted.length > 0 ? chunksOf(path) : []) {
    while (wanted.length > 0 && wanted.at(-1)! <= bytes + chunk.length) {
      const part = chunk.subarray(0, wanted.pop()! - bytes);
      hashes.push(hash.update(part).copy().digest("hex"));
      bytes += part.length;
      chunk = chunk.subarray(part.length);
    }
    if (wanted.length === 0) break;
    hash.update(chunk);
    bytes += chunk.length;
  }
  return hashes;
}

/** Hashes and sizes gathered in one pass. */
export interface Digest {
  bytes: number;
  endOfLines: number;
  head: string;
  /** By length: of all bytes, up to the end of lines, and of wanted lengths. */
  hashes: ReadonlyMap<number, string>;
}

/**
 * Makes a digest of chunks as they are pushed.
 *
 * @param start the first bytes, at least as many as a head has
 * @param lengths returns, for the head, the lengths whose hashes are wanted
 * @param isWhole whether a last line without a newline belongs to the lines
 */
export function digester(
  start: Uint8Array,
  lengths: (head: string) => readonly number[],
  isWhole?: IsWhole,
): { push(chunk: Uint8Array): void; digest(): Digest } {
  const head = sha256().update(start.subarray(0, headLength)).digest("hex");
  const wanted = lengths(head).toSorted((a, b) => a - b);
  const hashes = new Map<number, string>();
  const hash = sha256();
  let atLine = hash.copy();
  let bytes = 0;
  let endOfLines = 0;
  let last: Uint8Array[] = [];
  const update = (part: Uint8Array) => {
    const length = wanted[0] ?? Infinity;
    const known = part.subarray(0, Math.max(0, length - bytes));
    hash.update(known);
    bytes += known.length;
    if (bytes < length) return;
    wanted.shift();
    hashes.set(length, hash.copy().digest("hex"));
    update(part.subarray(known.length));
  };
  return {
    push(chunk) {
      const end = chunk.lastIndexOf(newline) + 1;
      if (end > 0) {
        update(chunk.subarray(0, end));
        atLine = hash.copy();
        endOfLines = bytes;
        last = [];
      }
      const rest = chunk.subarray(end);
      update(rest);
      if (!isWhole || rest.length === 0) return;
      if (bytes - endOfLines <= maxLine) last.push(rest);
      else last = [];
    },
    digest() {
      hashes.set(endOfLines, atLine.digest("hex"));
      const isAll = last.length > 0 && isWhole!(decoder.decode(joined(last)));
      if (isAll) endOfLines = bytes;
      hashes.set(bytes, hash.digest("hex"));
      return { bytes, endOfLines, head, hashes };
    },
  };
}

/** The content of a second pass. It ends at damage, which the first reported. */
export const contentOf = (
  digest: Digest,
  chunks: Iterable<Uint8Array>,
): Content => ({
  chunks: () => untilDamage(chunks),
  bytes: () => digest.bytes,
  endOfLines: () => digest.endOfLines,
  hashOf: (bytes) => digest.hashes.get(bytes),
  hashesOf: (lengths) =>
    lengths.flatMap((length) => digest.hashes.get(length) ?? []),
  head: () => digest.head,
});

function* untilDamage(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  try {
    yield* chunks;
  } catch {
    // The first pass has reported it.
  }
}
