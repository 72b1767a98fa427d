import type { LogRecord } from "./prefix.ts";

/**
 * A pattern of messages. Messages of one form differ in numbers alone: which
 * numbers these are, a pattern must not ask.
 */
export interface MessagePattern {
  /** What it finds in the message of a record; null if it does not fit. */
  exec(record: Message): RegExpExecArray | null;
  /** Whether it fits the message of a record. */
  test(record: Message): boolean;
}

/** What a pattern looks at. */
export type Message = Pick<LogRecord, "message" | "form">;

// Forms outlive an import, and keep what was found of each number. So a pattern
// has one for good: a number for each log that it reads would never be let go.
let count = 0;
const made = new WeakMap<RegExp, MessagePattern>();

/**
 * Makes a pattern that looks once at the messages that it does not fit. It is the
 * same one for the same expression.
 */
export function messagePattern(pattern: RegExp): MessagePattern {
  const known = made.get(pattern);
  if (known) return known;
  const numbered = numberedPattern(pattern, count++);
  made.set(pattern, numbered);
  return numbered;
}

function numberedPattern(pattern: RegExp, number: number): MessagePattern {
  return {
    exec({ message, form }) {
      if (form === undefined) return pattern.exec(message);
      if (form.patterns[number] === false) return null;
      const found = pattern.exec(message);
      form.patterns[number] = found !== null;
      return found;
    },
    test({ message, form }) {
      if (form === undefined) return pattern.test(message);
      return form.patterns[number] ??= pattern.test(message);
    },
  };
}

/** Finds the named event that a message is, by patterns per event. */
export function eventFinder(
  patterns: Readonly<Record<string, RegExp>>,
): (record: Message) => { event: string; found: RegExpExecArray } | undefined {
  const events = Object.entries(patterns)
    .map(([event, pattern]) => ({ event, pattern: messagePattern(pattern) }));
  return (record) => {
    for (const { event, pattern } of events) {
      const found = pattern.exec(record);
      if (found) return { event, found };
    }
    return undefined;
  };
}
