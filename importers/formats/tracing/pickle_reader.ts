/** Reads the bytes of a pickle in order. */
export class PickleReader {
  /** Position of the next byte. */
  at = 0;
  #bytes: Uint8Array;
  #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(
      bytes.buffer,
      bytes.byteOffset,
      bytes.byteLength,
    );
  }

  byte(): number {
    return this.#view.getUint8(this.#skip(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#skip(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#skip(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  uint64(): number {
    return Number(this.#view.getBigUint64(this.#skip(8), true));
  }

  float64(): number {
    return this.#view.getFloat64(this.#skip(8), false);
  }

  bytes(length: number): Uint8Array {
    const start = this.#skip(length);
    return this.#bytes.subarray(start, this.at);
  }

  text(length: number): string {
    return utf8.decode(this.bytes(length));
  }

  /** Text up to a newline, without it. */
  line(): string {
    const end = this.#bytes.indexOf(10, this.at);
    if (end < 0) throw this.error("unterminated line");
    const text = utf8.decode(this.#bytes.subarray(this.at, end));
    this.at = end + 1;
    return text;
  }

  /** A little-endian integer in two's complement. */
  integer(length: number): number | bigint {
    if (length > maxDigits) throw this.error(`integer of ${length} bytes`);
    let value = 0n;
    const bytes = this.bytes(length);
    for (let i = length - 1; i >= 0; i--) {
      value = value << 8n | BigInt(bytes[i]!);
    }
    return exact(BigInt.asIntN(8 * length, value));
  }

  /** A decimal integer, with an L after it in old pickles. */
  digits(): number | bigint {
    const [, digits] = /^\s*([+-]?\d+)L?\s*$/.exec(this.line()) ?? [];
    if (digits === undefined || digits.length > maxDigits) {
      throw this.error("expected an integer");
    }
    return exact(BigInt(digits));
  }

  /** An error with the position. */
  error(problem: string): SyntaxError {
    return new SyntaxError(`${problem} at byte ${this.at}`);
  }

  #skip(length: number): number {
    const start = this.at;
    // A damaged length may even be negative.
    if (!(length >= 0) || length > this.#bytes.length - start) {
      const left = this.#bytes.length - start;
      throw this.error(`expected ${length} bytes, found ${left}`);
    }
    this.at += length;
    return start;
  }
}

// No log has longer integers, and they would take long to convert.
const maxDigits = 1 << 12;

const utf8 = new TextDecoder();

const exact = (value: bigint): number | bigint =>
  Number.isSafeInteger(Number(value)) ? Number(value) : value;
