import { PairNumbers } from "./pair_numbers.ts";
import { TextNumbers } from "./text_numbers.ts";

/**
 * Numbers keys of one or more texts, equal ones alike, from 1 on. Numbers of
 * keys may be missing in between. For millions of keys, where a Map would take
 * ten times the memory.
 *
 * @example
 * ```ts
 * import { KeyNumbers } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * const keys = new KeyNumbers();
 * const number = keys.number(["7", "0"]);
 * assert.notEqual(keys.number(["7", "1"]), number);
 * assert.equal(keys.known(["7", "0"]), number);
 * assert.equal(keys.known(["8", "0"]), 0);
 * ```
 */
export class KeyNumbers {
  // The numbers of texts are negative, so that no two keys share one.
  readonly #pairs = new PairNumbers();
  readonly #texts = new TextNumbers();

  /** The number of a key, which gets one if it has none; 0 without texts. */
  number(texts: readonly string[]): number {
    let [number, i] = [0, 0];
    if (texts.length > 1) number = this.#texts.number(texts[i++]!);
    for (; i < texts.length; i++) {
      number = this.#pairs.number(number, this.#texts.number(texts[i]!));
    }
    return number;
  }

  /** The number of a key, or 0 if it has none. */
  known(texts: readonly string[]): number {
    let [number, i] = [0, 0];
    if (texts.length > 1) {
      number = this.#texts.known(texts[i++]!);
      if (number === 0) return 0;
    }
    for (; i < texts.length; i++) {
      const text = this.#texts.known(texts[i]!);
      number = text === 0 ? 0 : this.#pairs.known(number, text);
      if (number === 0) return 0;
    }
    return number;
  }
}
