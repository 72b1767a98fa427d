import { createHash } from "node:crypto";
import { createSchema, type Database } from "../../sql/mod.ts";
import { emptySourceReport } from "../make_report.ts";
import { removeSpans } from "../remove_spans.ts";
import type { SourceReport } from "../report.ts";
import { writeCounts, writeSource } from "../sources.ts";
import type { Clock } from "./clock.ts";
import type { LogFormat, LogPlace, LogSurroundings } from "./format.ts";
import { readLines } from "./lines.ts";
import { parslBeginning } from "./prefix.ts";
import { SpanWriter } from "./span_writer.ts";
import { templateOf } from "./template.ts";

/** What reading a log takes beside the log. */
export interface LogContext extends LogSurroundings {
  /** JSON: the attributes that every span of the import is given. */
  attributes: string;
  /** Reads the clock times of a log that says no zone. */
  clock: Clock;
}

/**
 * Reads one log, all of it or nothing: its spans and events, and what
 * became of each of its lines.
 */
export function importLog(
  db: Database,
  format: LogFormat,
  place: LogPlace,
  context: LogContext,
): SourceReport {
  const report = emptySourceReport(place.path, format.importer);
  return db.transaction(() => {
    createSchema(db);
    const known = findLog(db, format.importer, place.path, context.clock.name);
    if (known?.isSame) {
      return { ...report, bytes: known.bytes, outcome: "unchanged" };
    }
    if (known) {
      forget(db, known.id);
      report.outcome = "replaced";
    }
    const id = writeSource(db, report, "", known?.id);
    const writer = new SpanWriter(db, id, JSON.parse(context.attributes));
    const { bytes, fingerprint } = readLog(format, place, context, {
      writer,
      report,
    });
    writer.finish();
    report.spans = writer.spans;
    report.events = writer.events;
    report.metrics = writer.metrics;
    report.bytes = bytes;
    db.run(
      "UPDATE source SET fingerprint = :fingerprint, bytes = :bytes " +
        "WHERE id = :id",
      { id, fingerprint, bytes },
    );
    writeCounts(db, id, report);
    return report;
  });
}

function readLog(
  format: LogFormat,
  place: LogPlace,
  context: LogContext,
  { writer, report }: { writer: SpanWriter; report: SourceReport },
) {
  const reader = format.open(writer, place, context);
  const { beginning = parslBeginning } = format;
  const unknown = new UnknownMessages();
  const addMalformed = (line: number) => {
    report.malformed++;
    if (report.malformedLines.length < mostListed) {
      report.malformedLines.push(line);
    }
  };
  const read = readLines(place.path, (text, line, offset) => {
    report.lines++;
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
      unknown.add(record.message, line);
    }
  });
  reader.finish?.();
  report.notUnderstoodTemplates = unknown.commonest();
  report.ambiguousTimes = context.clock.ambiguous;
  return read;
}

const mostListed = 1000;

/** Counts messages that no rule knows, by their templates. */
class UnknownMessages {
  #counts = new Map<string, { count: number; line: number }>();

  add(message: string, line: number): void {
    const template = templateOf(message.slice(0, 200)).text;
    const known = this.#counts.get(template);
    if (known) known.count++;
    else if (this.#counts.size < mostListed) {
      this.#counts.set(template, { count: 1, line });
    }
  }

  commonest(): SourceReport["notUnderstoodTemplates"] {
    return [...this.#counts]
      .map(([template, { count, line }]) => ({ template, count, line }))
      .sort((a, b) => b.count - a.count || a.line - b.line);
  }
}

// Takes back what a log told before it is read anew: its events and metrics, and
// the spans that it was the first to tell of and no other source tells of.
function forget(db: Database, sourceId: number): void {
  for (const table of ["event", "metric"]) {
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

interface KnownLog {
  id: number;
  bytes: number;
  isSame: boolean;
}

// A log is the same as one that was read if it holds the same bytes up to its
// last newline, as far as that one was read, wherever it lies. If its times
// were read by another clock, it is read again.
function findLog(
  db: Database,
  importer: string,
  path: string,
  clock: string,
): KnownLog | undefined {
  const bytes = endOfLines(path);
  const candidates = db.query<
    { id: number; fingerprint: string; isHere: number; isByClock: number }
  >(
    `SELECT id, fingerprint, path = :path AS isHere,
       ifnull(clock, :clock) = :clock AS isByClock
     FROM source
     WHERE importer = :importer AND (path = :path OR bytes = :bytes)
     ORDER BY isHere DESC, id`,
    { importer, path, bytes, clock },
  );
  if (candidates.length === 0) return undefined;
  const hash = hashOf(path, bytes);
  const same = candidates.find(({ fingerprint }) => fingerprint === hash);
  if (same) return { id: same.id, bytes, isSame: same.isByClock === 1 };
  const here = candidates.find(({ isHere }) => isHere);
  return here && { id: here.id, bytes, isSame: false };
}

/** How many bytes there are up to the last newline. */
function endOfLines(path: string): number {
  using file = Deno.openSync(path);
  const buffer = new Uint8Array(1 << 16);
  const { size } = file.statSync();
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - buffer.length);
    file.seekSync(start, Deno.SeekMode.Start);
    const count = file.readSync(buffer.subarray(0, end - start)) ?? 0;
    const last = buffer.subarray(0, count).lastIndexOf(10);
    if (last >= 0) return start + last + 1;
    end = count === 0 ? 0 : start;
  }
  return 0;
}

function hashOf(path: string, bytes: number): string {
  using file = Deno.openSync(path);
  const hash = createHash("sha256");
  const buffer = new Uint8Array(1 << 20);
  for (let left = bytes; left > 0;) {
    const count = file.readSync(buffer);
    if (count === null) break;
    hash.update(buffer.subarray(0, Math.min(left, count)));
    left -= count;
  }
  return hash.digest("hex");
}
