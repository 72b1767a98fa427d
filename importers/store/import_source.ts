import type { Database, ImpliedEarly } from "../../sql/mod.ts";
import type { Content } from "../container/content.ts";
import { isWholeOf } from "../discover/detect.ts";
import type {
  BinaryFormat,
  FileFormat,
  LogPlace,
  LogSurroundings,
} from "../formats/format.ts";
import { UnmatchedMessages } from "../lines/unmatched_messages.ts";
import { emptySourceReport, type SourceReport } from "../report/report.ts";
import { deferIndexes } from "./indexes.ts";
import type { RecordsWanted, UnknownWanted } from "./options.ts";
import { maxListed, readLog, type Target } from "./read_log.ts";
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
  /** The path below the run directory. */
  within: string;
  /** Whether it is a log of a run. */
  isOfRun: boolean;
  /** The records that a user wants kept, if not the format's default. */
  records?: RecordsWanted | undefined;
  unknown: UnknownWanted;
  /** Completes new spans by the rules of this import. */
  implied: ImpliedEarly;
}

/** Reads one source, all of it or nothing; adds only the growth of a log. */
export function importSource(
  db: Database,
  format: FileFormat,
  place: LogPlace,
  content: Content,
  context: SourceContext,
): SourceReport {
  const { clock, within, isOfRun } = context;
  const { importer } = format;
  const { path, rundir } = place;
  const source = {
    importer,
    variant: variantOf(format, context),
    path,
    clock: clock.name,
    rundir,
    within,
    isOfRun,
    isIdentifiedByPlace: format.isIdentifiedByPlace,
  };
  const end = "sniff" in format
    ? content.bytes()
    : content.endOfLines(isWholeOf(format));
  const read = (known: KnownSource | undefined, attributes: string) =>
    readSource(db, format, { ...context, attributes, place, content }, known);
  return unlessSame(
    db,
    source,
    { ...content, head: content.head(), end },
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
  const { attributes, clock, implied, records, place, within, content } =
    context;
  const report = emptySourceReport(place.path, format.importer);
  const knownLines = known?.lines ?? 0;
  if (known) report.outcome = knownLines ? "grown" : "replaced";
  const id = known?.id ?? addSource(db, report, place.rundir, within);
  const common = JSON.parse(attributes);
  const writer = new SpanWriter(db, id, common, knownLines, implied);
  const keeper = recordKeeper(db, id, keptRecords(format, records));
  const unmatched = new UnmatchedMessages();
  const target = { ...context, report, knownLines, writer, keeper, unmatched };
  const hash = "sniff" in format
    ? readBinary(format, target)
    : readLog(format, target);
  if (hash === undefined) return undefined;
  writer.finish();
  keeper.finish();
  const { spans, events, metrics, named } = writer;
  const hasNoName = knownLines === 0 && events > 0 && named === 0;
  if (hasNoName && "namesEvents" in format) report.isUnnamed = true;
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
