import type { SourceReport } from "../report/report.ts";
import type { LogRecord } from "./prefix.ts";
import { copyOf } from "./shared_texts.ts";
import { templateOf } from "./template.ts";

const maxTemplates = 1000;
const maxExample = 200;

/** Counts messages that no rule matches, by template. */
export class UnmatchedMessages {
  count = 0;

  #counts = new Map<string, SourceReport["unmatchedTemplates"][number]>();

  add(
    { message, line, shape }: Pick<LogRecord, "message" | "line" | "shape">,
  ): void {
    this.count++;
    const example = message.slice(0, maxExample);
    const whole = shape ? shape.text : templateOf(message).text;
    const template = whole.length > maxExample
      ? `${whole.slice(0, maxExample)}…`
      : whole;
    const known = this.#counts.get(template);
    if (known) known.count++;
    else if (this.#counts.size < maxTemplates) {
      const text = copyOf(template);
      const counted = { count: 1, line, example: copyOf(example) };
      this.#counts.set(text, { template: text, ...counted });
    }
  }

  /** The commonest templates first. */
  commonest(): SourceReport["unmatchedTemplates"] {
    return [...this.#counts.values()]
      .sort((a, b) => b.count - a.count || a.line - b.line);
  }
}
