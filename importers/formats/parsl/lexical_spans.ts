import { textOf } from "../json/members.ts";
import type { LogPlace, RecordReader } from "../format.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import type { SpanWriter } from "../../store/span_writer.ts";

/**
 * Reads records that have a `wrap_id`: a piece of Parsl's code that says when it
 * starts and when it ends, and by that id which is which. All other records go
 * to the reader of the log.
 */
export function withLexicalSpans(
  reader: RecordReader,
  writer: SpanWriter,
  { rundir }: LogPlace,
): RecordReader {
  const spans = writer.kind("parsl.lexical", { rundir }, [
    "process",
    "wrap_id",
  ]);
  return {
    ...reader,
    read(record) {
      const wrap = textOf(record.members?.wrap_id);
      if (wrap === undefined) return reader.read(record);
      readWrapped(wrap, record);
      return "understood";
    },
  };

  function readWrapped(wrap: string, record: LogRecord): void {
    const { members = {}, message } = record;
    const id = spans.id(textOf(members.process) ?? "", wrap);
    const [, start, end, name] = wrapped.exec(message) ?? [];
    if (name === undefined) {
      writer.message(id, message, record);
      return;
    }
    writer.add(id, { name, thread: textOf(members.threadName) });
    if (start) writer.event(id, "start", record);
    else writer.event(id, "end", record, { ending: end!.toLowerCase() });
  }
}

// The words of parsl.process_loggers.
const wrapped =
  /^(?:(Starting)|(Normal|Exceptional) ending for) (.+?)(?: on thread .*)?$/;
