import { type Exception, exceptionIn } from "./exceptions.ts";
import { copyOf } from "./shared_texts.ts";

/** The lines that continue a line, as attributes of its events. */
export interface Continued extends Exception {
  /** The text of the lines. */
  more: string;
  /** How many of them are cut short or left out of `more`. */
  more_cut?: number;
}

// Kept of the lines that continue one line: their beginning, and their end,
// where a traceback has its exception.
const maxStart = 1 << 16;
const maxEnd = 1 << 14;

/** Collects the lines that continue one line, in bounded memory. */
export class Continuation {
  /** Everything, until it is too long. */
  #start = "";
  #end = "";
  #isCut = false;
  #lines = 0;
  /** Empty lines, which count if others follow. */
  #empty = 0;

  add(line: string): void {
    if (line === "") {
      this.#empty++;
      return;
    }
    // A log may contain 1e9 empty lines.
    const breaks = Math.min(this.#empty + Number(this.#lines > 0), maxStart);
    const text = "\n".repeat(breaks) + line;
    this.#lines += this.#empty + 1;
    this.#empty = 0;
    if (this.#isCut) {
      this.#end += text;
      if (this.#end.length > 2 * maxEnd) this.#end = this.#end.slice(-maxEnd);
      return;
    }
    this.#start += text;
    if (this.#start.length <= maxStart + maxEnd) return;
    this.#isCut = true;
    this.#end = this.#start.slice(-maxEnd);
    this.#start = this.#start.slice(0, maxStart);
  }

  /** The lines, and the exception if they are a traceback. */
  result(): Continued | undefined {
    if (this.#lines === 0) return undefined;
    // The cut may be inside of a surrogate pair; the text is no slice of a chunk.
    const [more, kept] = this.#text();
    const text = copyOf(more.toWellFormed());
    const cut = this.#isCut ? { more_cut: this.#lines - kept } : {};
    return { more: text, ...cut, ...exceptionIn(text) };
  }

  #text(): [text: string, wholeLines: number] {
    const start = this.#start;
    if (!this.#isCut) return [start, this.#lines];
    const end = this.#end.slice(-maxEnd);
    const firstBreak = end.indexOf("\n");
    const wholeEnd = end.slice(firstBreak + 1);
    const whole = breaksIn(start) +
      (firstBreak < 0 ? 0 : 1 + breaksIn(wholeEnd));
    // As indented as the frames of a traceback.
    return [`${start}\n  …\n${wholeEnd}`, whole];
  }
}

const breaksIn = (text: string): number => text.split("\n").length - 1;

/** The exception in the traceback that continues a record, as attributes. */
export function raisedIn(
  { continued = {} }: { continued?: Exception | undefined },
): Exception {
  const { exception, exception_message, exception_causes } = continued;
  return { exception, exception_message, exception_causes };
}

/** Collects lines that are at hand. */
export function continuedBy(lines: Iterable<string>): Continued | undefined {
  const continuation = new Continuation();
  for (const line of lines) continuation.add(line);
  return continuation.result();
}
