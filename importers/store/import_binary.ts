import type { Database } from "../../sql/mod.ts";
import type { Content } from "../container/content.ts";
import { attributesOf, type OtherwiseGiven } from "./given_attributes.ts";
import { prepareTables } from "./indexes.ts";
import { emptySourceReport } from "../report/make_report.ts";
import type { PlainOptions } from "./plain_options.ts";
import type { SourceReport } from "../report/report.ts";
import { findSource, writeCounts, writeSource } from "./sources.ts";
import { zoneClock } from "../clock/clock.ts";
import type { BinaryFormat, LogPlace } from "../formats/format.ts";
import { forget } from "./import_log.ts";
import { fingerprintAsRead, variantOf } from "./known_log.ts";
import { keptRecords, recordKeeper } from "./records.ts";
import { SpanWriter } from "./span_writer.ts";
import { UnknownMessages } from "../lines/unknown_messages.ts";

const mostListed = 1000;

/** Reads one file whose records are no lines, all of it or nothing. */
export function importBinary(
  db: Database,
  { format, place, content }: {
    format: BinaryFormat;
    place: LogPlace;
    content: Content;
  },
  { attributes, timeZone, records: wanted, others = new Set() }:
    & PlainOptions
    & {
      others?: OtherwiseGiven;
    },
): SourceReport {
  const report = emptySourceReport(place.path, format.importer);
  report.bytes = content.bytes();
  const hash = fingerprintAsRead(
    content.hashOf(report.bytes) ?? "unknown",
    variantOf(format, wanted),
  );
  return db.transaction(() => {
    prepareTables(db);
    const clock = zoneClock(timeZone);
    const identity = { ...report, clock: clock.name };
    const known = findSource(db, identity, hash);
    const given = attributesOf(known, attributes, others);
    if (known?.isSame) {
      const outcome = others.has(known.id) ? "relabelled" : "unchanged";
      return { ...report, outcome };
    }
    if (known) {
      forget(db, [known.id]);
      report.outcome = "replaced";
    }
    const id = writeSource(db, report, hash, known?.id);
    const common = JSON.parse(given);
    const writer = new SpanWriter(db, id, { common });
    const keeper = recordKeeper(
      db,
      id,
      keptRecords(format, wanted),
    );
    const unknown = new UnknownMessages();
    const told = { writer, keeper, place, clock, unknown };
    const { records, malformed, damage, isLocal } = format.read(
      content.pieces(),
      told,
    );
    writer.finish();
    keeper.finish();
    report.lines = records;
    report.matched = records - malformed.length - unknown.count;
    report.unmatched = unknown.count;
    report.unmatchedTemplates = unknown.commonest();
    report.malformed = malformed.length;
    report.malformedLines = malformed.slice(0, mostListed);
    report.spans = writer.spans;
    report.events = writer.events;
    report.metrics = writer.metrics;
    report.records = keeper.kept;
    report.ambiguousTimes = clock.ambiguous;
    if (isLocal) report.clock = clock.name;
    if (damage !== undefined) report.error = damage;
    writeCounts(db, id, report, given);
    return report;
  });
}
