import { sha256 } from "./sha256.ts";
import { bytesAt, chunksOf, joined } from "./chunks.ts";

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
  endOfLines: () => endOfLines(path),
  hashOf: (bytes) => hashOf(path, bytes),
  head: () => hashOf(path, headLength)!,
});

/** How many bytes there are up to the last newline. */
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
  using file = Deno.openSync(path);
  const hash = sha256();
  const buffer = new Uint8Array(Math.min(bytes, 1 << 20));
  let left = bytes;
  while (left > 0) {
    const count = file.readSync(buffer.subarray(0, Math.min(left, 1 << 20)));
    if (count === null) break;
    hash.update(buffer.subarray(0, count));
    left -= count;
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
 * Makes a digest of chunks as they pass. `lengths` returns, for the head, the
 * lengths whose hashes are wanted.
 */
export class Digester {
  #hash = sha256();
  #bytes = 0;
  #atLine = this.#hash.copy();
  #endOfLines = 0;
  #start: Uint8Array = new Uint8Array(0);
  #head: string | undefined;
  #wanted: number[] = [];
  #hashes = new Map<number, string>();
  #lengths: (head: string) => readonly number[];

  constructor(lengths: (head: string) => readonly number[]) {
    this.#lengths = lengths;
  }

  push(chunk: Uint8Array): void {
    if (this.#head === undefined) this.#begin(chunk);
    const end = chunk.lastIndexOf(newline) + 1;
    if (end > 0) {
      this.#update(chunk.subarray(0, end));
      this.#atLine = this.#hash.copy();
      this.#endOfLines = this.#bytes;
    }
    this.#update(chunk.subarray(end));
  }

  digest(): Digest {
    if (this.#head === undefined) this.#endHead();
    this.#hashes.set(this.#endOfLines, this.#atLine.digest("hex"));
    this.#hashes.set(this.#bytes, this.#hash.digest("hex"));
    return {
      bytes: this.#bytes,
      endOfLines: this.#endOfLines,
      head: this.#head!,
      hashes: this.#hashes,
    };
  }

  #begin(chunk: Uint8Array): void {
    const missing = headLength - this.#start.length;
    this.#start = joined([this.#start, chunk.slice(0, missing)]);
    if (this.#start.length === headLength) this.#endHead();
  }

  #endHead(): void {
    this.#head = sha256().update(this.#start).digest("hex");
    this.#wanted = [...this.#lengths(this.#head)].sort((a, b) => a - b);
  }

  #update(bytes: Uint8Array): void {
    let rest = bytes;
    while (
      this.#wanted.length && this.#wanted[0]! <= this.#bytes + rest.length
    ) {
      const length = this.#wanted.shift()!;
      const part = rest.subarray(0, Math.max(0, length - this.#bytes));
      this.#hash.update(part);
      this.#bytes += part.length;
      rest = rest.subarray(part.length);
      this.#hashes.set(length, this.#hash.copy().digest("hex"));
    }
    this.#hash.update(rest);
    this.#bytes += rest.length;
  }
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
