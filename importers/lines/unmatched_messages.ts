import type { SourceReport } from "../report/report.ts";
import { copyOf, type MessageForm } from "./message_form.ts";
import type { LogRecord } from "./prefix.ts";
import { templateOf } from "./template.ts";

const mostListed = 1000;
const mostForms = 16_384;
const longestExample = 200;

/** A message that no rule knows. */
type Unknown = Pick<LogRecord, "message" | "line" | "form">;

interface Counted {
  count: number;
  line: number;
  example: string;
}

/** Counts messages that no rule knows, by their templates. */
export class UnmatchedMessages {
  /** How many there were. */
  count = 0;

  #counts = new Map<string, Counted>();
  #byForm = new Map<MessageForm, Counted>();

  add({ message, line, form }: Unknown): void {
    this.count++;
    const known = form && this.#byForm.get(form);
    if (known) known.count++;
    else {
      const counted = this.#count(message, line);
      const isWhole = message.length <= longestExample;
      if (form && isWhole && counted) {
        // Of a log in which each line has a thread of its own, forms never end.
        if (this.#byForm.size === mostForms) this.#byForm.clear();
        this.#byForm.set(form, counted);
      }
    }
  }

  #count(message: string, line: number): Counted | undefined {
    const example = message.slice(0, longestExample);
    const template = templateOf(example).text;
    let known = this.#counts.get(template);
    if (!known && this.#counts.size === mostListed) return undefined;
    if (!known) {
      known = { count: 0, line, example: copyOf(example) };
      this.#counts.set(copyOf(template), known);
    }
    known.count++;
    return known;
  }

  /** Their templates, the commonest first. */
  commonest(): SourceReport["unmatchedTemplates"] {
    return [...this.#counts]
      .map(([template, known]) => ({ template, ...known }))
      .sort((a, b) => b.count - a.count || a.line - b.line);
  }
}
