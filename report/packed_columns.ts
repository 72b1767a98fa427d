import { withRoom } from "../sql/mod.ts";

/** Integers in as few bytes as they need: a column of a packed page. */
export class PackedIntegers {
  length = 0;
  #bytes = new Uint8Array(1024);
  #end = 0;

  /** Adds an integer of at most 52 bits. */
  push(value: number): void {
    this.length++;
    this.#bytes = withRoom(this.#bytes, this.#end + 8);
    const bytes = this.#bytes;
    // The sign is the lowest bit, so that small numbers are short.
    let rest = value < 0 ? -2 * value - 1 : 2 * value;
    while (rest > 127) {
      bytes[this.#end++] = rest % 128 + 128;
      rest = Math.floor(rest / 128);
    }
    bytes[this.#end++] = rest;
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#end);
  }
}

/** The columns of a packed page, for `unpackColumns`. */
export class PackedColumns {
  readonly #columns: [string, "integer" | "number", number, Uint8Array][] = [];

  /** Adds a column of integers. */
  integers(name: string, values: Iterable<number> | PackedIntegers): void {
    let packed = values;
    if (!(packed instanceof PackedIntegers)) {
      packed = new PackedIntegers();
      for (const value of values as Iterable<number>) packed.push(value);
    }
    this.#columns.push([name, "integer", packed.length, packed.bytes]);
  }

  /** Adds a column of any numbers. */
  numbers(name: string, values: Float64Array): void {
    const { buffer, byteOffset, byteLength } = values;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    this.#columns.push([name, "number", values.length, bytes]);
  }

  /**
   * The page in pieces: the length of the head, the head as JSON, which describes
   * the columns, and the columns.
   */
  *pieces(head: object): Generator<Uint8Array> {
    const columns = this.#columns.map(([name, kind, length, bytes]) =>
      [name, kind, length, bytes.length] as const
    );
    const json = new TextEncoder().encode(JSON.stringify({ ...head, columns }));
    const start = new Uint8Array(4);
    new DataView(start.buffer).setUint32(0, json.length, true);
    yield start;
    yield json;
    for (const [, , , bytes] of this.#columns) yield bytes;
  }
}

/** The differences to the previous value. */
export function* differences(
  values: Int32Array | Float64Array,
): Generator<number> {
  for (let i = 0; i < values.length; i++) {
    yield values[i]! - (values[i - 1] ?? 0);
  }
}

/** The differences to the previous value of the same group. */
export function* sinceLast(
  groups: Int32Array,
  valueOf: (index: number) => number,
): Generator<number> {
  const last: number[] = [];
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i]!;
    const value = valueOf(i);
    yield value - (last[group] ?? 0);
    last[group] = value;
  }
}
