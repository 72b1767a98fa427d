import { lazyModule } from "../display/lazy_module.ts";

const zlib = lazyModule<typeof import("node:zlib")>(() => "node:zlib");

/**
 * JSON that is compressed while it is written: as a text, millions of rows would
 * be longer than V8 allows.
 */
export class PackedJson {
  #text = "";
  readonly #parts: Uint8Array[] = [header];
  #checksum = 0;
  #bytes = 0;

  write(text: string): void {
    this.#text += text;
    if (this.#text.length >= maxWaiting) this.#flush();
  }

  /** Writes bytes before, between or after JSON. */
  bytes(bytes: Uint8Array): void {
    this.#flush();
    for (let from = 0; from < bytes.length; from += maxWaiting) {
      this.#compress(bytes.subarray(from, from + maxWaiting));
    }
  }

  /** Writes an array of numbers; NaN becomes null. */
  numbers(values: Int32Array | Float64Array): void {
    this.write("[");
    for (let from = 0; from < values.length; from += maxNumbers) {
      const text = values.subarray(from, from + maxNumbers).join();
      this.write((from === 0 ? "" : ",") + text.replaceAll("NaN", "null"));
    }
    this.write("]");
  }

  /** Writes an array of values that are JSON already. */
  list(values: Iterable<string>): void {
    this.write("[");
    let separator = "";
    for (const value of values) {
      this.write(separator + value);
      separator = ",";
    }
    this.write("]");
  }

  /** The whole, gzipped. */
  toBase64(): string {
    this.#flush();
    const end = new DataView(new ArrayBuffer(8));
    end.setUint32(0, this.#checksum, true);
    end.setUint32(4, this.#bytes % 2 ** 32, true);
    this.#parts.push(
      zlib.deflateRawSync(new Uint8Array()),
      new Uint8Array(end.buffer),
    );
    let text = "";
    let rest = new Uint8Array();
    for (const part of this.#parts) {
      const joined = new Uint8Array(rest.length + part.length);
      joined.set(rest);
      joined.set(part, rest.length);
      // Only the last of pieces of base64 may have a length that is not a
      // multiple of three bytes.
      const whole = joined.length - joined.length % 3;
      text += joined.subarray(0, whole).toBase64();
      rest = joined.subarray(whole);
    }
    return text + rest.toBase64();
  }

  #flush(): void {
    const bytes = new TextEncoder().encode(this.#text);
    this.#text = "";
    this.#compress(bytes);
  }

  #compress(bytes: Uint8Array): void {
    this.#checksum = zlib.crc32(bytes, this.#checksum);
    this.#bytes += bytes.length;
    // Ends at a byte, so that the parts are one stream.
    const finishFlush = zlib.constants.Z_SYNC_FLUSH;
    this.#parts.push(zlib.deflateRawSync(bytes, { finishFlush }));
  }
}

/** Of a gzip file without a name and a time. */
const header = new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);

const maxWaiting = 1 << 20;
const maxNumbers = 10_000;
