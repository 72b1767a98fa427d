import type { OptionNames } from "../../../display/text/mistakes.ts";
import { importOptionNames, type ImportOptions } from "../../store/options.ts";
import { sha256 } from "../../container/sha256.ts";

/**
 * Names of a record's members: `"task_id"`, or `"context.task_id"` for a nested
 * one. They become attributes with the same names; an object gives others:
 * `{ task: "context.task_id" }`.
 */
export type MemberNames =
  | string
  | readonly string[]
  | Readonly<Record<string, string>>;

/** Spans of one type, created from the records of a JSON log. */
export interface JsonSpan {
  /** Type of the spans: "academy.action". */
  span: string;
  /** Members that identify a span; a record without one of them has none. */
  identity: MemberNames;
  /**
   * The member that names the event. Without it, the event's type is the
   * template of the message.
   */
  event?: string;
  /**
   * Members with a time of their own, by the name of the event at that time:
   * `{ created: "timestamp.created", started: "timestamp.compute_started" }`. A
   * record has an event for each one that it has a time for, and no other unless
   * `event` names it.
   */
  events?: MemberNames;
  /**
   * Members that become metrics of the span, at the time of the record or of its
   * last event, by the name of their family: `{ usage: ["cpu", "memory"] }`. A
   * record with numbers has no event without a name.
   */
  metrics?: Readonly<Record<string, MemberNames>>;
  /** Members that become further attributes of the span. */
  details?: MemberNames;
}

/** How to read a JSON log. */
export interface JsonLogOptions extends ImportOptions, Partial<JsonSpan> {
  /**
   * The member with the time of a record: Unix seconds, smaller units detected
   * by their size, or a date and time, in `timeZone` if it has no zone. By
   * default the first of the usual names: created, timestamp, time, asctime, ...
   */
  time?: string;
  /**
   * How each line is a record: as `"json"`, the default; as `"pairs"` key=value
   * in any order, as NetLogger and logfmt write them, whose other text is the
   * message if no pair is; or as `"syslog"`, by RFC 3164 or 5424, with the members
   * time, host, logger, process, level and message, and the pairs in it.
   */
  form?: "json" | "pairs" | "syslog";
  /** The year of the first line, for times without one, as in syslog. */
  year?: number;
  /** The member with the message, by default formatted, message, msg, ... */
  message?: string;
  /** Several types of spans; `span` and its companions describe one. */
  spans?: readonly JsonSpan[];
}

export const jsonLogOptionNames: OptionNames<JsonLogOptions> = {
  time: true,
  form: true,
  year: true,
  message: true,
  span: true,
  identity: true,
  event: true,
  events: true,
  spans: true,
  metrics: true,
  details: true,
  ...importOptionNames,
};

/**
 * Checks and normalizes options. There is no variant without an option that
 * changes how records are read.
 *
 * @throws {TypeError} if spans have no type or no identity.
 */
export function recordsOptions(
  { time, message, form = "json", year, spans = [], ...single }: JsonLogOptions,
) {
  if (!["json", "pairs", "syslog"].includes(form)) {
    throw new TypeError(
      `form must be "json", "pairs" or "syslog"; it is ${JSON.stringify(form)}`,
    );
  }
  checkYear(year);
  const { span, identity, event, events, metrics, details } = single;
  if ((span === undefined) !== (identity === undefined)) {
    throw new TypeError(
      "the options span (the type of the spans) and identity (the members " +
        "that identify one) go together: one of them is missing",
    );
  }
  const own = { span, identity, event, events, metrics, details };
  const rules = [...spans, ...span === undefined ? [] : [own]].map(ruleOf);
  const changes = [time, message, form === "json" ? undefined : form, year];
  if (changes.every((option) => option === undefined) && rules.length === 0) {
    return {};
  }
  const written = JSON.stringify([...changes, rules]);
  const variant = sha256().update(written).digest("hex").slice(0, 8);
  return { variant, time, message, form, year, spans: rules };
}

/** Checks a year that times without one are in. */
export function checkYear(year: number | undefined): void {
  if (year === undefined || Number.isInteger(year)) return;
  throw new TypeError(
    `year must be a whole number, such as 2026; it is ${JSON.stringify(year)}`,
  );
}

/** How to read a JSON log, with names of members as pairs. */
export type RecordsLogOptions = Partial<ReturnType<typeof recordsOptions>>;

function ruleOf(
  given: { [Name in keyof JsonSpan]?: JsonSpan[Name] | undefined },
) {
  const { span, identity, event, events = [], metrics = {}, details = [] } =
    given;
  if (typeof span !== "string" || identity === undefined) {
    throw new TypeError(
      "expected { span, identity, event?, events?, metrics?, details? } in spans, " +
        "found " +
        JSON.stringify(given),
    );
  }
  const names = namesOf(identity);
  if (names.length === 0) {
    throw new TypeError(`the identity of ${span} names no member`);
  }
  return {
    type: span,
    identity: names,
    details: namesOf(details),
    event,
    events: namesOf(events),
    metrics: Object.entries(metrics)
      .map(([metric, members]) => ({ metric, members: namesOf(members) })),
  };
}

/** Names of members as pairs of a new name and the member's. */
export type MemberPairs = readonly (readonly [name: string, member: string])[];

export function namesOf(names: MemberNames): MemberPairs {
  if (typeof names === "string") return [[names, names]];
  if (typeof names !== "object" || !names) {
    throw new TypeError(`expected names of members, found ${names}`);
  }
  return Array.isArray(names)
    ? names.map((name) => [name, name] as const)
    : Object.entries(names);
}
