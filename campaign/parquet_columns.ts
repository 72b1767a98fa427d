// Over 300 lines: two kinds of columns, with their encodings.

// Columns of a Parquet file. Values are collected in typed arrays, where equal
// texts are one, and encoded for a whole row group. The package takes values one
// by one, in several loops, which takes five times as long.

import { withRoom } from "../sql/mod.ts";
import { Texts } from "./texts.ts";
// Loaded when something is written, not with the library.
import defer * as parquet from "hyparquet-writer";
import defer * as delta from "hyparquet-writer/src/delta.js";
import defer * as hybrid from "hyparquet-writer/src/encoding.js";

/**
 * The values of a column in a row group, and what the file says of them. The
 * next column overwrites the bytes.
 */
export interface EncodedColumn {
  encoding: "PLAIN" | "DELTA_BINARY_PACKED" | "RLE_DICTIONARY";
  /** For each row 1, or 0 for NULL; empty if the column cannot be NULL. */
  levels: Uint8Array;
  nulls: number;
  values: Uint8Array;
  /** The distinct values, if the values are their numbers. */
  dictionary?: { length: number; values: Uint8Array };
  /** The lowest and the highest value, if they are known. */
  min?: Bound | undefined;
  max?: Bound | undefined;
}

type Bound = bigint | number | string;
type EncodedValues = Omit<EncodedColumn, "levels" | "nulls">;

/** Rows, each an array of its cells. */
export type Rows = readonly (readonly unknown[])[];

/** One number per row. */
export type Numbers = Float64Array | Int32Array;

/** A column that collects values. */
export interface Column {
  /** Adds the cell of each row at an index. */
  addCells(rows: Rows, index: number, from: number, to: number): void;
  /** Adds numbers. NaN is NULL, and so is -1 where numbers stand for texts. */
  addNumbers(numbers: Numbers, from: number, to: number): void;
  /** The length of its texts. */
  readonly textLength: number;
  /** Encodes the values, and begins again without any. */
  take(): EncodedColumn;
}

const buffers = new Map<string, parquet.ByteWriter>();

/** Buffers are used again for each column: new ones would take 100 MB. */
function buffer(
  use: "levels" | "integers" | "values" | "dictionary",
): parquet.ByteWriter {
  const found = buffers.getOrInsertComputed(
    use,
    () => new parquet.ByteWriter(),
  );
  found.index = found.offset = 0;
  return found;
}

/** Which rows have a value. */
class Levels {
  #levels = new Uint8Array(8);
  readonly #isNullable: boolean;
  #rows = 0;
  #nulls = 0;

  constructor(isNullable: boolean) {
    this.#isNullable = isNullable;
  }

  reserve(rows: number): void {
    this.#levels = withRoom(this.#levels, this.#rows + rows);
  }

  addValue(): void {
    this.#levels[this.#rows++] = 1;
  }

  addNull(): void {
    this.#levels[this.#rows++] = 0;
    this.#nulls++;
  }

  take(): Pick<EncodedColumn, "levels" | "nulls"> {
    const writer = buffer("levels");
    if (this.#isNullable) {
      const levels = this.#levels.subarray(0, this.#rows);
      hybrid.writeRleBitPackedHybrid(writer, levels, 1);
    }
    const nulls = this.#nulls;
    this.#rows = this.#nulls = 0;
    return { levels: writer.getBytes(), nulls };
  }
}

/** Integers of 64 bits, or reals. */
export class NumberColumn implements Column {
  readonly textLength = 0;
  readonly #isInteger: boolean;
  readonly #read: ((cell: number) => number) | undefined;
  readonly #levels: Levels;
  #values = new Float64Array(8);
  #count = 0;
  /** All values, if one is an integer beyond 2^53. */
  #exact: (number | bigint)[] | undefined;

  /** @param read gives the value of a cell, by default the cell itself */
  constructor(
    { isInteger, isNullable, read }: {
      isInteger: boolean;
      isNullable: boolean;
      read: ((cell: number) => number) | undefined;
    },
  ) {
    this.#isInteger = isInteger;
    this.#levels = new Levels(isNullable);
    this.#read = read;
  }

  addCells(rows: Rows, index: number, from: number, to: number): void {
    this.#reserve(to - from);
    const read = this.#read;
    for (let i = from; i < to; i++) {
      const cell = rows[i]![index];
      if (cell === null) this.#levels.addNull();
      else if (typeof cell === "number") this.#add(read ? read(cell) : cell);
      else this.#addOther(cell);
    }
  }

  addNumbers(numbers: Numbers, from: number, to: number): void {
    this.#reserve(to - from);
    const read = this.#read;
    for (let i = from; i < to; i++) {
      const number = numbers[i]!;
      if (Number.isNaN(number)) this.#levels.addNull();
      else this.#add(read ? read(number) : number);
    }
  }

  #reserve(rows: number): void {
    this.#levels.reserve(rows);
    this.#values = withRoom(this.#values, this.#count + rows);
  }

  #add(value: number): void {
    this.#values[this.#count++] = value;
    this.#exact?.push(value);
    this.#levels.addValue();
  }

  #addOther(cell: unknown): void {
    if (typeof cell === "bigint") {
      this.#exact ??= [...this.#values.subarray(0, this.#count)];
      this.#add(Number(cell));
      this.#exact[this.#count - 1] = cell;
    } else this.#add(Number(cell));
  }

  take(): EncodedColumn {
    const values = this.#values.subarray(0, this.#count);
    const exact = this.#exact;
    this.#count = 0;
    this.#exact = undefined;
    return {
      ...this.#levels.take(),
      ...this.#isInteger && values.length > 0
        ? packedIntegers(values, exact)
        : plainReals(values),
    };
  }
}

function plainReals(values: Float64Array): EncodedValues {
  const { buffer, byteOffset, byteLength } = values;
  return {
    encoding: "PLAIN",
    values: new Uint8Array(buffer, byteOffset, byteLength),
    ...rangeOf(values),
  };
}

/** The same as boundsOf() in a loop of its own, which is several times faster. */
function rangeOf(values: Float64Array) {
  let [min, max] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min > max ? {} : { min, max };
}

/** @param exact the same values, if some are beyond 2^53 */
function packedIntegers(
  values: Float64Array,
  exact: readonly (number | bigint)[] | undefined,
): EncodedValues {
  const encoding = "DELTA_BINARY_PACKED";
  const { min, max } = rangeOf(values) as { min: number; max: number };
  if (!exact && max - min < 2 ** 31) {
    return {
      encoding,
      values: packedDistances(values),
      min: BigInt(min),
      max: BigInt(max),
    };
  }
  const integers = BigInt64Array.from((exact ?? values) as number[], BigInt);
  return { encoding, values: deltas(integers) };
}

function deltas(values: BigInt64Array | Int32Array): Uint8Array {
  const writer = buffer("integers");
  delta.deltaBinaryPack(writer, values, "INT64");
  return writer.getBytes();
}

/**
 * The package is fast only for numbers of 32 bits: these are the distances from
 * the first value, which alone stands in the head.
 */
function packedDistances(values: Float64Array): Uint8Array {
  const first = values[0]!;
  const distances = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const distance = values[i]! - first;
    distances[i] = distance;
    if (distances[i] !== distance) {
      throw new RangeError(`${values[i]} is in a column of integers`);
    }
  }
  const packed = deltas(distances);
  const writer = buffer("values");
  for (const number of [128, 4, values.length]) writer.appendVarInt(number);
  // The distance of the first value, 0, has one byte.
  const rest = packed.subarray(writer.offset + 1);
  writer.appendZigZag(BigInt(first));
  writer.appendBytes(rest);
  return writer.getBytes();
}

/** Texts, or small integers, of which many may be equal. */
export class DictionaryColumn implements Column {
  readonly #isText: boolean;
  readonly #read: ((cell: number) => string | number) | undefined;
  readonly #levels: Levels;
  #distinct = new Texts();
  #indexes = new Int32Array(8);
  #count = 0;
  /** For each cell that was read, the index of its value, plus 1. */
  #indexOfCell = new Int32Array(8);
  /** All texts, if hardly any are equal. */
  #texts: string[] | undefined;
  #textLength = 0;

  /**
   * @param read gives the value of a cell, which is a small number; by default it
   * is the cell itself
   */
  constructor(
    { isText, read }: {
      isText: boolean;
      read: ((cell: number) => string | number) | undefined;
    },
  ) {
    this.#isText = isText;
    this.#read = read;
    this.#levels = new Levels(isText);
  }

  get textLength(): number {
    return this.#textLength + this.#distinct.textLength;
  }

  addCells(rows: Rows, index: number, from: number, to: number): void {
    this.#reserve(to - from);
    const isRead = this.#read !== undefined;
    for (let i = from; i < to; i++) {
      const cell = rows[i]![index];
      if (cell === null) this.#levels.addNull();
      else if (isRead) this.#addRead(cell as number);
      else if (this.#texts) this.#addText(String(cell));
      else this.#addDistinct(cell as string | number);
    }
  }

  addNumbers(numbers: Numbers, from: number, to: number): void {
    this.#reserve(to - from);
    for (let i = from; i < to; i++) {
      const cell = numbers[i]!;
      if (cell === -1) this.#levels.addNull();
      else this.#addRead(cell);
    }
  }

  #reserve(rows: number): void {
    this.#levels.reserve(rows);
    this.#indexes = withRoom(this.#indexes, this.#count + rows);
  }

  #addRead(cell: number): void {
    let found = this.#indexOfCell[cell];
    if (!found) {
      this.#indexOfCell = withRoom(this.#indexOfCell, cell + 1);
      found = this.#distinct.number(this.#read!(cell)) + 1;
      this.#indexOfCell[cell] = found;
    }
    this.#add(found - 1);
  }

  #add(index: number): void {
    this.#indexes[this.#count++] = index;
    this.#levels.addValue();
  }

  #addDistinct(value: string | number): void {
    this.#add(this.#distinct.number(value));
    const { length } = this.#distinct.all;
    if (length < fewTexts || length < this.#count / 5) return;
    if (!this.#isText) return;
    this.#texts = this.#taken();
    this.#textLength = this.#distinct.textLength;
    this.#distinct = new Texts();
  }

  #addText(text: string): void {
    this.#texts!.push(text);
    this.#textLength += text.length;
    this.#levels.addValue();
  }

  #taken(): string[] {
    const { all } = this.#distinct;
    const indexes = this.#indexes.subarray(0, this.#count);
    return Array.from(indexes, (index) => all[index]!);
  }

  take(): EncodedColumn {
    const distinct = this.#distinct.all;
    const indexes = this.#indexes.subarray(0, this.#count);
    let values: EncodedValues;
    if (!this.#isText) values = numberedFlags(distinct.map(Number), indexes);
    else if (this.#texts) values = plainTexts(this.#texts);
    else if (isShorter(distinct, indexes)) {
      values = numberedTexts(distinct, indexes);
    } else values = plainTexts(this.#taken());
    this.#distinct = new Texts();
    this.#texts = undefined;
    this.#count = this.#textLength = 0;
    this.#indexOfCell.fill(0);
    return { ...this.#levels.take(), ...values };
  }
}

/** Distinct texts before it matters how many of them are equal. */
const fewTexts = 1000;

/** Whether a dictionary halves the bytes. */
function isShorter(distinct: readonly string[], indexes: Int32Array): boolean {
  let plain = 0;
  for (let i = 0; i < indexes.length; i++) {
    plain += bytesOfLength + distinct[indexes[i]!]!.length;
  }
  let own = indexes.length * bitsOf(distinct.length) / 8;
  for (const text of distinct) own += bytesOfLength + text.length;
  return plain > 2 * own;
}

const bytesOfLength = 4;

function numberedFlags(
  distinct: readonly number[],
  indexes: Int32Array,
): EncodedValues {
  const writer = buffer("dictionary");
  for (const value of distinct) writer.appendInt32(value);
  return {
    encoding: "RLE_DICTIONARY",
    values: packedIndexes(indexes, distinct.length),
    dictionary: { length: distinct.length, values: writer.getBytes() },
    ...boundsOf(distinct),
  };
}

function numberedTexts(
  distinct: readonly string[],
  indexes: Int32Array,
): EncodedValues {
  return {
    encoding: "RLE_DICTIONARY",
    values: packedIndexes(indexes, distinct.length),
    dictionary: {
      length: distinct.length,
      values: bytesOfTexts(distinct, "dictionary"),
    },
    // JavaScript has another order for these than Parquet.
    ...distinct.some((text) => /[\ud800-\udfff]/.test(text))
      ? {}
      : boundsOf(distinct),
  };
}

const plainTexts = (texts: readonly string[]): EncodedValues => ({
  encoding: "PLAIN",
  values: bytesOfTexts(texts, "values"),
});

function boundsOf<T extends string | number>(values: readonly T[]) {
  let [min] = values;
  let max = min;
  for (const value of values) {
    if (value < min!) min = value;
    if (value > max!) max = value;
  }
  return { min, max };
}

const bitsOf = (count: number): number => Math.ceil(Math.log2(count || 1));

/** Indexes of values in a dictionary. */
function packedIndexes(indexes: Int32Array, count: number): Uint8Array {
  const writer = buffer("values");
  writer.appendUint8(bitsOf(count));
  hybrid.writeRleBitPackedHybrid(writer, indexes, bitsOf(count));
  return writer.getBytes();
}

/** The bytes of texts, each after its length. */
function bytesOfTexts(
  texts: readonly string[],
  use: "values" | "dictionary",
): Uint8Array {
  const writer = buffer(use);
  for (let from = 0; from < texts.length; from += textsAtOnce) {
    appendTexts(writer, texts.slice(from, from + textsAtOnce));
  }
  return writer.getBytes();
}

/** Texts that are encoded together, which is faster. */
const textsAtOnce = 1000;

function appendTexts(
  writer: parquet.ByteWriter,
  texts: readonly string[],
): void {
  const joined = texts.join("");
  const encoder = new TextEncoder();
  const bytes = encoder.encode(joined);
  const isAscii = bytes.length === joined.length;
  let start = 0;
  for (const text of texts) {
    const own = isAscii
      ? bytes.subarray(start, start += text.length)
      : encoder.encode(text);
    writer.appendUint32(own.length);
    writer.appendBytes(own);
  }
}
