import type { SpanWriter } from "../store/span_writer.ts";
import type { LogRecord } from "./prefix.ts";

/** Reads messages that match a pattern; false leaves them to later rules. */
export type MessageRule = readonly [
  pattern: RegExp,
  read: (found: RegExpExecArray, record: LogRecord) => boolean | void,
];

/** A reader of messages by the first rule that reads them; false if none does. */
export const ruleReader =
  (rules: readonly MessageRule[]) => (record: LogRecord): boolean => {
    for (const rule of rules) {
      const found = rule[0].exec(record.message);
      if (found && rule[1](found, record) !== false) return true;
    }
    return false;
  };

/** Finds the span with a number; none if a record only mentions it. */
type FindSpan = (number: string, record: LogRecord) => number | undefined;

/**
 * Rules for messages that are named events of the spans whose numbers their
 * patterns capture.
 */
export const eventRules = (
  writer: SpanWriter,
  span: (number: string) => number,
  events: Readonly<Record<string, RegExp>>,
): MessageRule[] =>
  Object.entries(events).map((
    [event, pattern],
  ) => [pattern, (found, record) => {
    for (const number of numbersIn(found)) {
      writer.event(span(number), event, record);
    }
  }]);

/**
 * A rule for other messages about the spans whose numbers they mention, if there
 * is one.
 */
export const messageRule = (
  writer: SpanWriter,
  span: FindSpan,
  pattern: RegExp,
): MessageRule => [pattern, (found, record) => {
  let isFound = false;
  for (const number of numbersIn(found)) {
    const id = span(number, record);
    if (id === undefined) continue;
    writer.message(id, record.message, record);
    isFound = true;
  }
  // Others of the shape may mention known spans.
  if (!isFound) record.shape = undefined;
  return isFound;
}];

/** "[1, 2]" or "3" as ["1", "2"] or ["3"]. */
export const numbersOf = (text: string): string[] =>
  /^\d+$/.test(text) ? [text] : text.match(/\d+/g) ?? [];

/** The captured numbers; an empty one if nothing is captured. */
function numbersIn(found: RegExpExecArray): string[] {
  for (let i = 1; i < found.length; i++) {
    if (found[i] !== undefined) return numbersOf(found[i]!);
  }
  return [""];
}
