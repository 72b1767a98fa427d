/** Growing list of numbers, 8 bytes each. */
export class NumberList {
  #values: Float64Array<ArrayBuffer>;
  #length = 0;

  /** Creates a list with room for this many numbers before it grows. */
  constructor(room = 64) {
    this.#values = new Float64Array(room);
  }

  push(value: number): void {
    if (this.#length === this.#values.length) this.#grow();
    this.#values[this.#length++] = value;
  }

  /** The numbers, not a copy. */
  values(): Float64Array<ArrayBuffer> {
    return this.#values.subarray(0, this.#length);
  }

  #grow() {
    const more = new Float64Array(2 * this.#values.length + 64);
    more.set(this.#values);
    this.#values = more;
  }
}
