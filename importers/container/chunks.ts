import { throwIfInterrupted } from "../../display/interrupt.ts";

// Many files are small; of large ones, chunks that fit into a processor's cache
// are read fastest.
const firstSize = 1 << 14;
const maxSize = 1 << 17;

/** The content of a file. Each chunk has its own buffer. */
export function* chunksOf(path: string): Generator<Uint8Array> {
  using file = Deno.openSync(path);
  for (let size = firstSize;; size = Math.min(8 * size, maxSize)) {
    throwIfInterrupted();
    const chunk = new Uint8Array(size);
    const count = file.readSync(chunk);
    if (count === null) return;
    yield chunk.subarray(0, count);
  }
}

/** Writes chunks to a new file. */
export function writeChunks(path: string, chunks: Iterable<Uint8Array>): void {
  using file = Deno.createSync(path);
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      at += file.writeSync(chunk.subarray(at));
    }
  }
}

/**
 * The first bytes, at least `length` if there are as many, and the chunks from
 * the start, which can be read once.
 */
export function peek(
  chunks: Iterable<Uint8Array>,
  length: number,
): { start: Uint8Array; all: Iterable<Uint8Array> } {
  const iterator = chunks[Symbol.iterator]();
  const read: Uint8Array[] = [];
  let count = 0;
  while (count < length) {
    const { value, done } = iterator.next();
    if (done) break;
    read.push(value);
    count += value.length;
  }
  return { start: joined(read), all: chain(read, iterator) };
}

function* chain(
  read: readonly Uint8Array[],
  rest: Iterator<Uint8Array>,
): Generator<Uint8Array> {
  try {
    yield* read;
    yield* { [Symbol.iterator]: () => rest };
  } finally {
    rest.return?.();
  }
}

/**
 * Yields chunks.
 *
 * @throws {RangeError} as soon as they have more bytes than `max`
 */
export function* upTo(
  max: number,
  chunks: Iterable<Uint8Array>,
): Generator<Uint8Array> {
  let bytes = 0;
  for (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > max) {
      throw new RangeError(`it has more than ${max / 2 ** 20} MiB`);
    }
    yield chunk;
  }
}

/** Joins chunks. */
export function joined(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0]!;
  const whole = new Uint8Array(
    chunks.reduce((length, chunk) => length + chunk.length, 0),
  );
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** Reads part of a file: fewer bytes than `length` only at its end. */
export function bytesAt(
  file: Deno.FsFile,
  offset: number,
  length: number,
): Uint8Array {
  const buffer = new Uint8Array(length);
  file.seekSync(offset, Deno.SeekMode.Start);
  let filled = 0;
  while (filled < length) {
    const count = file.readSync(buffer.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}

/** The first bytes of a file as text, for signatures. */
export const startText = (bytes: Uint8Array): string =>
  new TextDecoder("latin1").decode(bytes.subarray(0, startLength));

/** Number of bytes from which the format of a file is guessed. */
export const startLength = 4096;
