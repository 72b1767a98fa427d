import { sha256 } from "./sha256.ts";
import { bytesAt, chunksOf } from "./chunks.ts";

/** The content of a file, on disk or in a container. */
export interface Content {
  /** All chunks. Inside a container they can be read only once. */
  chunks(): Iterable<Uint8Array>;
  bytes(): number;
  /** Number of bytes up to and including the last newline. */
  endOfLines(): number;
  /** SHA-256, in hexadecimal, of the first bytes; undefined if unknown. */
  hashOf(bytes: number): string | undefined;
  /** Hash of the first bytes: the same for files that begin alike. */
  head(): string;
}

/** Bytes in a head: enough for the time of a log's first line. */
export const headLength = 256;

/** The content of a file on disk. */
export const contentOnDisk = (path: string): Content => ({
  chunks: () => chunksOf(path),
  bytes: () => Deno.statSync(path).size,
  endOfLines() {
    try {
      return endOfLines(path);
    } catch {
      // A disk that fails there may still give the lines before.
      return Deno.statSync(path).size;
    }
  },
  hashOf: (bytes) => hashOf(path, bytes),
  head: () => hashOf(path, headLength)!,
});

/** The number of bytes up to the last newline. */
function endOfLines(path: string): number {
  using file = Deno.openSync(path);
  const length = 1 << 12;
  for (let end = file.statSync().size; end > 0;) {
    const start = Math.max(0, end - length);
    const bytes = bytesAt(file, start, end - start);
    const last = bytes.lastIndexOf(newline);
    if (last >= 0) return start + last + 1;
    end = bytes.length === 0 ? 0 : start;
  }
  return 0;
}

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

/** Hashes and sizes gathered in one pass. */
export interface Digest {
  bytes: number;
  endOfLines: number;
  head: string;
  /** By length: of all bytes, up to the last newline, and of wanted lengths. */
  hashes: ReadonlyMap<number, string>;
}

/**
 * Makes a digest of chunks as they are pushed.
 *
 * @param start the first bytes, at least as many as a head has
 * @param lengths returns, for the head, the lengths whose hashes are wanted
 */
export function digester(
  start: Uint8Array,
  lengths: (head: string) => readonly number[],
): { push(chunk: Uint8Array): void; digest(): Digest } {
  const head = sha256().update(start.subarray(0, headLength)).digest("hex");
  const wanted = lengths(head).toSorted((a, b) => a - b);
  const hashes = new Map<number, string>();
  const hash = sha256();
  let atLine = hash.copy();
  let bytes = 0;
  let endOfLines = 0;
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
      }
      update(chunk.subarray(end));
    },
    digest() {
      hashes.set(endOfLines, atLine.digest("hex"));
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
  head: () => digest.head,
});

function* untilDamage(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  try {
    yield* chunks;
  } catch {
    // The first pass has reported it.
  }
}
