import { basename, dirname } from "node:path";
import type { LogFormat, RecordReader } from "../format.ts";
import { jsonBeginning } from "./json_lines.ts";
import { writeNumbers } from "../../lines/metrics.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import { textOf } from "../json/records.ts";
import type { Signatures } from "./signatures.ts";

/**
 * The JSON counterpart of a text log of Parsl: the messages are the same or
 * nearly so, only the lines begin differently.
 */
export function asJsonLog(
  format: LogFormat,
  signatures?: Signatures,
): LogFormat {
  const { importer, fileName } = format;
  return {
    ...format,
    importer: importer.replace(/\.log$/, ".jsonlog"),
    fileName: new RegExp(fileName!.source.replace(/log\$$/, "jsonlog$")),
    ...signatures && { signature: signatures.json },
    records: "unmatched",
    beginning: jsonBeginning,
    open(writer, place, surroundings) {
      const reader = format.open(writer, place, surroundings);
      const { rundir } = place;
      return withFields(
        withLexicalSpans(reader, writer, rundir),
        writer,
        rundir,
      );
    },
  };
}

/**
 * Makes each record an event of the span that its fields name, unless its message
 * has made it one, and writes the numbers that it names itself.
 */
function withFields(
  reader: RecordReader,
  writer: SpanWriter,
  rundir: string,
): RecordReader {
  const tasks = writer.kind("parsl.rundir.task", { rundir }, ["task"]);
  const tries = writer.kind("parsl.rundir.try", { rundir }, ["task", "try"]);
  const subjectOf = (record: LogRecord, isRead: boolean) => {
    const { task, try: number } = record.fields ?? {};
    const id = reader.subject?.(record, isRead);
    if (id !== undefined || task === undefined) return id;
    return number === undefined ? tasks.id(task) : tries.id(task, number);
  };
  return {
    ...reader,
    read(record) {
      const reading = reader.read(record);
      if (reading === "copy") return reading;
      const own = record.numbers;
      const isRead = reading === "matched" && !own;
      const id = record.fields && subjectOf(record, isRead);
      const by = own && (id ?? reader.process?.(record));
      if (by !== undefined) {
        return writeNumbers(writer, by, own!.metric, own!.numbers, record);
      }
      if (id === undefined || writer.hasEvent(id, record)) return reading;
      writer.message(id, record.message, record);
      return reading === "unmatched" ? "matched" : reading;
    },
  };
}

/**
 * Reads records with a `wrap_id`: a section of Parsl's code logs its start and
 * its end under that id. `reader` reads all other records.
 */
function withLexicalSpans(
  reader: RecordReader,
  writer: SpanWriter,
  rundir: string,
): RecordReader {
  const names = ["process", "wrap_id"];
  const spans = writer.kind("parsl.lexical", { rundir }, names);
  const readWrapped = (wrapId: string, record: LogRecord) => {
    const { members = {}, message } = record;
    const id = spans.id(textOf(members.process) ?? "", wrapId);
    const [, start, end, name] = wrapped.exec(message) ?? [];
    if (name === undefined) return writer.message(id, message, record);
    writer.add(id, { name, thread: textOf(members.threadName) });
    if (start) writer.event(id, "start", record);
    else writer.event(id, "end", record, { ending: end!.toLowerCase() });
  };
  return {
    ...reader,
    read(record) {
      const wrapId = textOf(record.members?.wrap_id);
      if (wrapId === undefined) return reader.read(record);
      readWrapped(wrapId, record);
      return "matched";
    },
  };
}

// As parsl.process_loggers writes it.
const wrapped =
  /^(?:(Starting)|(Normal|Exceptional) ending for) (.+?)(?: on thread .*)?$/s;

/**
 * task_TASK_TRY.jsonlog of the observability prototype: everything logged while
 * a try ran. Records of the submitting process are in parsl.jsonlog too, and are
 * copies here.
 */
export const tryLog: LogFormat = {
  importer: "task.jsonlog",
  fileName: /^task_\d+_\d+\.jsonlog$/,
  place(path) {
    const [, task = "", number = ""] = /_(\d+)_(\d+)\./.exec(basename(path)) ??
      [];
    return { path, rundir: dirname(path), task, try: number };
  },
  hasCopies: true,
  records: "unmatched",
  beginning: jsonBeginning,
  open(writer, place, { submitProcess }) {
    const { rundir, task = "", try: number = "" } = place;
    const kind = writer.kind("parsl.rundir.try", { rundir }, ["task", "try"]);
    const self = () => kind.id(task, number);
    const reader: RecordReader = {
      read(record) {
        const isCopy = submitProcess !== undefined &&
          textOf(record.members?.process) === submitProcess;
        if (isCopy) return "copy";
        writer.message(self(), record.message, record);
        return "matched";
      },
      process: self,
      subject({ fields }) {
        const isOwn = fields!.task === task &&
          (fields!.try ?? number) === number;
        return isOwn ? self() : undefined;
      },
    };
    return withFields(reader, writer, rundir);
  },
};
