import { withRoom } from "../text_numbers.ts";

/** A Map of rows by key, in a tenth of the memory. */
export class Leads {
  size = 0;
  /** One more than the row; 0 for none. */
  #rows = new Int32Array(8);

  get(key: number): number | undefined {
    const row = this.#rows[key];
    return row ? row - 1 : undefined;
  }

  set(key: number, row: number): void {
    this.#rows = withRoom(this.#rows, key + 1);
    if (this.#rows[key] === 0) this.size++;
    this.#rows[key] = row + 1;
  }

  delete(key: number): void {
    if (!this.#rows[key]) return;
    this.#rows[key] = 0;
    this.size--;
  }

  clear(): void {
    if (this.size > 0) this.#rows.fill(0);
    this.size = 0;
  }
}
