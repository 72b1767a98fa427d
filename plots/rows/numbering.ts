/** Numbers values from 0 in the order in which they come. */
export class Numbering<Value> {
  #numbers = new Map<Value, number>();

  known(value: Value): number | undefined {
    return this.#numbers.get(value);
  }

  of(value: Value): number {
    let number = this.#numbers.get(value);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(value, number);
    }
    return number;
  }

  get count(): number {
    return this.#numbers.size;
  }

  values(): Value[] {
    return [...this.#numbers.keys()];
  }
}
