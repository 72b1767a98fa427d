import { isUnreadable } from "../../lines/lines.ts";
import type { LogFormat, LogPlace, RecordReader } from "../format.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import { eachManager } from "./managers.ts";
import type { TransactionNames } from "./transactions.ts";

/**
 * The statistics that a manager writes every few seconds: a header with the
 * names of the columns, then a line of numbers. Versions have different columns.
 */
export const statisticsLog = (
  { component }: TransactionNames,
): Pick<LogFormat, "signature" | "isHeaded" | "beginning" | "open"> => ({
  signature: (start) =>
    isHeader(start) &&
    (ofWorkQueue.test(start) ? "workqueue" : "taskvine") === component,
  isHeaded: true,
  beginning: {
    read(text) {
      if (isUnreadable(text)) return undefined;
      if (isHeader(text)) return { time: NaN, message: text };
      const [, time] = /^(\d{15,17})(?: |$)/.exec(text) ?? [];
      return time === undefined
        ? undefined
        : { time: Number(time) / 1e6, message: text };
    },
    isDamaged: (text) => text !== "" && !text.startsWith("#"),
  },
  open: (writer, place) =>
    eachManager(
      place,
      ({ message }) => isHeader(message),
      (place) => statisticsReader(writer, place, component),
    ),
});

// TaskVine calls them slow.
const ofWorkQueue = /^.* workers_fast_aborted\b/;

const isHeader = (text: string): boolean =>
  text.startsWith("# timestamp workers_");

function statisticsReader(
  writer: SpanWriter,
  { rundir, executor = "" }: LogPlace,
  component: string,
): RecordReader {
  const managers = writer.kind(
    `${component}.manager`,
    { rundir, executor },
    [],
  );
  let columns: string[] = [];
  return {
    read(record) {
      const { message } = record;
      if (isHeader(message)) {
        columns = message.trim().split(/ +/).slice(2);
        return "matched";
      }
      const numbers = message.trim().split(/ +/).slice(1).map(Number);
      if (
        numbers.length !== columns.length || !numbers.every(Number.isFinite)
      ) {
        return "malformed";
      }
      const id = managers.id();
      for (const [i, name] of columns.entries()) {
        const value = name.startsWith("time_")
          ? numbers[i]! / 1e6
          : numbers[i]!;
        writer.metric(id, "performance", name, value, record);
      }
      return "matched";
    },
  };
}
