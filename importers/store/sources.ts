import { basename } from "node:path";
import type { Database } from "../../sql/mod.ts";
import { type Content, headLength } from "../container/content.ts";
import { emptySourceReport, type SourceReport } from "../report/report.ts";
import { prepareTables } from "./indexes.ts";
import type { PlainOptions, RecordsWanted } from "./options.ts";
import { keptRecords } from "./records.ts";
import type { RelabelledSources } from "./user_attributes.ts";

/** How a source is found again: by importer, place, clock and options. */
interface SourceIdentity {
  importer: string;
  path: string;
  clock: string;
  /** Hash of the options it is read with; another one reads it again. */
  variant?: string;
}

/** Hashes that identify content, and the end of its readable part. */
interface Fingerprints extends Pick<Content, "hashOf"> {
  head: string;
  end: number;
}

/** An earlier import of a source. */
export interface KnownSource {
  id: number;
  /** How far it was read. */
  bytes: number;
  lines: number;
  /** JSON: its user attributes; null if unknown. */
  attributes: string | null;
  /** The content compared with the imported one; a longer one has grown. */
  is: "same" | "grown" | "other";
}

/**
 * Reads a source in a transaction, unless the same content is imported already.
 * The attributes of its new spans are the ones given now or else those of its
 * last import; `relabelled` receives the source if they differ.
 *
 * @param read receives the earlier import, if any, and the attributes as JSON
 */
export function unlessSame(
  db: Database,
  source: SourceIdentity,
  content: Fingerprints,
  { attributes: given, relabelled, isIdentifiedByUser = false }: {
    attributes: string;
    relabelled: RelabelledSources;
    isIdentifiedByUser?: boolean;
  },
  read: (known: KnownSource | undefined, attributes: string) => SourceReport,
): SourceReport {
  return db.transaction(() => {
    prepareTables(db);
    const known = findSource(db, source, content);
    const before = known?.attributes ?? "{}";
    const isKept = !isIdentifiedByUser && given === "{}";
    const isChanged = !isIdentifiedByUser && !isKept && given !== before;
    if (known && isChanged) relabelled.add(known.id);
    if (known?.is !== "same") return read(known, isKept ? before : given);
    const outcome = relabelled.has(known.id) ? "relabelled" : "unchanged";
    const report = emptySourceReport(source.path, source.importer);
    return { ...report, bytes: known.bytes, outcome };
  });
}

/**
 * Finds an earlier import with the same bytes, as far as it read, anywhere and
 * by the same clock, or else with other content at the same path.
 */
function findSource(
  db: Database,
  { importer, variant, path, clock }: SourceIdentity,
  { head, hashOf, end }: Fingerprints,
): KnownSource | undefined {
  const candidates = db.query<Candidate>(
    `SELECT id, path, bytes, lines, attributes, fingerprint,
       path = :path AS isHere,
       ifnull(clock, :clock) = :clock AS isByClock
     FROM source
     WHERE importer = :importer AND (path = :path OR head = :head)
     ORDER BY isHere DESC, bytes DESC, id`,
    { importer, path, head, clock },
  );
  // Short logs of two workers may begin alike.
  const mayHaveGrown = ({ path: earlier, bytes, isHere }: Candidate) =>
    bytes < end &&
    (isHere === 1 || bytes > headLength && nameOf(earlier) === nameOf(path));
  const same = candidates.find((known) =>
    (known.bytes === end || mayHaveGrown(known)) &&
    known.fingerprint ===
      fingerprintOf(hashOf(known.bytes) ?? "unknown", variant)
  );
  const known = same ?? candidates.find(({ isHere }) => isHere === 1);
  if (!known) return undefined;
  const { id, bytes, lines, attributes, isByClock } = known;
  const is = same && isByClock ? bytes === end ? "same" : "grown" : "other";
  return { id, bytes, lines, attributes, is };
}

interface Candidate extends Omit<KnownSource, "is"> {
  path: string;
  fingerprint: string;
  isHere: number;
  isByClock: number;
}

const nameOf = (path: string) => basename(path).replace(/\.gz$/i, "");

/** The content and the options it was read with. */
export const fingerprintOf = (hash: string, variant = ""): string =>
  variant ? `${variant}:${hash}` : hash;

/** A format's variant, with what a user wants kept, if unusual. */
export function variantOf(
  { variant = "", process, ...format }: {
    variant?: string;
    records?: RecordsWanted;
    process?: string;
  },
  wanted: Pick<PlainOptions, "records" | "unknown">,
): string {
  const [usual, kept] = [undefined, wanted.records]
    .map((records) => JSON.stringify(keptRecords(format, records)));
  return variant + (kept === usual ? "" : `+${kept}`) +
    (!process || wanted.unknown === "warnings" ? "" : `+${wanted.unknown}`);
}

/** By importer and head, how many bytes earlier imports of sources read. */
export function knownLengths(
  db: Database,
): (importer: string, head: string) => number[] {
  if (!hasSources(db)) return () => [];
  return (importer, head) =>
    db.query<{ bytes: number }>(
      "SELECT DISTINCT bytes FROM source WHERE importer = ? AND head = ?",
      [importer, head],
    ).map(({ bytes }) => bytes);
}

/** Whether anything was ever imported; the first file may be broken. */
export const hasSources = (db: Database): boolean =>
  db.query("SELECT 1 FROM sqlite_schema WHERE name = 'source'").length > 0;

/** Adds a source that is about to be read. Returns its id. */
export function addSource(
  db: Database,
  { path, importer }: SourceReport,
): number {
  const insert = "INSERT INTO source (path, importer) VALUES (?, ?)";
  return Number(db.run(insert, [path, importer]).lastInsertRowid);
}

/** Completes the row of a source after it was read. */
export function writeSource(
  db: Database,
  id: number,
  report: SourceReport,
  how: { fingerprint: string; head: string; attributes: string },
): void {
  db.run(
    `UPDATE source SET path = :report ->> 'path', fingerprint = :fingerprint,
       head = :head, imported_at = :now, bound = NULL,
       attributes = ifnull(attributes, :attributes),
       clock = :report ->> 'clock', bytes = :report ->> 'bytes',
       lines = :report ->> 'lines', matched = :report ->> 'matched',
       unmatched = :report ->> 'unmatched',
       malformed = :report ->> 'malformed',
       continued = :report ->> 'continued', copies = :report ->> 'copies'
     WHERE id = :id`,
    { ...how, id, report: JSON.stringify(report), now: new Date() },
  );
}
