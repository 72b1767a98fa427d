import type { SourceReport } from "../report.ts";
import { templateOf } from "./template.ts";

const mostListed = 1000;

/** Counts messages that no rule knows, by their templates. */
export class UnknownMessages {
  /** How many there were. */
  count = 0;

  #counts = new Map<string, { count: number; line: number }>();

  add(message: string, line: number): void {
    this.count++;
    const template = templateOf(message.slice(0, 200)).text;
    const known = this.#counts.get(template);
    if (known) known.count++;
    else if (this.#counts.size < mostListed) {
      this.#counts.set(template, { count: 1, line });
    }
  }

  /** Their templates, the commonest first. */
  commonest(): SourceReport["notUnderstoodTemplates"] {
    return [...this.#counts]
      .map(([template, { count, line }]) => ({ template, count, line }))
      .sort((a, b) => b.count - a.count || a.line - b.line);
  }
}
