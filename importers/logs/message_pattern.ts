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

let count = 0;

/** Makes a pattern that looks once at the messages that it does not fit. */
export function messagePattern(pattern: RegExp): MessagePattern {
  const number = count++;
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
