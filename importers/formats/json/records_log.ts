import type { LogFormat } from "../format.ts";
import type { LineBeginning, LogRecord } from "../../lines/prefix.ts";
import { messageOfRecord } from "./message.ts";
import { parseRecord } from "./parse.ts";
import { type JsonSpanRule, recordSpans } from "./record_spans.ts";
import { timeOfRecord } from "./time.ts";

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
    open: (writer) => recordSpans(writer, spans),
  };
}

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
        message: messageOfRecord(members, message),
        line,
        offset,
        members,
        json: text,
      };
    },
    isDamaged: (text) => text.trim() !== "",
  };
}
