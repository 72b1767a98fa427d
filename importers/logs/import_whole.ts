import { createHash } from "node:crypto";
import { createSchema, type Database } from "../../sql/mod.ts";
import { emptySourceReport } from "../make_report.ts";
import type { SourceReport } from "../report.ts";
import { findSource, writeCounts, writeSource } from "../sources.ts";
import type { LogPlace } from "./format.ts";
import { forget } from "./import_log.ts";
import { SpanWriter } from "./span_writer.ts";
import type { WholeFormat } from "./whole_format.ts";

const mostListed = 1000;

/**
 * Reads one file as a whole, all of it or nothing.
 *
 * @param attributes JSON: the attributes that every span of the import is given
 */
export function importWhole(
  db: Database,
  format: WholeFormat,
  place: LogPlace,
  bytes: Uint8Array,
  attributes: string,
): SourceReport {
  const report = emptySourceReport(place.path, format.importer);
  report.bytes = bytes.length;
  const hash = createHash("sha256").update(bytes).digest("hex");
  return db.transaction(() => {
    createSchema(db);
    const known = findSource(db, report, hash);
    if (known?.isSame) return { ...report, outcome: "unchanged" };
    if (known) {
      forget(db, known.id);
      report.outcome = "replaced";
    }
    const id = writeSource(db, report, hash, known?.id);
    const writer = new SpanWriter(db, id, JSON.parse(attributes));
    const { records, malformed } = format.read(bytes, writer, place);
    writer.finish();
    report.lines = records;
    report.matched = records - malformed.length;
    report.malformed = malformed.length;
    report.malformedLines = malformed.slice(0, mostListed);
    report.spans = writer.spans;
    report.events = writer.events;
    writeCounts(db, id, report);
    return report;
  });
}
