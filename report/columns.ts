import {
  firstText,
  PairNumbers,
  type TextNumbers,
  withRoom,
} from "../sql/mod.ts";

/** Numbers distinct texts in the order in which they come. */
export class Dictionary {
  readonly #texts: TextNumbers;
  readonly #indexes = new PairNumbers();
  #numbers = new Int32Array(64);

  constructor(texts: TextNumbers) {
    this.#texts = texts;
  }

  /** The index of a text; -1 for none. */
  indexOf(text: string | null | undefined): number {
    return text === null || text === undefined
      ? -1
      : this.indexOfNumber(this.#texts.number(text));
  }

  /** As indexOf(), of a text by its number; 0 for none. */
  indexOfNumber(number: number): number {
    if (number === 0) return -1;
    const index = this.#indexes.number(0, number) - 1;
    this.#numbers = withRoom(this.#numbers, index + 1);
    this.#numbers[index] = number;
    return index;
  }

  /**
   * A text as a number for a column: 0 for none, n + 1 for a decimal integer n,
   * and -1 - its index for any other.
   */
  codeOf(text: string | null | undefined): number {
    return text === null || text === undefined
      ? 0
      : this.codeOfNumber(this.#texts.number(text));
  }

  /** As codeOf(), of a text by its number; 0 for none. */
  codeOfNumber(number: number): number {
    return number > firstText ? -number : -1 - this.indexOfNumber(number);
  }

  *texts(): Generator<string> {
    for (let i = 0; i < this.#indexes.size; i++) {
      yield this.#texts.text(this.#numbers[i]!);
    }
  }
}

/** A list of integers. */
export class Integers {
  length = 0;
  #values = new Int32Array(1024);

  push(value: number): void {
    this.#values = withRoom(this.#values, this.length + 1);
    this.#values[this.length++] = value;
  }

  get values(): Int32Array {
    return this.#values.subarray(0, this.length);
  }
}
