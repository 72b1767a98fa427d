import { copyOf } from "../lines/message_form.ts";
import { longestCopied } from "../lines/shared_texts.ts";

/**
 * The ids of the spans of one type whose keys begin alike, by what the keys go
 * on with.
 */
export class SpanIds {
  #start: string;
  #ids = new Map<string | number, number>();

  /** What the keys begin with: values, joined as keys are. */
  constructor(start: string) {
    this.#start = start;
  }

  get(rest: string): number | undefined {
    return this.#ids.get(shortKey(rest));
  }

  set(rest: string, id: number): void {
    const key = shortKey(rest);
    const isCut = typeof key === "string" && key.length > longestCopied;
    this.#ids.set(isCut ? copyOf(key) : key, id);
  }

  /** The whole key. */
  key(rest: string): string {
    const start = this.#start;
    return start && rest ? `${start}/${rest}` : start + rest;
  }

  /** What a key goes on with; undefined of one that begins otherwise. */
  rest(key: string): string | undefined {
    const start = this.#start;
    if (start === "") return key;
    if (key.startsWith(`${start}/`)) return key.slice(start.length + 1);
    return key === start ? "" : undefined;
  }
}

/**
 * A whole number, as it is usually written, as a number, and any other text as
 * it is: in a map numbers are found faster than text, and take less memory.
 */
export function shortKey(text: string): string | number {
  const { length } = text;
  if (length === 0 || length > 9) return text;
  if (length > 1 && text.startsWith("0")) return text;
  let number = 0;
  for (let i = 0; i < length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return text;
    number = 10 * number + digit;
  }
  return number;
}
