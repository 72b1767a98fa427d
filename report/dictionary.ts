/** Each text once, in the order in which they came. */
export class Dictionary {
  readonly texts: string[] = [];
  readonly #places = new Map<string, number>();

  /** The place of a text; -1 for none. */
  of(text: string | null | undefined): number {
    if (text === null || text === undefined) return -1;
    let place = this.#places.get(text);
    if (place === undefined) {
      place = this.texts.push(text) - 1;
      this.#places.set(text, place);
    }
    return place;
  }
}
