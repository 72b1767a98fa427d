import { copyOf } from "./message_form.ts";

/**
 * Texts that are kept for long, most of them alike: each as one copy. A text
 * that is cut from a line holds on to the whole piece of the log around it.
 */
export class SharedTexts {
  #known = new Map<string, string>();

  of(text: string): string {
    if (text.length <= longestCopied) return text;
    let known = this.#known.get(text);
    if (known === undefined) {
      if (this.#known.size === mostKnown) this.#known.clear();
      known = copyOf(text);
      this.#known.set(known, known);
    }
    return known;
  }
}

/** What is cut from a text is a copy if it is not longer. */
export const longestCopied = 12;

const mostKnown = 4096;
