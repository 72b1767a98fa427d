/**
 * Lanes that lie beside one another, each taken by one thing at a time. Things
 * come in the order of their starts.
 */
export class Lanes {
  /** Until when each lane is taken, a heap: the lane that ends first is at 0. */
  #ends: number[] = [];
  #lanes: number[] = [];

  /** How many lanes there are: as many as were ever taken at one time. */
  get count(): number {
    return this.#ends.length;
  }

  /** The number of a lane that is free by then, from now on taken until `end`. */
  take(start: number, end: number): number {
    if (this.#ends.length > 0 && this.#ends[0]! <= start) {
      const lane = this.#lanes[0]!;
      this.#ends[0] = end;
      this.#sink();
      return lane;
    }
    const lane = this.#ends.length;
    this.#ends.push(end);
    this.#lanes.push(lane);
    this.#rise();
    return lane;
  }

  #sink() {
    for (let i = 0;;) {
      const left = 2 * i + 1;
      if (left >= this.#ends.length) return;
      const right = left + 1;
      const least = right < this.#ends.length &&
          this.#ends[right]! < this.#ends[left]!
        ? right
        : left;
      if (this.#ends[i]! <= this.#ends[least]!) return;
      this.#swap(i, least);
      i = least;
    }
  }

  #rise() {
    for (let i = this.#ends.length - 1; i > 0;) {
      const above = (i - 1) >> 1;
      if (this.#ends[above]! <= this.#ends[i]!) return;
      this.#swap(i, above);
      i = above;
    }
  }

  #swap(a: number, b: number) {
    const ends = this.#ends;
    const lanes = this.#lanes;
    [ends[a], ends[b]] = [ends[b]!, ends[a]!];
    [lanes[a], lanes[b]] = [lanes[b]!, lanes[a]!];
  }
}
