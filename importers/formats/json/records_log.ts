import { unixTime, type WrittenTime } from "../../clock/written_time.ts";
import type { BinaryContext, LogFormat, RecordReader } from "../format.ts";
import type { LineBeginning } from "../../lines/prefix.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import type { RecordsLogOptions } from "./options.ts";
import {
  memberOf,
  type Members,
  messageOfRecord,
  originOf,
  parseRecord,
  textOf,
  timeOfRecord,
} from "./records.ts";

/**
 * A JSON log of any program: one object or array per line. All records are kept
 * unchanged; records that match a rule for spans also become events.
 */
export function recordsLog(
  { variant = "", time, message, spans }: RecordsLogOptions = {},
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
    read(json) {
      const value = parseRecord(json);
      if (value === undefined) return undefined;
      const members = Array.isArray(value) ? {} : value;
      const when = timeOfRecord(members, time);
      if (!when && time !== undefined) return undefined;
      const text = messageOfRecord(members, message);
      return { time: NaN, ...when, message: text, members, json };
    },
    isDamaged: (text) => text.trim() !== "",
    isWhole: (text) => parseRecord(text) !== undefined,
  };
}

/** Creates spans and events from records. Without rules every record matches. */
function recordSpans(
  writer: SpanWriter,
  rules: RecordsLogOptions["spans"] = [],
): RecordReader {
  const kinds = rules.map((rule) => ({
    ...rule,
    kind: writer.kind(rule.type, {}, rule.identity.map(([name]) => name)),
  }));
  return {
    read(record) {
      const members = record.members ?? {};
      let isMatched = kinds.length === 0;
      for (const { kind, identity, says, event } of kinds) {
        const values = identity.map(([, name]) => textIn(members, name));
        if (!values.every((value) => value !== undefined)) continue;
        isMatched = true;
        const id = kind.id(...values);
        const more = says
          .map(([attribute, name]) => [attribute, textIn(members, name)]);
        writer.add(id, Object.fromEntries(more));
        const named = event && textIn(members, event);
        record.origin ??= originOf(members);
        if (named) writer.event(id, named, record);
        else writer.message(id, record.message, record);
      }
      return isMatched ? "matched" : "unmatched";
    },
  };
}

/** Returns a reader of a document's records, which may have no time. */
export function documentRecords(
  { writer, keeper, clock, unmatched }: BinaryContext,
  { message, spans }: RecordsLogOptions,
) {
  const reader = recordSpans(writer, spans);
  return (
    { members, json }: { members: Record<string, unknown>; json: string },
    line: number,
    when: WrittenTime | undefined,
    isMalformed = false,
  ) => {
    const time = unixTime(when, clock);
    const text = messageOfRecord(members, message);
    const place = { thread: "", line, offset: null };
    const record = { ...place, time, message: text, members, json };
    const isMatched = reader.read(record) === "matched";
    if (!isMatched && !isMalformed) unmatched.add(record);
    keeper.keep(record, isMatched);
  };
}

const textIn = (members: Members, name: string): string | undefined =>
  textOf(memberOf(members, name));
