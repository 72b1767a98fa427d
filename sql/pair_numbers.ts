import { mixed, randomSeed, withRoom } from "./text_numbers.ts";

/**
 * Numbers pairs of 32-bit integers, equal ones alike, from 1 on. A pair takes
 * about 20 bytes.
 *
 * @example
 * ```ts
 * import { PairNumbers } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * const pairs = new PairNumbers();
 * assert.deepEqual([pairs.number(7, 0), pairs.number(7, 1)], [1, 2]);
 * assert.equal(pairs.known(7, 0), 1);
 * assert.equal(pairs.known(8, 0), 0);
 * ```
 */
export class PairNumbers {
  /** How many pairs have numbers. */
  size = 0;
  #left = new Int32Array(8);
  #right = new Int32Array(8);
  /** Hash table: numbers, or 0. */
  #slots = new Int32Array(16);
  readonly #seed = randomSeed();

  /** The number of a pair. */
  number(left: number, right: number): number {
    const slot = this.#slotOf(left, right);
    const known = this.#slots[slot]!;
    if (known > 0) return known;
    const number = ++this.size;
    this.#left = withRoom(this.#left, number + 1);
    this.#right = withRoom(this.#right, number + 1);
    this.#left[number] = left;
    this.#right[number] = right;
    this.#slots[slot] = number;
    if (2 * number > this.#slots.length) this.#grow();
    return number;
  }

  /** The number of a pair, or 0 if it has none yet. */
  known(left: number, right: number): number {
    return this.#slots[this.#slotOf(left, right)]!;
  }

  /** The place of a pair in the hash table, or the free one for it. */
  #slotOf(left: number, right: number): number {
    const mask = this.#slots.length - 1;
    const hash = Math.imul(mixed(left ^ this.#seed) + right, 0x9e3779b1);
    let slot = mixed(hash) & mask;
    for (;; slot = (slot + 1) & mask) {
      const number = this.#slots[slot]!;
      if (number === 0) return slot;
      if (this.#left[number] === left && this.#right[number] === right) {
        return slot;
      }
    }
  }

  #grow(): void {
    this.#slots = new Int32Array(2 * this.#slots.length);
    for (let number = 1; number <= this.size; number++) {
      const slot = this.#slotOf(this.#left[number]!, this.#right[number]!);
      this.#slots[slot] = number;
    }
  }
}
