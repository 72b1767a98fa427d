import type { BinaryFormat, LogFormat, RecordReader } from "../format.ts";
import { startText } from "../../container/chunks.ts";
import { continuedBy } from "../../lines/continuation.ts";
import { className, exceptionIn, shortened } from "../../lines/exceptions.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import { elementsIn } from "../json/elements.ts";
import { listOf, type Members, parseRecord, textOf } from "../json/records.ts";
import { keyValuesOf, membersOf } from "./values.ts";

/**
 * Traces in OTLP/JSON: a line for each exported batch of spans.
 * https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/
 */
export const otlpTraces: LogFormat = {
  importer: "otlp.jsonl",
  signature: (start) => hasBatch(start),
  records: "unmatched",
  beginning: {
    read(json) {
      const [, message] = batch.exec(json) ?? [];
      const members = message === undefined ? undefined : parseRecord(json);
      if (!members || Array.isArray(members)) return undefined;
      return { time: NaN, message: message!, members, json };
    },
    isDamaged: (text) => text.trim() !== "",
    isWhole: (text) => parseRecord(text) !== undefined,
  },
  open: (writer) => readBatches(writer),
};

/**
 * The beginning of a batch that is on one line. The collector may write logs and
 * metrics to the same file.
 */
const batch = /^\ufeff?[ \t]*\{[ \t]*"(resource(?:Spans|Logs|Metrics))"[ \t]*:/;

/** Whether any of the first lines has spans: the ones above may be damaged. */
const hasBatch = (start: string): boolean =>
  /^(?:ï»¿)?[ \t]*\{[ \t]*"resourceSpans"[ \t]*:/m.test(start);

/**
 * The same in documents over many lines, as jq prints them. The line of an event
 * is the number of its resource, from 1.
 */
export const otlpDocument: BinaryFormat = {
  importer: "otlp.json",
  signature: isDocument,
  sniff: (start) => isDocument(startText(start)),
  read(chunks, { writer }) {
    const { read } = readBatches(writer);
    const malformed: number[] = [];
    let line = 0;
    let tooLong: string | undefined;
    const elements = elementsIn(chunks, {
      member: "resourceSpans",
      onMember: () => {},
    });
    for (;;) {
      const { value: json, done } = elements.next();
      if (done) return { records: line, malformed, damage: json ?? tooLong };
      line++;
      if (json === undefined) tooLong = isTooLong;
      const group = parseRecord(json ?? "");
      const reading = group && read({
        time: NaN,
        thread: "",
        message: "resourceSpans",
        members: { resourceSpans: [group] },
        line,
        offset: null,
      });
      if (reading !== "matched") malformed.push(line);
    }
  },
};

const isTooLong =
  "the spans of one resource are longer than 8 MiB: write the " +
  "document on one line (jq -c)";

/** Whether a document goes on in the next line before its first value. */
function isDocument(start: string): boolean {
  const [, head = ""] =
    /^(?:ï»¿)?\s*(\{\s*"resourceSpans"\s*:\s*\[\s*\{?\s*)/.exec(start) ?? [];
  return head.includes("\n");
}

function readBatches(writer: SpanWriter): RecordReader {
  const spans = writer.kind("otel.span", {}, ["trace_id", "span_id"]);
  /** Whether the span is whole. */
  const readSpan = (span: Members, shared: Members, record: LogRecord) => {
    const [trace_id, span_id] = [idOf(span.traceId), idOf(span.spanId)];
    const start = secondsOf(span.startTimeUnixNano);
    if (!trace_id || !span_id || start === undefined) return false;
    const id = spans.id(trace_id, span_id);
    const at = (time: number) => ({ ...record, time });
    writer.event(id, "start", at(start));
    let exception = {};
    for (const event of listOf(span.events)) {
      const { name, timeUnixNano, attributes } = membersOf(event);
      const time = secondsOf(timeUnixNano) ?? start;
      const plain = keyValuesOf(attributes);
      const raised = exceptionOf(plain);
      if (raised) exception = raised.exception;
      const all = raised?.all ?? plain;
      writer.event(id, textOf(name) || "event", at(time), all);
    }
    const end = secondsOf(span.endTimeUnixNano);
    if (end !== undefined) writer.event(id, "end", at(end));
    const { code, message } = membersOf(span.status);
    const links = listOf(span.links).map((link) => {
      const { traceId, spanId, attributes } = membersOf(link);
      return {
        ...keyValuesOf(attributes),
        trace_id: idOf(traceId),
        span_id: idOf(spanId),
      };
    });
    writer.add(id, { ...shared, ...keyValuesOf(span.attributes) });
    // An absent field leaves an attribute of its name as it is.
    writer.add(id, {
      ...exception,
      name: textOf(span.name),
      kind: enumName(kinds, span.kind),
      status: enumName(statuses, code),
      status_message: textOf(message) || undefined,
      parent_span_id: idOf(span.parentSpanId),
      links: links.length ? links : undefined,
      trace_id,
      span_id,
    });
    return true;
  };
  return {
    read(record) {
      if (record.message !== "resourceSpans") return "unmatched";
      let isWhole = true;
      for (const group of listOf(record.members?.resourceSpans)) {
        const { resource, scopeSpans, instrumentationLibrarySpans } = membersOf(
          group,
        );
        const described = keyValuesOf(membersOf(resource).attributes);
        const service = textOf(described["service.name"]);
        // Until 2022 scopes were called instrumentation libraries.
        for (
          const scoped of listOf(scopeSpans ?? instrumentationLibrarySpans)
        ) {
          const { scope, instrumentationLibrary, spans } = membersOf(scoped);
          const { name } = membersOf(scope ?? instrumentationLibrary);
          const shared = {
            ...described,
            service,
            scope: textOf(name) || undefined,
          };
          for (const span of listOf(spans)) {
            isWhole = readSpan(membersOf(span), shared, record) && isWhole;
          }
        }
      }
      return isWhole ? "matched" : "malformed";
    },
  };
}

/** An id in hexadecimal; absent ids are empty, or 0. */
function idOf(value: unknown): string | undefined {
  if (typeof value !== "string" || /^0*$/.test(value)) return undefined;
  return /^[0-9a-f]+$/i.test(value) ? value.toLowerCase() : value;
}

/** Unix seconds of nanoseconds, which are text because of their size. */
function secondsOf(nanoseconds: unknown): number | undefined {
  const text = textOf(nanoseconds) ?? "";
  if (!/^\d{1,20}$/.test(text) || Number(text) === 0) return undefined;
  // Dividing the whole number by 1e9 would round twice.
  return Number(`${text}e-9`);
}

/** Names of enumerations, which are numbers or names: 3, "SPAN_KIND_CLIENT". */
const kinds = ["", "internal", "server", "client", "producer", "consumer"];
const statuses = ["", "ok", "error"];

function enumName(
  names: readonly string[],
  value: unknown,
): string | undefined {
  const text = textOf(value) ?? "";
  const last = text.split("_").at(-1)!.toLowerCase();
  return names[Number(text)] || names.find((name) => name && name === last);
}

/** The exception that an event records, and all attributes of the event. */
function exceptionOf(attributes: Members) {
  const {
    "exception.type": type,
    "exception.message": message,
    "exception.stacktrace": stacktrace,
    ...others
  } = attributes;
  if (type === undefined && message === undefined) return undefined;
  const trace = textOf(stacktrace) ?? "";
  const { exception_causes } = exceptionIn(trace);
  const exception = {
    ...type !== undefined && { exception: className(textOf(type) ?? "") },
    ...message !== undefined &&
      { exception_message: shortened(textOf(message) ?? "") },
    ...exception_causes && { exception_causes },
  };
  const more = trace && continuedBy(trace.trimEnd().split("\n"));
  return { exception, all: { ...others, ...more || {}, ...exception } };
}
