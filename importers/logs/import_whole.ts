import { createSchema, type Database } from "../../sql/mod.ts";
import type { Content } from "../files/content.ts";
import { emptySourceReport } from "../make_report.ts";
import type { PlainOptions } from "../plain_options.ts";
import type { SourceReport } from "../report.ts";
import { findSource, writeCounts, writeSource } from "../sources.ts";
import type { LogPlace } from "./format.ts";
import { forget } from "./import_log.ts";
import { fingerprintOf } from "./known_log.ts";
import { recordKeeper } from "./records.ts";
import { SpanWriter } from "./span_writer.ts";
import type { WholeFormat } from "./whole_format.ts";

const mostListed = 1000;

/** Reads one file whose records are no lines, all of it or nothing. */
export function importWhole(
  db: Database,
  { format, place, content }: {
    format: WholeFormat;
    place: LogPlace;
    content: Content;
  },
  { attributes, records: wanted = "all" }: PlainOptions,
): SourceReport {
  const report = emptySourceReport(place.path, format.importer);
  report.bytes = content.bytes();
  const hash = fingerprintOf(
    content.hashOf(report.bytes) ?? "unknown",
    format.variant,
  );
  return db.transaction(() => {
    createSchema(db);
    const known = findSource(db, report, hash);
    if (known?.isSame) return { ...report, outcome: "unchanged" };
    if (known) {
      forget(db, known.id);
      report.outcome = "replaced";
    }
    const id = writeSource(db, report, hash, known?.id);
    const common = JSON.parse(attributes);
    const writer = new SpanWriter(db, id, { common });
    const keeper = recordKeeper(db, id, wanted);
    const told = { writer, keeper, place };
    const { records, malformed, damage } = format.read(content.pieces(), told);
    writer.finish();
    keeper.finish();
    report.lines = records;
    report.matched = records - malformed.length;
    report.malformed = malformed.length;
    report.malformedLines = malformed.slice(0, mostListed);
    report.spans = writer.spans;
    report.events = writer.events;
    report.metrics = writer.metrics;
    report.records = keeper.kept;
    if (damage !== undefined) report.error = damage;
    writeCounts(db, id, report);
    return report;
  });
}
