import { copyOf } from "./message_form.ts";
import { type FormList, StatementForms } from "./form_list.ts";

/** What stands between the time of a line and its message. */
export interface Heading {
  thread: string;
  logger?: string | undefined;
  level: string;
  /** How long it is. */
  length: number;
  /** The forms of what the statement writes that wrote the line. */
  forms?: FormList | undefined;
}

/** How such headings are written. */
export interface HeadingForm {
  /** What all end with, and what most hold nowhere else. */
  ending: string;
  pattern: RegExp;
  /** Reads one that the pattern fits. */
  read(found: RegExpExecArray): Omit<Heading, "length">;
  /** Which part of one is the same for all threads. */
  statement(found: RegExpExecArray): string;
}

/** Reads headings: the same one stands in very many lines. */
export function headingReader(
  { ending, pattern, read, statement }: HeadingForm,
): (text: string, start: number) => Heading | undefined {
  const known = new Map<string, Heading>();
  const forms = new StatementForms();
  const readNew = (written: string): Heading | undefined => {
    const found = pattern.exec(written);
    return found ? { ...read(found), length: found[0].length } : undefined;
  };
  return (text, start) => {
    const end = text.indexOf(ending, start);
    if (end < 0) return undefined;
    const written = text.slice(start, end + ending.length);
    const heading = known.get(written);
    if (heading) return heading;
    const copy = copyOf(written);
    const found = pattern.exec(copy);
    // The name of a thread may be anything.
    if (!found) return readNew(text.slice(start));
    if (known.size === mostKnown) known.clear();
    const made = {
      ...read(found),
      length: found[0].length,
      forms: forms.of(statement(found)),
    };
    known.set(copy, made);
    return made;
  };
}

const mostKnown = 4096;
