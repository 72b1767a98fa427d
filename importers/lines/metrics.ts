import type { Reading } from "../formats/format.ts";
import { numbersOfRecord } from "./metric_records.ts";
import { metricLineReader } from "./metric_lines.ts";
import type { LogRecord } from "./prefix.ts";
import type { SpanWriter } from "../store/span_writer.ts";

/** Of whom a record tells that has numbers of its own: the id of the span. */
export type AboutWhom = (members: Record<string, unknown>) => number;

/**
 * Reads, in any log, METRIC lines and the records of JSON logs that name their
 * numbers themselves; all other lines, and what else these say, `read` reads.
 *
 * @param shared what is known of all that the log tells of, by its place
 */
export function withMetrics(
  writer: SpanWriter,
  shared: Record<string, string>,
  about: AboutWhom,
  read: (record: LogRecord) => Reading,
): (record: LogRecord) => Reading {
  const readMetricLine = metricLineReader(writer, shared);
  return (record) => {
    const line = readMetricLine(record);
    if (line) return line;
    const own = numbersOfRecord(record);
    if (!own) return read(record);
    const id = about(record.members!);
    for (const [name, value] of own.numbers) {
      writer.metric(id, own.metric, name, value, record);
    }
    read(record);
    return own.isBroken ? "malformed" : "matched";
  };
}
