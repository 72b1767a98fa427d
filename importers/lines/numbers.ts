import { numbersOfRecord } from "./metric_records.ts";
import { messagePattern } from "./message_pattern.ts";
import type { LogRecord } from "./prefix.ts";
import type { SpanWriter } from "../store/span_writer.ts";

/** Lines that say numbers worth a plot, in the words of some versions. */
export interface NumberLine {
  /** Its named groups are the names of the numbers. */
  pattern: RegExp;
  /** The family of the numbers. */
  metric: string;
  /** Numbers that are said without a digit. */
  also?: Readonly<Record<string, number>>;
  /**
   * The name of the seconds that went by since the last line of the same span
   * that has this name.
   */
  since?: string;
}

/**
 * Writes the numbers that a line says as metrics of a span, which is made if
 * there are some. False of a line that says none.
 */
export type NumberReader = (span: () => number, record: LogRecord) => boolean;

/**
 * Reads the numbers that lines of a log say. Of a line that two patterns fit,
 * the first counts. A record of a JSON log that names its numbers itself is
 * left out.
 */
export function numberReader(
  writer: SpanWriter,
  lines: readonly NumberLine[],
): NumberReader {
  const named = lines.map((line) => ({
    ...line,
    pattern: messagePattern(line.pattern),
    names: namesIn(line.pattern),
    also: Object.entries(line.also ?? {}),
  }));
  const lastTimes = new Map<string, number>();
  const writeGap = (
    id: number,
    metric: string,
    since: string,
    at: LogRecord,
  ) => {
    const last = lastTimes.get(`${id} ${since}`);
    lastTimes.set(`${id} ${since}`, at.time);
    if (last !== undefined) {
      writer.metric(id, metric, since, at.time - last, at);
    }
  };
  return (span, record) => {
    for (const line of named) {
      const match = line.pattern.exec(record);
      if (!match) continue;
      if (numbersOfRecord(record)) return false;
      const id = span();
      for (const name of line.names) {
        const value = match.groups![name];
        if (value === undefined) continue;
        writer.metric(id, line.metric, name, Number(value), record);
      }
      for (const [name, value] of line.also) {
        writer.metric(id, line.metric, name, value, record);
      }
      if (line.since) writeGap(id, line.metric, line.since, record);
      return true;
    }
    return false;
  };
}

const namesIn = ({ source }: RegExp): string[] =>
  Array.from(source.matchAll(/\(\?<(\w+)>/g), ([, name]) => name!);

/** Lines whose numbers are of one family, by their patterns. */
export const numberLines = (
  metric: string,
  patterns: readonly RegExp[],
): NumberLine[] => patterns.map((pattern) => ({ metric, pattern }));

/** Lines with a name for the seconds since the last line of the same kind. */
export const gapLines = (
  metric: string,
  patterns: Readonly<Record<string, RegExp>>,
): NumberLine[] =>
  Object.entries(patterns)
    .map(([since, pattern]) => ({ metric, since, pattern }));
