import { copyOf } from "../../display/text/copy_of.ts";

export { copyOf };

/** Copies of texts that are kept for long, most of them equal. */
export class SharedTexts {
  #known = new Map<string, string>();

  of(text: string): string {
    if (text.length <= maxCopied) return text;
    let known = this.#known.get(text);
    if (known === undefined) {
      if (this.#known.size === maxKnown) this.#known.clear();
      known = copyOf(text);
      this.#known.set(known, known);
    }
    return known;
  }
}

/** V8 copies a slice up to this length. */
const maxCopied = 12;

const maxKnown = 4096;
