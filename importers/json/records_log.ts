import type { LogFormat, RecordReader } from "../logs/format.ts";
import type { LineBeginning, LogRecord } from "../logs/prefix.ts";
import type { SpanWriter } from "../logs/span_writer.ts";
import { memberOf, type Members, textOf } from "./members.ts";
import { parseRecord } from "./parse.ts";
import { timeOfRecord } from "./time.ts";

/** Spans that the records of a JSON log tell of. */
export interface JsonSpanRule {
  /** The type of the spans. */
  type: string;
  /** By the name of an attribute, the member: what identifies the span. */
  identity: ReadonlyMap<string, string>;
  /** By the name of an attribute, the member: what else is said of the span. */
  says: ReadonlyMap<string, string>;
  /** The member with the name of the event. */
  event: string | undefined;
}

/** How a JSON log of any program is read. */
export interface RecordsLogOptions {
  /** Tells these options from others. */
  variant?: string;
  /** The member with the time, if not one of the usual names. */
  time?: string | undefined;
  /** The member with the message, if not one of the usual names. */
  message?: string | undefined;
  spans?: readonly JsonSpanRule[];
}

/**
 * A JSON log of any program: one object or array a line. All of its records are
 * kept as they are, and those that tell of a span become events too.
 */
export function recordsLog(
  { variant = "", time, message, spans = [] }: RecordsLogOptions = {},
): LogFormat {
  return {
    importer: "json",
    variant,
    records: "all",
    beginning: recordBeginning(time, message),
    open: (writer) => openSpans(writer, spans),
  };
}

const usualMessages = ["formatted", "message", "msg", "event", "text"];

function recordBeginning(
  time: string | undefined,
  message: string | undefined,
): LineBeginning {
  return {
    read(text, line, offset): LogRecord | undefined {
      const value = parseRecord(text);
      if (value === undefined) return undefined;
      const members = Array.isArray(value) ? {} : value;
      const when = timeOfRecord(members, time);
      if (!when && time !== undefined) return undefined;
      return {
        // What says no time has none.
        ...when ?? { time: NaN, isLocal: false },
        thread: "",
        level: "",
        message: messageOf(members, message) ?? "",
        line,
        offset,
        members,
        json: text,
      };
    },
    isDamaged: (text) => text.trim() !== "",
  };
}

function messageOf(
  members: Members,
  name: string | undefined,
): string | undefined {
  const found = name === undefined
    ? usualMessages.map((name) => members[name])
      .find((value) => typeof value === "string")
    : memberOf(members, name);
  return textOf(found);
}

function openSpans(
  writer: SpanWriter,
  rules: readonly JsonSpanRule[],
): RecordReader {
  const kinds = rules.map((rule) => ({
    ...rule,
    kind: writer.kind(rule.type, {}, [...rule.identity.keys()]),
  }));
  return {
    read(record) {
      const members = record.members ?? {};
      let isTold = kinds.length === 0;
      for (const { kind, identity, says, event } of kinds) {
        const values = [...identity.values()]
          .map((name) => textOf(memberOf(members, name)));
        if (!values.every((value) => value !== undefined)) continue;
        isTold = true;
        const id = kind.id(...values);
        const more = says.entries().map(([attribute, name]) => [
          attribute,
          textOf(memberOf(members, name)),
        ]);
        if (says.size) writer.add(id, Object.fromEntries(more));
        const named = event && textOf(memberOf(members, event));
        if (named) writer.event(id, named, record);
        else writer.message(id, record.message, record);
      }
      return isTold ? "understood" : "unknown";
    },
  };
}
