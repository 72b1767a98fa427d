// Many files are small. Of the largest, pieces that the caches of a processor hold
// are read fastest.
const firstPiece = 1 << 14;
const largestPiece = 1 << 17;

/** What a file holds, piece by piece. Each piece is an array of its own. */
export function* piecesOf(path: string): Generator<Uint8Array> {
  using file = Deno.openSync(path);
  for (let size = firstPiece;; size = Math.min(8 * size, largestPiece)) {
    const piece = new Uint8Array(size);
    const count = file.readSync(piece);
    if (count === null) return;
    yield piece.subarray(0, count);
  }
}

/**
 * The first bytes, at least so many of them where there are so many, and
 * everything from the start, which can be read once.
 */
export function peek(
  pieces: Iterable<Uint8Array>,
  length: number,
): { start: Uint8Array; all: Iterable<Uint8Array> } {
  const iterator = pieces[Symbol.iterator]();
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
    for (;;) {
      const { value, done } = rest.next();
      if (done) return;
      yield value;
    }
  } finally {
    rest.return?.();
  }
}

/**
 * Pieces as one, if they are not more than that in bytes.
 *
 * @throws {RangeError} if they are more
 */
export function joinedUpTo(
  most: number,
  pieces: Iterable<Uint8Array>,
): Uint8Array {
  const read: Uint8Array[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    bytes += piece.length;
    if (bytes > most) {
      throw new RangeError(`there are more than ${most / 2 ** 20} MiB of it`);
    }
    read.push(piece);
  }
  return joined(read);
}

/** Pieces as one. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const whole = new Uint8Array(
    pieces.reduce((length, piece) => length + piece.length, 0),
  );
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
