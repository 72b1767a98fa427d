import type { Content } from "../container/content.ts";
import { isWholeOf } from "../discover/detect.ts";
import type {
  BinaryContext,
  LogFormat,
  LogSurroundings,
  RecordReader,
} from "../formats/format.ts";
import { Continuation } from "../lines/continuation.ts";
import { readLines } from "../lines/lines.ts";
import { type LogRecord, parslBeginning } from "../lines/prefix.ts";
import type { SourceReport } from "../report/report.ts";
import type { UnknownWanted } from "./options.ts";

/** A source that is being read, and where its content goes. */
export interface Target extends BinaryContext, LogSurroundings {
  unknown: UnknownWanted;
  content: Content;
  report: SourceReport;
  /** Lines that are in the database already. */
  knownLines: number;
}

/** How many line numbers a report lists. */
export const maxListed = 1000;

/** Returns the hash of the lines, or undefined if it has to be read again. */
export function readLog(
  format: LogFormat,
  target: Target,
): string | undefined {
  const { place, clock, content, knownLines, report } = target;
  const { beginning = parslBeginning } = format;
  const reader = format.open(target.writer, place, target);
  const { use, keep } = recordUser(reader, target);
  let isKnown = knownLines > 0;
  let needsReread = false;
  /** The line that the next ones may continue. */
  let above: LogRecord | undefined;
  let hasBeginning = true;
  let continuation: Continuation | undefined;
  const useAbove = () => {
    const record = above;
    if (!record) return;
    record.continued ??= continuation?.result();
    above = continuation = undefined;
    if (hasBeginning) use(record);
    else keep(record);
  };
  const readLine = (text: string, line: number, offset: number) => {
    report.lines++;
    // A log may contain 1e9 empty lines; count only.
    if (text === "") {
      report.continued++;
      if (above) (continuation ??= new Continuation()).add(text);
      return;
    }
    const start = beginning.read(text);
    const isContinued = !start && !beginning.isDamaged(text);
    const isMore = isContinued && above !== undefined;
    if (!isMore) useAbove();
    if (isKnown && line > knownLines) {
      // The event of the line above is in the database without this one.
      needsReread = isMore || (reader.needsReread?.() ?? false);
      isKnown = false;
    }
    if (start) {
      // A copy would take as long as reading the line.
      const record = above = start as LogRecord;
      record.thread ??= "";
      record.line = line;
      record.offset = offset;
      if (record.isLocal) record.time = clock.unix(record.time);
      if (record.time > 0) {
        report.began ??= record.time;
        report.ended = record.time;
      }
      hasBeginning = true;
    } else if (isContinued) {
      report.continued++;
      if (isMore) (continuation ??= new Continuation()).add(text);
      else {
        // It continues a broken line, or one before the beginning of the log.
        above = { time: NaN, thread: "", message: text, line, offset };
        hasBeginning = false;
      }
    } else addMalformed(report, line);
  };
  const { bytes, fingerprint, unfinished } = readLines(
    content.chunks(),
    readLine,
    () => needsReread,
    isWholeOf(format),
  );
  if (needsReread) return undefined;
  useAbove();
  reader.finish?.();
  report.bytes = bytes;
  if (unfinished > 0) report.unfinished = unfinished;
  return fingerprint;
}

/** Returns functions that read a record, or keep it as an event of its process. */
function recordUser(reader: RecordReader, target: Target) {
  const { report, writer, keeper, unmatched, knownLines, unknown } = target;
  const { clock } = target;
  /** Stores a line as an event of the process that wrote it. */
  const keep = (record: LogRecord) => {
    if (unknown === "count") return;
    const id = reader.process?.(record);
    if (id !== undefined) writer.message(id, record.message, record);
    report.cut += record.continued?.more_cut ?? 0;
  };
  const use = (record: LogRecord) => {
    const isKept = record.continued !== undefined ||
      warnings.has(record.origin?.level ?? "");
    if (record.continued && record.message === "") takeFirstLine(record);
    const { events, metrics } = writer;
    const reading = reader.read(record);
    // A reader may find more times than the line's own.
    if (record.isLocal) report.clock = clock.name;
    if (reading === "matched") report.matched++;
    else if (reading === "copy") report.copies++;
    else if (reading === "malformed") addMalformed(report, record.line);
    else unmatched.add(record);
    if (reading === "copy") return;
    report.cut += record.continued?.more_cut ?? 0;
    // A matched line may wait for others, and become an event later.
    const isNoEvent = writer.events === events &&
      (reading !== "matched" || writer.metrics > metrics);
    const isAny = unknown === "all" && reading === "unmatched";
    if (isNoEvent && (isKept || isAny)) keep(record);
    if (record.line > knownLines) keeper.keep(record, reading === "matched");
  };
  return { use, keep };
}

const warnings: ReadonlySet<string> = new Set(
  ["WARNING", "WARN", "ERROR", "CRITICAL", "FATAL"],
);

/** An empty message has its text in the next line. */
function takeFirstLine(record: LogRecord): void {
  const { more, ...rest } = record.continued!;
  const end = more.indexOf("\n");
  record.message = (end < 0 ? more : more.slice(0, end)).trim();
  record.shape = undefined;
  record.continued = end < 0
    ? undefined
    : { ...rest, more: more.slice(end + 1) };
}

function addMalformed(report: SourceReport, line: number): void {
  report.malformed++;
  if (report.malformedLines.length < maxListed) {
    report.malformedLines.push(line);
  }
}
