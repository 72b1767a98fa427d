import { basename, dirname } from "node:path";
import type { LogFormat, RecordReader } from "../format.ts";
import { jsonBeginning } from "./json_lines.ts";
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
      return withLexicalSpans(reader, writer, place.rundir);
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
  /^(?:(Starting)|(Normal|Exceptional) ending for) (.+?)(?: on thread .*)?$/;

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
    return {
      read(record) {
        const isCopy = submitProcess !== undefined &&
          textOf(record.members?.process) === submitProcess;
        if (isCopy) return "copy";
        writer.message(kind.id(task, number), record.message, record);
        return "matched";
      },
    };
  },
};
