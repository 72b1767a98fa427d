import type { Clock } from "../../clock/clock.ts";
import {
  type readTime,
  timeReader,
  unixTime,
  type WrittenTime,
} from "../../clock/written_time.ts";
import type { BinaryContext, LogFormat, RecordReader } from "../format.ts";
import { namedNumbers, writeNumbers } from "../../lines/metrics.ts";
import type { LineBeginning, LogRecord } from "../../lines/prefix.ts";
import { pairsIn, valuesOf } from "../../lines/pairs.ts";
import { syslogMembers } from "../../lines/syslog.ts";
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
  timeOfValue,
} from "./records.ts";

/**
 * A JSON log of any program: one object or array per line. All records are kept
 * unchanged; records that match a rule for spans also become events.
 */
export function recordsLog(
  { variant = "", spans, ...reading }: RecordsLogOptions = {},
): LogFormat {
  const newReader = () => timeReader(reading.year);
  let readText = newReader();
  return {
    importer: "json",
    variant,
    records: "all",
    beginning: recordBeginning(reading, (text) => readText(text)),
    open(writer, _, { clock }) {
      // The first lines may have been read before, to recognize the log.
      readText = newReader();
      return recordSpans(writer, clock, spans);
    },
  };
}

function recordBeginning(
  { time, message, form = "json" }: RecordsLogOptions,
  readText: typeof readTime,
): LineBeginning {
  const isJson = form === "json";
  const parse = parsers[form];
  return {
    read(line) {
      const value = parse(isJson ? line : line.toWellFormed());
      if (value === undefined) return undefined;
      const members = Array.isArray(value) ? {} : value;
      const when = timeOfRecord(members, time, readText);
      if (!when && (time !== undefined || !isJson)) return undefined;
      const json = isJson ? line : JSON.stringify(members);
      const text = messageOfRecord(members, message);
      return { time: NaN, ...when, message: text, members, json };
    },
    // Text lines may be continued, by a traceback, or cut.
    isDamaged: (text) => isJson && text.trim() !== "",
    ...isJson && { isWhole: (text) => parseRecord(text) !== undefined },
  };
}

const parsers = {
  json: parseRecord,
  pairs: pairMembers,
  syslog: syslogMembers,
} as const;

/** The pairs of a line as members, and its other text as message. */
function pairMembers(line: string): Record<string, string> | undefined {
  const pairs = pairsIn(line);
  if (pairs.length === 0) return undefined;
  const members = valuesOf(pairs);
  let message = "";
  let after = 0;
  for (const { key, place: [start, end] } of pairs) {
    message += line.slice(after, start - key.length - 1);
    after = /[,;]/.test(line[end] ?? "") ? end + 1 : end;
  }
  message = `${message}${line.slice(after)}`.replace(/\s+/g, " ").trim();
  return message && messageOfRecord(members) === ""
    ? { ...members, message }
    : members;
}

/** Creates spans and events from records. Without rules every record matches. */
function recordSpans(
  writer: SpanWriter,
  clock: Clock,
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
      let isMalformed = false;
      for (const { kind, identity, details, event, events, metrics } of kinds) {
        const values = identity.map(([, name]) => textIn(members, name));
        if (!values.every((value) => value !== undefined)) continue;
        isMatched = true;
        const id = kind.id(...values);
        const more = details
          .map(([attribute, name]) => [attribute, textIn(members, name)]);
        writer.add(id, Object.fromEntries(more));
        const named = event && textIn(members, event);
        record.origin ??= originOf(members);
        const families = metrics.map(({ metric, members: names }) => ({
          metric,
          numbers: namedNumbers(
            names.map(([name, member]) => [name, memberOf(members, member)]),
          ),
        })).filter(({ numbers }) => numbers.length > 0);
        if (named) writer.event(id, named, record);
        else if (events.length + families.length === 0) {
          writer.message(id, record.message, record);
        }
        let last = NaN;
        for (const [name, member] of events) {
          const value = memberOf(members, member);
          if (!textOf(value)) continue;
          const written = timeOfValue(value);
          const time = unixTime(written, clock);
          if (written?.isLocal) record.isLocal = true;
          if (Number.isNaN(time)) isMalformed = true;
          else writer.event(id, name, { ...record, time });
          if (!(time < last)) last = time;
        }
        const time = Number.isNaN(record.time) ? last : record.time;
        for (const { metric, numbers } of families) {
          const at = { ...record, time };
          const reading = writeNumbers(writer, id, metric, numbers, at);
          if (reading === "malformed") isMalformed = true;
        }
      }
      if (isMalformed) return "malformed";
      return isMatched ? "matched" : "unmatched";
    },
  };
}

/** Returns a reader of a document's records, which may have no time. */
export function documentRecords(
  { writer, keeper, clock, unmatched }: BinaryContext,
  { message, spans }: RecordsLogOptions,
) {
  const reader = recordSpans(writer, clock, spans);
  return (
    { members, json }: { members: Record<string, unknown>; json: string },
    line: number,
    when: WrittenTime | undefined,
    isMalformed = false,
  ) => {
    const time = unixTime(when, clock);
    const text = messageOfRecord(members, message);
    const place = { thread: "", line, offset: null };
    const record: LogRecord = {
      ...place,
      time,
      isLocal: when?.isLocal ?? false,
      message: text,
      members,
      json,
    };
    const reading = reader.read(record);
    if (reading === "unmatched" && !isMalformed) unmatched.add(record);
    keeper.keep(record, reading === "matched");
    return {
      isLocal: record.isLocal === true,
      isMalformed: isMalformed || reading === "malformed",
    };
  };
}

const textIn = (members: Members, name: string): string | undefined =>
  textOf(memberOf(members, name));
