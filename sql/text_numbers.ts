/**
 * Numbers texts, equal ones alike: all numbers are negative. It holds millions
 * of texts in a fraction of the memory of a Map, and the numbers of tasks in
 * none. V8 also keeps each key of a Map in a table of all strings, where many
 * decimal numbers slow down every other text.
 *
 * @example
 * ```ts
 * import { TextNumbers } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * const texts = new TextNumbers();
 * const number = texts.number("htex_Local");
 * assert.equal(texts.number("htex_Local"), number);
 * assert.equal(texts.text(number), "htex_Local");
 * assert.equal(texts.known("another"), 0);
 * ```
 */
export class TextNumbers {
  #bytes = new Uint8Array(64);
  /** By text, counted from 1: the place behind its last byte, and its hash. */
  #ends = new Float64Array(8);
  #hashes = new Int32Array(8);
  #count = 0;
  /** Hash table: texts, or 0. */
  #slots = new Int32Array(16);
  readonly #seed = randomSeed();
  /** Some texts, such as the run of all its spans, are wanted each time. */
  readonly #recent = new Map<number, string>();

  /** The number of a text. */
  number(text: string): number {
    const integer = integerOf(text);
    if (integer >= 0) return -1 - integer;
    const hash = this.#hashOf(text);
    const slot = this.#slotOf(text, hash);
    const known = this.#slots[slot]!;
    if (known > 0) return firstText - known;
    this.#add(text, hash);
    this.#slots[slot] = this.#count;
    if (2 * this.#count > this.#slots.length) this.#grow();
    return firstText - this.#count;
  }

  /** The number of a text, or 0 if it has none yet. */
  known(text: string): number {
    const integer = integerOf(text);
    if (integer >= 0) return -1 - integer;
    const known = this.#slots[this.#slotOf(text, this.#hashOf(text))]!;
    return known > 0 ? firstText - known : 0;
  }

  /** The text with a number. */
  text(number: number): string {
    if (number > firstText) return String(-1 - number);
    let text = this.#recent.get(number);
    if (text === undefined) {
      if (this.#recent.size === maxRecent) this.#recent.clear();
      this.#recent.set(number, text = this.#read(firstText - number));
    }
    return text;
  }

  #read(index: number): string {
    const bytes = this.#bytes;
    const end = this.#ends[index]!;
    let at = this.#ends[index - 1]!;
    const width = bytes[at++]!;
    let text = "";
    for (; at < end; at += width) {
      const high = width === 2 ? bytes[at + 1]! << 8 : 0;
      text += String.fromCharCode(bytes[at]! | high);
    }
    return text;
  }

  #hashOf(text: string): number {
    let hash = this.#seed;
    for (let i = 0; i < text.length; i++) {
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
      hash ^= hash >>> 15;
    }
    return mixed(hash);
  }

  /** The place of a text in the hash table, or the free one for it. */
  #slotOf(text: string, hash: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask;; slot = (slot + 1) & mask) {
      const index = this.#slots[slot]!;
      if (index === 0) return slot;
      if (this.#hashes[index] === hash && this.#isEqual(index, text)) {
        return slot;
      }
    }
  }

  #isEqual(index: number, text: string): boolean {
    const bytes = this.#bytes;
    let at = this.#ends[index - 1]!;
    const width = bytes[at++]!;
    if (this.#ends[index]! - at !== width * text.length) return false;
    for (let i = 0; i < text.length; i++, at += width) {
      const high = width === 2 ? bytes[at + 1]! << 8 : 0;
      if ((bytes[at]! | high) !== text.charCodeAt(i)) return false;
    }
    return true;
  }

  #add(text: string, hash: number): void {
    let at = this.#ends[this.#count]!;
    this.#bytes = withRoom(this.#bytes, at + 1 + 2 * text.length);
    const bytes = this.#bytes;
    const width = isWide.test(text) ? 2 : 1;
    bytes[at++] = width;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      bytes[at++] = unit;
      if (width === 2) bytes[at++] = unit >> 8;
    }
    const index = ++this.#count;
    this.#ends = withRoom(this.#ends, index + 1);
    this.#hashes = withRoom(this.#hashes, index + 1);
    this.#ends[index] = at;
    this.#hashes[index] = hash;
  }

  #grow(): void {
    const slots = this.#slots = new Int32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let index = 1; index <= this.#count; index++) {
      let slot = this.#hashes[index]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = index;
    }
  }
}

const maxRecent = 256;

/**
 * Above this number are those of decimal integers of up to nine digits: that of n
 * is -1 - n.
 *
 * @example
 * ```ts
 * import { firstText, TextNumbers } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * const texts = new TextNumbers();
 * assert.equal(texts.number("79"), -80);
 * assert.ok(texts.number("htex_Local") < firstText);
 * ```
 */
export const firstText: number = -(2 ** 30);

const isWide = /[^\0-\xff]/;

/** A decimal integer of up to nine digits as it is written; otherwise -1. */
function integerOf(text: string): number {
  const { length } = text;
  if (length === 0 || length > 9) return -1;
  let value = 0;
  for (let i = 0; i < length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = 10 * value + digit;
  }
  return length > 1 && value < 10 ** (length - 1) ? -1 : value;
}

/** So that nobody can write a log whose texts share places in a hash table. */
export const randomSeed = (): number =>
  crypto.getRandomValues(new Int32Array(1))[0]!;

/** A hash whose bits all depend on each other: the end of MurmurHash3. */
export function mixed(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/**
 * The array, or a copy with at least twice the length if it is too short.
 *
 * @example
 * ```ts
 * import { withRoom } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * assert.equal(withRoom(new Int32Array(8), 9).length, 16);
 * ```
 */
export function withRoom<
  A extends
    | Uint8Array<ArrayBuffer>
    | Int32Array<ArrayBuffer>
    | Float64Array<ArrayBuffer>,
>(array: A, length: number): A {
  if (length <= array.length) return array;
  const Type = array.constructor as new (length: number) => A;
  const larger = new Type(Math.max(length, 2 * array.length));
  larger.set(array);
  return larger;
}
