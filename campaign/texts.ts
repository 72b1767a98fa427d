/** Distinct texts, numbered from 0. */
export class Texts {
  readonly #numbers = new Map<string | number, number>();
  readonly #texts: string[] = [];
  /** The length of all of them. */
  textLength = 0;

  number(text: string | number): number {
    const key = typeof text === "number" ? text : keyOf(text);
    let number = this.#numbers.get(key);
    if (number === undefined) {
      const own = String(text);
      number = this.#texts.push(own) - 1;
      this.#numbers.set(key, number);
      this.textLength += own.length;
    }
    return number;
  }

  text(number: number): string {
    return this.#texts[number]!;
  }

  get all(): readonly string[] {
    return this.#texts;
  }
}

/**
 * The key of a text in a Map: that of the number of a task is a number, because
 * V8 has one table of all texts, in which these form clusters.
 */
function keyOf(text: string): string | number {
  const { length } = text;
  if (length === 0 || length > 9 || text[0] === "0" && length > 1) return text;
  let number = 0;
  for (let i = 0; i < length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return text;
    number = 10 * number + digit;
  }
  return number;
}
