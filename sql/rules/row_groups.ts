import type { Column, Rows } from "./rows.ts";

/**
 * Rows by the values of columns, without rows that lack one. They take four
 * bytes a row and four a group, where arrays take a hundred.
 */
export class RowGroups implements Iterable<number[]> {
  /** How many rows are in groups. */
  rowCount = 0;
  readonly #rows: Rows;
  readonly #columns: readonly Column[];
  readonly #among: Int32Array;
  /** By key, one more than its first row; 0 for none. */
  readonly #first: Int32Array;
  /** By row, one more than the next one of its group; 0 for none. */
  readonly #next: Int32Array;

  constructor(
    rows: Rows,
    columns: readonly Column[],
    among: Int32Array,
    isIn: (row: number) => boolean,
  ) {
    this.#rows = rows;
    this.#columns = columns;
    this.#among = among;
    for (const row of among) rows.key(columns, row);
    this.#first = new Int32Array(rows.maxKey + 1);
    this.#next = new Int32Array(rows.length);
    for (let i = among.length - 1; i >= 0; i--) {
      const row = among[i]!;
      const key = isIn(row) ? rows.key(columns, row) : 0;
      if (key === 0) continue;
      this.#next[row] = this.#first[key]!;
      this.#first[key] = row + 1;
      this.rowCount++;
    }
  }

  /** The rows whose values equal those of a row in other columns. */
  equalTo(row: number, columns: readonly Column[]): number[] {
    return this.#from(this.#rows.key(columns, row));
  }

  *[Symbol.iterator](): Generator<number[]> {
    for (const row of this.#among) {
      const key = this.#rows.key(this.#columns, row);
      if (this.#first[key] === row + 1) yield this.#from(key);
    }
  }

  #from(key: number): number[] {
    const group: number[] = [];
    for (let next = this.#first[key]; next; next = this.#next[next - 1]) {
      group.push(next - 1);
    }
    return group;
  }
}
