import type { SourceReport } from "../report.ts";
import { templateOf } from "./template.ts";

const mostListed = 1000;
const longestExample = 200;

/** Counts messages that no rule knows, by their templates. */
export class UnknownMessages {
  /** How many there were. */
  count = 0;

  #counts = new Map<
    string,
    { count: number; line: number; example: string }
  >();

  add(message: string, line: number): void {
    this.count++;
    const example = message.slice(0, longestExample);
    const template = templateOf(example).text;
    const known = this.#counts.get(template);
    if (known) known.count++;
    else if (this.#counts.size < mostListed) {
      this.#counts.set(template, { count: 1, line, example });
    }
  }

  /** Their templates, the commonest first. */
  commonest(): SourceReport["notUnderstoodTemplates"] {
    return [...this.#counts]
      .map(([template, known]) => ({ template, ...known }))
      .sort((a, b) => b.count - a.count || a.line - b.line);
  }
}
