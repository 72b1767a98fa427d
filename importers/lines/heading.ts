import { copyOf } from "./message_form.ts";
import { type FormList, StatementForms } from "./form_list.ts";
import { standsAt } from "./stands_at.ts";

/** What stands between the time of a line and its message. */
export interface Heading {
  thread: string;
  logger?: string | undefined;
  level: string;
  /** How long it is. */
  length: number;
  /** As it is written. */
  written: string;
  /** The one that came after it last: it often does so again. */
  next?: Heading | undefined;
  /** The forms of what the statement writes that wrote the line. */
  forms?: FormList | undefined;
}

/** How such headings are written. */
export interface HeadingForm {
  /** What all end with, and what most hold nowhere else. */
  ending: string;
  pattern: RegExp;
  /** Reads one that the pattern fits. */
  read(found: RegExpExecArray): Omit<Heading, "length" | "written">;
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
    if (!found) return undefined;
    const [whole] = found;
    return { ...read(found), length: whole.length, written: whole };
  };
  const readKnown = (text: string, start: number): Heading | undefined => {
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
    const made: Heading = {
      ...read(found),
      length: copy.length,
      written: copy,
      forms: forms.of(statement(found)),
    };
    known.set(copy, made);
    return made;
  };
  let last: Heading | undefined;
  return (text, start) => {
    // To compare is faster than to look up.
    const guess = last?.next;
    if (guess && standsAt(text, guess.written, start)) return last = guess;
    const heading = readKnown(text, start);
    if (heading?.forms) {
      if (last) last.next = heading;
      last = heading;
    }
    return heading;
  };
}

const mostKnown = 4096;
