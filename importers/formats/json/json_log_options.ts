import type { ImportOptions } from "../../store/options.ts";

/**
 * Members of a record, by their names: `"task_id"`, or `"context.task_id"` for
 * one inside of another. They become attributes of the same names, or of others
 * where an object gives these: `{ task: "context.task_id" }`.
 */
export type MemberNames =
  | string
  | readonly string[]
  | Readonly<Record<string, string>>;

/** Spans of one type that the records of a JSON log tell of. */
export interface JsonSpan {
  /** The type of the spans: "academy.action". */
  span: string;
  /**
   * What identifies a span of that type. A record that has not all of these
   * members tells of none.
   */
  identity: MemberNames;
  /**
   * The member with the name of what happened. Without one, or in a record that
   * has it not, the event's type is the template of the message.
   */
  event?: string;
  /** What else a record says of the span: its attributes. */
  says?: MemberNames;
}

/** How a JSON log is read. */
export interface JsonLogOptions extends ImportOptions, Partial<JsonSpan> {
  /**
   * The member that says when a record was made: Unix seconds, or milliseconds
   * and so on by their size, or a date and time, by the clock of `timeZone` if
   * it says no zone. If not given, the first of the usual names: created,
   * timestamp, time, asctime, ...
   */
  time?: string;
  /** The member with the message; formatted, message, msg, ..., if not given. */
  message?: string;
  /** Several types of spans, where `span` is one. */
  spans?: readonly JsonSpan[];
}
