import { joined } from "../../container/chunks.ts";

// No log has longer integers, and they would take long to convert.
const maxDigits = 1 << 12;

// A text or bytes: otherwise a damaged length would read the rest of the file.
const maxValue = 1 << 24;

const utf8 = new TextDecoder();

/** The numbers and texts of a pickle; chunks are read when they are needed. */
export class PickleBytes {
  #chunks: Iterator<Uint8Array>;
  /** Bytes that were read, and how many came before them. */
  #bytes: Uint8Array = new Uint8Array();
  #view = new DataView(this.#bytes.buffer);
  #before = 0;
  /** Position of the next byte among these. */
  #at = 0;

  constructor(chunks: Iterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.iterator]();
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#chunks.return?.();
  }

  /** An error with the position. */
  error(problem: string): SyntaxError {
    return new SyntaxError(`${problem} at byte ${this.#before + this.#at}`);
  }

  byte = () => this.#number(1, (view, at) => view.getUint8(at));
  uint16 = () => this.#number(2, (view, at) => view.getUint16(at, true));
  int32 = () => this.#number(4, (view, at) => view.getInt32(at, true));
  uint32 = () => this.#number(4, (view, at) => view.getUint32(at, true));
  uint64 = () =>
    this.#number(8, (view, at) => Number(view.getBigUint64(at, true)));
  float64 = () => this.#number(8, (view, at) => view.getFloat64(at, false));
  text = (length: number) => utf8.decode(this.bytes(length));

  bytes(length: number): Uint8Array {
    const start = this.#skip(length);
    return this.#bytes.subarray(start, this.#at);
  }

  #number(
    length: number,
    read: (view: DataView, at: number) => number,
  ): number {
    const at = this.#skip(length);
    return read(this.#view, at);
  }

  #skip(length: number): number {
    // A damaged length may even be negative.
    if (!(length >= 0 && length <= maxValue)) {
      throw this.error(`a value of ${length} bytes`);
    }
    const left = this.#readOn(length);
    if (length > left) {
      throw this.error(`expected ${length} bytes, found ${left}`);
    }
    const start = this.#at;
    this.#at += length;
    return start;
  }

  /** Reads on until there are so many bytes; returns how many there are. */
  #readOn(length: number): number {
    let left = this.#bytes.length - this.#at;
    if (left >= length) return left;
    const parts = [this.#bytes.subarray(this.#at)];
    while (left < length) {
      const { value, done } = this.#chunks.next();
      if (done) break;
      parts.push(value);
      left += value.length;
    }
    this.#before += this.#at;
    this.#at = 0;
    this.#bytes = joined(parts);
    const { buffer, byteOffset } = this.#bytes;
    this.#view = new DataView(buffer, byteOffset, left);
    return left;
  }

  /** Text up to a newline, without it. */
  line(): string {
    let searched = 0;
    for (;;) {
      const end = this.#bytes.indexOf(10, this.#at + searched);
      if (end >= 0) {
        const text = this.text(end - this.#at);
        this.#at++;
        return text;
      }
      searched = this.#bytes.length - this.#at;
      if (
        searched > maxValue || this.#readOn(2 * searched + 1) === searched
      ) throw this.error("unterminated line");
    }
  }

  /** A little-endian integer in two's complement. */
  integer(length: number): number | bigint {
    if (length > maxDigits) throw this.error(`integer of ${length} bytes`);
    const value = this.bytes(length)
      .reduceRight((value, byte) => value << 8n | BigInt(byte), 0n);
    return exact(BigInt.asIntN(8 * length, value));
  }

  /** A decimal integer, with an L after it in old pickles. */
  digits(line = this.line()): number | bigint {
    const [, digits] = /^\s*([+-]?\d+)L?\s*$/.exec(line) ?? [];
    if (digits === undefined || digits.length > maxDigits) {
      throw this.error("expected an integer");
    }
    return exact(BigInt(digits));
  }

  integerOrTruth(): number | bigint | boolean {
    const line = this.line();
    return line === "01" || line === "00" ? line === "01" : this.digits(line);
  }
}

const exact = (value: bigint): number | bigint =>
  Number.isSafeInteger(Number(value)) ? Number(value) : value;
