import type { Database } from "../../sql/mod.ts";
import type { Content } from "../files/content.ts";
import { deferIndexes, prepareTables, restoreIndexes } from "../indexes.ts";
import { emptySourceReport } from "../make_report.ts";
import type { RecordsWanted } from "../options.ts";
import { removeSpans } from "../remove_spans.ts";
import type { SourceReport } from "../report.ts";
import { writeCounts, writeSource } from "../sources.ts";
import type { LogFormat, LogPlace, LogSurroundings } from "./format.ts";
import { findLog, fingerprintOf } from "./known_log.ts";
import { readLines } from "./lines.ts";
import { parslBeginning } from "./prefix.ts";
import { type RecordKeeper, recordKeeper } from "./records.ts";
import { SpanWriter } from "./span_writer.ts";
import { UnknownMessages } from "./unknown_messages.ts";

/** What reading a log takes beside the log. */
export interface LogContext extends LogSurroundings {
  /** JSON: the attributes that every span of the import is given. */
  attributes: string;
  /** The records of JSON logs that are kept, if not as the format has it. */
  records?: RecordsWanted | undefined;
}

/** A log that is to be read. */
export interface LogToRead {
  format: LogFormat;
  place: LogPlace;
  content: Content;
}

/**
 * Reads one log, all of it or nothing: its spans and events, and what became of
 * each of its lines. Of a log that has grown what is new is added.
 */
export function importLog(
  db: Database,
  log: LogToRead,
  context: LogContext,
): SourceReport {
  const { format: { importer, variant }, place: { path }, content } = log;
  return db.transaction(() => {
    prepareTables(db);
    const clock = context.clock.name;
    const known = findLog(db, { importer, variant, path, clock }, content);
    const report = emptySourceReport(path, importer);
    if (known?.is === "same") {
      return { ...report, bytes: known.bytes, outcome: "unchanged" };
    }
    if (known?.is === "grown") {
      const grown = read(db, log, context, known);
      if (grown) return grown;
    }
    if (known) forget(db, known.id);
    deferIndexes(db, content.bytes());
    return read(db, log, context, known && { ...known, lines: 0 })!;
  });
}

/**
 * Reads a log, and writes what is said behind the lines that are known. What
 * these came to may hang on what follows; then there is nothing written.
 */
function read(
  db: Database,
  { format, place, content }: LogToRead,
  context: LogContext,
  known: { id: number; lines: number } = { id: 0, lines: 0 },
): SourceReport | undefined {
  const report = emptySourceReport(place.path, format.importer);
  if (known.id) report.outcome = known.lines ? "grown" : "replaced";
  const id = known.id || writeSource(db, report, "");
  const writer = new SpanWriter(db, id, {
    common: JSON.parse(context.attributes),
    knownLines: known.lines,
  });
  const keeper = recordKeeper(
    db,
    id,
    context.records ?? format.records ?? "unmatched",
  );
  const { bytes, fingerprint, isUndecided } = readLog(
    { format, place, content },
    context,
    { writer, keeper, report, knownLines: known.lines },
  );
  if (isUndecided) return undefined;
  writer.finish();
  keeper.finish();
  Object.assign(report, {
    bytes,
    spans: writer.spans,
    events: writer.events,
    metrics: writer.metrics,
    records: keeper.kept,
  });
  db.run(
    `UPDATE source SET path = :path, fingerprint = :fingerprint,
       head = :head, bytes = :bytes, imported_at = :now, bound = NULL
     WHERE id = :id`,
    {
      ...{ id, path: place.path, bytes },
      fingerprint: fingerprintOf(fingerprint, format.variant),
      head: content.head(),
      now: new Date(),
    },
  );
  writeCounts(db, id, report);
  return report;
}

function readLog(
  { format, place, content }: LogToRead,
  context: LogContext,
  { writer, keeper, report, knownLines }: {
    writer: SpanWriter;
    keeper: RecordKeeper;
    report: SourceReport;
    knownLines: number;
  },
) {
  const reader = format.open(writer, place, context);
  const { beginning = parslBeginning } = format;
  const unknown = new UnknownMessages();
  let isUndecided = false;
  const addMalformed = (line: number) => {
    report.malformed++;
    if (report.malformedLines.length < mostListed) {
      report.malformedLines.push(line);
    }
  };
  const readLine = (text: string, line: number, offset: number) => {
    report.lines++;
    if (line === knownLines + 1 && knownLines > 0) {
      isUndecided = reader.isUndecided?.() ?? false;
    }
    const record = beginning.read(text, line, offset);
    if (!record) {
      if (!beginning.isDamaged(text)) report.continued++;
      else addMalformed(line);
      return;
    }
    if (record.isLocal) {
      record.time = context.clock.unix(record.time);
      report.clock = context.clock.name;
    }
    const reading = reader.read(record);
    if (reading === "understood") report.matched++;
    else if (reading === "copy") report.copies++;
    else if (reading === "malformed") addMalformed(line);
    else {
      report.notUnderstood++;
      unknown.add(record);
    }
    if (line > knownLines && reading !== "copy") {
      keeper.keep(record, reading === "understood");
    }
  };
  const lines = readLines(content.pieces(), readLine, () => isUndecided);
  if (!isUndecided) reader.finish?.();
  report.notUnderstoodTemplates = unknown.commonest();
  report.ambiguousTimes = context.clock.ambiguous;
  return { ...lines, isUndecided };
}

const mostListed = 1000;

/**
 * Takes back what a source told before it is read anew: its events, metrics and
 * records, and the spans that it was the first to tell of and no other source
 * tells of.
 */
export function forget(db: Database, sourceId: number): void {
  // By these it is found out which spans no other source tells of.
  restoreIndexes(db);
  for (const table of ["event", "metric", "log_record"]) {
    db.run(`DELETE FROM ${table} WHERE source_id = ?`, [sourceId]);
  }
  db.exec("CREATE TEMP TABLE forgotten (id INTEGER PRIMARY KEY)");
  db.run(
    `INSERT INTO forgotten
     SELECT id FROM span WHERE source_id = ?
       AND NOT EXISTS (SELECT 1 FROM event WHERE span_id = span.id)
       AND NOT EXISTS (SELECT 1 FROM metric WHERE span_id = span.id)`,
    [sourceId],
  );
  removeSpans(db, "SELECT id FROM forgotten");
  db.exec("DROP TABLE forgotten");
}
