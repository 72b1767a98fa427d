import type { Database } from "../../sql/mod.ts";
import type { Content } from "../container/content.ts";
import type {
  BinaryContext,
  BinaryFormat,
  FileFormat,
  LogFormat,
  LogPlace,
  LogSurroundings,
  RecordReader,
} from "../formats/format.ts";
import { isWholeOf } from "../discover/detect.ts";
import { Continuation } from "../lines/continuation.ts";
import { readLines } from "../lines/lines.ts";
import { type LogRecord, parslBeginning } from "../lines/prefix.ts";
import { UnmatchedMessages } from "../lines/unmatched_messages.ts";
import { emptySourceReport, type SourceReport } from "../report/report.ts";
import { deferIndexes } from "./indexes.ts";
import type { RecordsWanted, UnknownWanted } from "./options.ts";
import { keptRecords, recordKeeper } from "./records.ts";
import { removeSources } from "./remove.ts";
import {
  addSource,
  fingerprintOf,
  type KnownSource,
  unlessSame,
  variantOf,
  writeSource,
} from "./sources.ts";
import { SpanWriter } from "./span_writer.ts";
import type { RelabelledSources } from "./user_attributes.ts";

/** Context for reading a source. */
interface SourceContext extends LogSurroundings {
  /** JSON: the user attributes of this import. */
  attributes: string;
  /** Receives sources whose user attributes change. */
  relabelled: RelabelledSources;
  /** The records that a user wants kept, if not the format's default. */
  records?: RecordsWanted | undefined;
  unknown: UnknownWanted;
}

/** Reads one source, all of it or nothing; adds only the growth of a log. */
export function importSource(
  db: Database,
  format: FileFormat,
  place: LogPlace,
  content: Content,
  context: SourceContext,
): SourceReport {
  const { clock } = context;
  const { importer } = format;
  const variant = variantOf(format, context);
  const source = { importer, variant, path: place.path, clock: clock.name };
  const end = "sniff" in format
    ? content.bytes()
    : content.endOfLines(isWholeOf(format));
  const read = (known: KnownSource | undefined, attributes: string) =>
    readSource(db, format, { ...context, attributes, place, content }, known);
  return unlessSame(
    db,
    source,
    { head: content.head(), hashOf: content.hashOf, end },
    { ...context, isIdentifiedByUser: "isIdentifiedByUser" in format },
    (known, attributes) => {
      const grown = known?.is === "grown" && read(known, attributes);
      if (grown) return grown;
      // forgetEarlier() has removed the results of a source with 0 lines.
      if (known?.lines) removeSources(db, [known.id]);
      deferIndexes(db, content.bytes());
      return read(known && { ...known, lines: 0 }, attributes)!;
    },
  );
}

/**
 * Reads a source and writes the results of its lines after the known ones.
 * Returns without writing if new lines could change the meaning of the known
 * ones.
 */
function readSource(
  db: Database,
  format: FileFormat,
  context: SourceContext & { place: LogPlace; content: Content },
  known: KnownSource | undefined,
): SourceReport | undefined {
  const { attributes, clock, records, place, content } = context;
  const report = emptySourceReport(place.path, format.importer);
  const knownLines = known?.lines ?? 0;
  if (known) report.outcome = knownLines ? "grown" : "replaced";
  const id = known?.id ?? addSource(db, report);
  const writer = new SpanWriter(db, id, JSON.parse(attributes), knownLines);
  const keeper = recordKeeper(db, id, keptRecords(format, records));
  const unmatched = new UnmatchedMessages();
  const target = { ...context, report, knownLines, writer, keeper, unmatched };
  const hash = "sniff" in format
    ? readBinary(format, target)
    : readLog(format, target);
  if (hash === undefined) return undefined;
  writer.finish();
  keeper.finish();
  const { spans, events, metrics } = writer;
  Object.assign(report, {
    unmatched: unmatched.count,
    unmatchedTemplates: unmatched.commonest(),
    ambiguousTimes: clock.ambiguous,
    spans,
    events,
    metrics,
    records: keeper.kept,
  });
  const fingerprint = fingerprintOf(hash, variantOf(format, context));
  const head = content.head();
  writeSource(db, id, report, { fingerprint, head, attributes });
  return report;
}

/** A source that is being read, and where its content goes. */
interface Target extends BinaryContext, LogSurroundings {
  unknown: UnknownWanted;
  content: Content;
  report: SourceReport;
  /** Lines that are in the database already. */
  knownLines: number;
}

// Line numbers in a report.
const maxListed = 1000;

/** Returns the hash of the content. */
function readBinary(format: BinaryFormat, target: Target): string {
  const { content, report, clock, unmatched } = target;
  const { records, malformed, damage, isLocal } = format.read(
    content.chunks(),
    target,
  );
  report.bytes = content.bytes();
  report.lines = records;
  report.matched = records - malformed.length - unmatched.count;
  report.malformed = malformed.length;
  report.malformedLines = malformed.slice(0, maxListed);
  if (isLocal) report.clock = clock.name;
  if (damage !== undefined) report.error = damage;
  return content.hashOf(report.bytes) ?? "unknown";
}

/** Returns the hash of the lines, or undefined if it has to be read again. */
function readLog(
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
      above = start as LogRecord;
      hasBeginning = true;
    } else if (isContinued) {
      report.continued++;
      if (isMore) (continuation ??= new Continuation()).add(text);
      else {
        // It continues a broken line, or one before the beginning of the log.
        above = { time: NaN, thread: "", message: text, line, offset };
        hasBeginning = false;
      }
      return;
    } else {
      addMalformed(report, line);
      return;
    }
    // A copy would take as long as reading the line.
    const record = above;
    record.thread ??= "";
    record.line = line;
    record.offset = offset;
    if (record.isLocal) {
      record.time = clock.unix(record.time);
      report.clock = clock.name;
    }
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

/** What becomes of the records of a log. */
function recordUser(reader: RecordReader, target: Target) {
  const { report, writer, keeper, unmatched, knownLines, unknown } = target;
  /** Makes a line an event of the process that wrote it. */
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
