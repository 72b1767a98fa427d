import { TextNumbers, withRoom } from "./text_numbers.ts";

/** A row of {@linkcode Columns}. */
export type ColumnRow<Text extends string, Num extends string> =
  & Record<Text, string | null>
  & Record<Num, number | null>;

/**
 * The values of a column, in arrays of one size: a single one that grows would
 * leave behind memory of each of its sizes, which fits nothing else.
 */
class Column {
  readonly #chunks: (Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>)[] =
    [];
  readonly #Type: typeof Int32Array | typeof Float64Array;

  constructor(Type: typeof Int32Array | typeof Float64Array) {
    this.#Type = Type;
  }

  at(row: number): number {
    return this.#chunks[row >>> chunkBits]![row & chunkMask]!;
  }

  /** Sets the value of a row that is there, or of the next one. */
  set(row: number, value: number): void {
    const index = row >>> chunkBits;
    const place = row & chunkMask;
    let chunk = this.#chunks[index];
    if (chunk === undefined || place >= chunk.length) {
      const isFirst = index === 0;
      chunk = isFirst
        ? withRoom(chunk ?? new this.#Type(8), place + 1)
        : new this.#Type(chunkMask + 1);
      this.#chunks[index] = chunk;
    }
    chunk[place] = value;
  }
}

const chunkBits = 16;
const chunkMask = 2 ** chunkBits - 1;

/**
 * Rows of texts and numbers, column by column: a million objects would take half
 * a gigabyte. A row is an index, from 0 on.
 *
 * @example
 * ```ts
 * import { Columns } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * const tasks = new Columns(["task", "app"], ["ended"]);
 * const row = tasks.add({ task: "79", app: "bottom", ended: null });
 * tasks.setNumber(row, "ended", 12.5);
 * assert.equal(tasks.text(row, "app"), "bottom");
 * assert.equal(tasks.number(row, "ended"), 12.5);
 * ```
 */
export class Columns<Text extends string, Num extends string> {
  /** The number of rows. */
  length = 0;
  /** Numbers of texts, and 0 for null. */
  readonly #texts: Readonly<Record<Text, Column>>;
  /** NaN for null. */
  readonly #numbers: Readonly<Record<Num, Column>>;
  readonly #textNames: readonly Text[];
  readonly #numberNames: readonly Num[];

  /**
   * Creates a table without rows.
   *
   * @param texts numbers the texts; those of tables with the same one are equal
   */
  constructor(
    textNames: readonly Text[],
    numberNames: readonly Num[],
    readonly texts: TextNumbers = new TextNumbers(),
  ) {
    this.#textNames = textNames;
    this.#numberNames = numberNames;
    this.#texts = columns(textNames, Int32Array);
    this.#numbers = columns(numberNames, Float64Array);
  }

  /** Adds a row, and returns its index. */
  add(row: ColumnRow<Text, Num>): number {
    const i = this.length++;
    for (const name of this.#textNames) this.setText(i, name, row[name]);
    for (const name of this.#numberNames) this.setNumber(i, name, row[name]);
    return i;
  }

  /** The number of a text, which gets one if it has none; 0 for null. */
  numberOf(text: string | null): number {
    // An attribute may be a number.
    return text === null ? 0 : this.texts.number(String(text));
  }

  /** The number of the text of a row; 0 for null. */
  textNumber(row: number, name: Text): number {
    return this.#texts[name].at(row);
  }

  /** A text of a row. */
  text(row: number, name: Text): string | null {
    return this.textOf(this.#texts[name].at(row));
  }

  /** The text with a number; null for 0. */
  textOf(number: number): string | null {
    return number === 0 ? null : this.texts.text(number);
  }

  /** A number of a row. */
  number(row: number, name: Num): number | null {
    const number = this.#numbers[name].at(row);
    return Number.isNaN(number) ? null : number;
  }

  /** Replaces a text of a row. */
  setText(row: number, name: Text, text: string | null): void {
    this.#texts[name].set(row, this.numberOf(text));
  }

  /** Replaces a number of a row. */
  setNumber(row: number, name: Num, number: number | null): void {
    this.#numbers[name].set(row, number ?? NaN);
  }

  /** Replaces numbers of a row that are null so far. */
  fillNumbers(row: number, numbers: Partial<Record<Num, number | null>>): void {
    for (const name in numbers) {
      if (this.number(row, name) === null) {
        this.setNumber(row, name, numbers[name] ?? null);
      }
    }
  }

  /** The rows in ascending order of a number that each has. */
  orderBy(name: Num): Int32Array {
    const { length } = this;
    const column = this.#numbers[name];
    const values = Float64Array.from({ length }, (_, row) => column.at(row));
    return Int32Array.from(values.keys())
      .sort((a, b) => values[a]! - values[b]! || a - b);
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

const columns = <Name extends string>(
  names: readonly Name[],
  Type: typeof Int32Array | typeof Float64Array,
): Record<Name, Column> =>
  Object.fromEntries(
    names.map((name) => [name, new Column(Type)]),
  ) as Record<Name, Column>;
