import { joined } from "../container/chunks.ts";
import type { LineRef } from "../store/span_writer.ts";

/** The last lines of a text, in bounded memory. */
export class Tail {
  bytes = 0;

  #newlines = 0;
  /** Offset behind the newline before the last line. */
  #lastLine = 0;
  #chunks: Uint8Array[] = [];
  #kept = 0;
  #isEnded = true;

  add(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.bytes += chunk.length;
    const start = this.bytes - chunk.length;
    if (this.#isEnded) this.#lastLine = start;
    let at = -1;
    while ((at = chunk.indexOf(newline, at + 1)) >= 0) {
      this.#newlines++;
      if (at + 1 < chunk.length) this.#lastLine = start + at + 1;
    }
    this.#isEnded = chunk.at(-1) === newline;
    // A chunk may be part of a larger buffer.
    this.#chunks.push(chunk.slice(-maxTail));
    this.#kept += Math.min(chunk.length, maxTail);
    while (this.#kept - this.#chunks[0]!.length >= maxTail) {
      this.#kept -= this.#chunks.shift()!.length;
    }
  }

  /** A last line without a newline counts. */
  get lines(): number {
    return this.#newlines + (this.#isEnded ? 0 : 1);
  }

  /** The place of the last line; its time is unknown. */
  lastLine(): LineRef {
    return { time: NaN, line: this.lines, offset: this.#lastLine };
  }

  /** At most the last 4 KiB, from the beginning of a line if there is one. */
  text(): string {
    const bytes = joined(this.#chunks).subarray(-maxTail);
    const text = new TextDecoder().decode(bytes).trimEnd();
    if (bytes.length === this.bytes) return text;
    return `…${text.slice(text.indexOf("\n") + 1)}`;
  }
}

const newline = 10;
const maxTail = 4096;
