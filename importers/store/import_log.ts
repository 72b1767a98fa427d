import type { Database } from "../../sql/mod.ts";
import type { Content } from "../container/content.ts";
import { attributesOf, type OtherwiseGiven } from "./given_attributes.ts";
import { deferIndexes, prepareTables, restoreIndexes } from "./indexes.ts";
import { emptySourceReport } from "../report/make_report.ts";
import type { RecordsWanted } from "./options.ts";
import { removeSpans } from "./remove_spans.ts";
import type { SourceReport } from "../report/report.ts";
import { writeCounts, writeSource } from "./sources.ts";
import type {
  LogFormat,
  LogPlace,
  LogSurroundings,
} from "../formats/format.ts";
import {
  findLog,
  fingerprintAsRead,
  type KnownLog,
  variantOf,
} from "./known_log.ts";
import { readLines } from "../lines/lines.ts";
import { parslBeginning } from "../lines/prefix.ts";
import { keptRecords, type RecordKeeper, recordKeeper } from "./records.ts";
import { SpanWriter } from "./span_writer.ts";
import { UnknownMessages } from "../lines/unknown_messages.ts";

/** What reading a log takes beside the log. */
export interface LogContext extends LogSurroundings {
  /** JSON: the attributes that every span of the import is given. */
  attributes: string;
  /** Takes the sources that were given others before. */
  others?: OtherwiseGiven;
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
  const { format, place: { path }, content } = log;
  const { importer } = format;
  const variant = variantOf(format, context.records);
  return db.transaction(() => {
    prepareTables(db);
    const clock = context.clock.name;
    const known = findLog(db, { importer, variant, path, clock }, content);
    const report = emptySourceReport(path, importer);
    const now = { ...context, attributes: given(known, format, context) };
    if (known?.is === "same") {
      const isRelabelled = context.others?.has(known.id);
      const outcome = isRelabelled ? "relabelled" : "unchanged";
      return { ...report, bytes: known.bytes, outcome };
    }
    if (known?.is === "grown") {
      const grown = read(db, log, now, known);
      if (grown) return grown;
    }
    // Of a source without lines nothing is there.
    if (known?.lines) forget(db, [known.id]);
    deferIndexes(db, content.bytes());
    return read(db, log, now, known && { ...known, lines: 0 })!;
  });
}

const given = (
  known: KnownLog | undefined,
  { isIdentifiedByGiven }: LogFormat,
  { attributes, others }: LogContext,
): string =>
  isIdentifiedByGiven ? attributes : attributesOf(known, attributes, others);

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
    keptRecords(format, context.records),
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
      fingerprint: fingerprintAsRead(
        fingerprint,
        variantOf(format, context.records),
      ),
      head: content.head(),
      now: new Date(),
    },
  );
  writeCounts(db, id, report, context.attributes);
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
    // There may be a thousand million of them.
    if (text === "") {
      report.continued++;
      return;
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
    if (reading === "matched") report.matched++;
    else if (reading === "copy") report.copies++;
    else if (reading === "malformed") addMalformed(line);
    else {
      report.unmatched++;
      unknown.add(record);
    }
    if (line > knownLines && reading !== "copy") {
      keeper.keep(record, reading === "matched");
    }
  };
  const lines = readLines(content.pieces(), readLine, () => isUndecided);
  if (!isUndecided) reader.finish?.();
  report.unmatchedTemplates = unknown.commonest();
  report.ambiguousTimes = context.clock.ambiguous;
  return { ...lines, isUndecided };
}

const mostListed = 1000;

/**
 * Takes back what sources told before they are read anew: their events, metrics
 * and records, and the spans that they were the first to tell of and no other
 * source tells of. To take back one takes a look at all that is there.
 */
export function forget(db: Database, sourceIds: readonly number[]): void {
  // By these it is found out which spans no other source tells of.
  restoreIndexes(db);
  const ids = JSON.stringify(sourceIds);
  const isOne = "source_id IN (SELECT value FROM json_each(?))";
  for (const table of ["event", "metric", "log_record"]) {
    db.run(`DELETE FROM ${table} WHERE ${isOne}`, [ids]);
  }
  db.exec("CREATE TEMP TABLE forgotten (id INTEGER PRIMARY KEY)");
  db.run(
    `INSERT INTO forgotten
     SELECT id FROM span WHERE ${isOne}
       AND NOT EXISTS (SELECT 1 FROM event WHERE span_id = span.id)
       AND NOT EXISTS (SELECT 1 FROM metric WHERE span_id = span.id)`,
    [ids],
  );
  removeSpans(db, "SELECT id FROM forgotten");
  db.exec("DROP TABLE forgotten");
}
