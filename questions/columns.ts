import { TextNumbers, withRoom } from "../sql/mod.ts";

/** A row of {@linkcode Columns}. */
type ColumnRow<Text extends string, Num extends string> =
  & Record<Text, string | null>
  & Record<Num, number | null>;

/**
 * Rows, column by column: a million objects would take half a gigabyte. A row is
 * an index, from 0 on.
 */
export class Columns<Text extends string, Num extends string> {
  length = 0;
  readonly texts = new TextNumbers();
  /** Numbers of texts, and 0 for null. */
  readonly #texts: Record<Text, Int32Array<ArrayBuffer>>;
  /** NaN for null. */
  readonly #numbers: Record<Num, Float64Array<ArrayBuffer>>;
  readonly #textNames: readonly Text[];
  readonly #numberNames: readonly Num[];

  constructor(texts: readonly Text[], numbers: readonly Num[]) {
    this.#textNames = texts;
    this.#numberNames = numbers;
    this.#texts = columns(texts, () => new Int32Array(8));
    this.#numbers = columns(numbers, () => new Float64Array(8));
  }

  /** Adds a row, and returns its index. */
  add(row: ColumnRow<Text, Num>): number {
    const i = this.length++;
    for (const name of this.#textNames) {
      const column = withRoom(this.#texts[name], i + 1);
      this.#texts[name] = column;
      column[i] = this.numberOf(row[name]);
    }
    for (const name of this.#numberNames) {
      const column = withRoom(this.#numbers[name], i + 1);
      this.#numbers[name] = column;
      column[i] = row[name] ?? NaN;
    }
    return i;
  }

  /** The number of a text, which gets one if it has none; 0 for null. */
  numberOf(text: string | null): number {
    // An attribute may be a number.
    return text === null ? 0 : this.texts.number(String(text));
  }

  /** The number of the text of a row; 0 for null. */
  textNumber(row: number, name: Text): number {
    return this.#texts[name][row]!;
  }

  text(row: number, name: Text): string | null {
    return this.textOf(this.#texts[name][row]!);
  }

  /** The text with a number; null for 0. */
  textOf(number: number): string | null {
    return number === 0 ? null : this.texts.text(number);
  }

  number(row: number, name: Num): number | null {
    const number = this.#numbers[name][row]!;
    return Number.isNaN(number) ? null : number;
  }

  setText(row: number, name: Text, text: string | null): void {
    this.#texts[name][row] = this.numberOf(text);
  }

  setNumber(row: number, name: Num, number: number | null): void {
    this.#numbers[name][row] = number ?? NaN;
  }

  /** Some of the numbers of a row. */
  numbers<Name extends Num>(
    row: number,
    names: readonly Name[],
  ): Record<Name, number | null> {
    const numbers = {} as Record<Name, number | null>;
    for (const name of names) numbers[name] = this.number(row, name);
    return numbers;
  }
}

const columns = <Name extends string, A>(
  names: readonly Name[],
  make: () => A,
): Record<Name, A> =>
  Object.fromEntries(names.map((name) => [name, make()])) as Record<Name, A>;
