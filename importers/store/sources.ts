import { basename } from "node:path";
import type { Database } from "../../sql/mod.ts";
import { type Content, headLength } from "../container/content.ts";
import { emptySourceReport, type SourceReport } from "../report/report.ts";
import {
  type EarlierContent,
  isStillThere,
} from "../container/earlier_content.ts";
import { hasTable } from "./has_table.ts";
import { prepareTables } from "./indexes.ts";
import { lengthsUpTo, maxLengths } from "./known_lengths.ts";
import type { PlainOptions, RecordsWanted } from "./options.ts";
import { keptRecords } from "./records.ts";
import { fileOnDisk } from "../container/packing.ts";
import type { RelabelledSources } from "./user_attributes.ts";

/** How a source is found again: by importer, place, clock and options. */
interface SourceIdentity {
  importer: string;
  path: string;
  clock: string;
  /** Name of its run directory, if it is a log of a run. */
  rundir?: string;
  /** The path below the run directory. */
  within?: string | undefined;
  /** Whether it is a log of a run. */
  isOfRun?: boolean;
  /** Whether sources of equal content are distinct. */
  isIdentifiedByPlace?: boolean | undefined;
  /** Hash of the options it is read with; another one reads it again. */
  variant?: string;
}

/** Hashes that identify content, and the end of its readable part. */
interface Fingerprints extends Pick<Content, "hashOf" | "hashesOf"> {
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
  /** Whether its file is no longer where it was. */
  hasMoved: boolean;
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
    if (known.hasMoved) {
      const { path } = source;
      db.run("UPDATE source SET path = ? WHERE id = ?", [path, known.id]);
    }
    const outcome = relabelled.has(known.id) ? "relabelled" : "unchanged";
    const report = emptySourceReport(source.path, source.importer);
    return { ...report, bytes: known.bytes, outcome };
  });
}

/**
 * Finds an earlier import with the same bytes, as far as it read, anywhere and
 * by the same clock; or else with other content at the same path. A log that is
 * in several copies of a run directory was read from the longest one.
 */
function findSource(
  db: Database,
  source: SourceIdentity,
  content: Fingerprints,
): KnownSource | undefined {
  const { variant, path, rundir, within = "", isOfRun, isIdentifiedByPlace } =
    source;
  const { hashOf, end } = content;
  const candidates = candidatesFor(db, source, content);
  for (const { id, rundir: other, ...known } of candidates) {
    // It was read from a copy of its run that is no longer there.
    const isReplaced = isOfRun && known.path === path && other !== rundir;
    if (!isReplaced || other === null) continue;
    const where = `${other}${within}`;
    db.run("UPDATE source SET path = ? WHERE id = ?", [where, id]);
  }
  const isOfSameRun = (known: Candidate) => !isOfRun || known.rundir === rundir;
  const isHere = (known: Candidate) =>
    known.path === path && isOfSameRun(known);
  // Short logs of two workers may begin alike.
  const mayHaveGrown = (known: Candidate) =>
    known.bytes < end &&
    (isHere(known) ||
      isOfSameRun(known) && known.bytes > headLength &&
        nameOf(known.path) === nameOf(path));
  const mayBeSame = (known: Candidate) =>
    !isIdentifiedByPlace ||
    known.rundir === rundir && nameOf(known.path) === nameOf(path);
  const same = candidates.find((known) =>
    mayBeSame(known) && (known.bytes === end || mayHaveGrown(known)) &&
    known.fingerprint ===
      fingerprintOf(hashOf(known.bytes) ?? "unknown", variant)
  );
  const copied = candidates.find((known) =>
    isOfRun && known.rundir === rundir && known.path.endsWith(within)
  );
  const known = same ?? candidates.find(isHere) ?? copied;
  if (!known) return undefined;
  const { id, bytes, lines, attributes, isByClock } = known;
  const isElsewhere = known.path !== path &&
    (isOfRun ? isStillThere(known) === true : !isGone(known.path));
  const is = same && isByClock
    ? bytes === end ? "same" : "grown"
    : known === copied && isElsewhere
    ? "same"
    : "other";
  const hasMoved = known.path !== path && !isElsewhere && isOfSameRun(known);
  return { id, bytes, lines, attributes, is, hasMoved };
}

/**
 * Sources that may be this one. Very many files may begin alike: they are found
 * by their place in the run or by their content. A file outside a run may have
 * moved and grown: its content is compared up to the length of each other.
 */
function candidatesFor(
  db: Database,
  source: SourceIdentity,
  { head, hashesOf, end }: Fingerprints,
): Candidate[] {
  const { importer, variant, path, clock, rundir = null, within } = source;
  const mayHaveMoved = !source.isOfRun && db.query(
        "SELECT 1 FROM source WHERE path = ? AND head = ? AND bytes = ? LIMIT 1",
        [path, head, end],
      ).length === 0;
  const lengths = source.isIdentifiedByPlace
    ? []
    : lengthsUpTo(db, head, end, mayHaveMoved ? maxLengths : 1);
  const hashes = hashesOf(
    mayHaveMoved ? lengths : lengths.filter((n) => n === end),
  );
  return db.query<Candidate>(
    `SELECT id, path, importer, rundir, bytes, lines, attributes, head,
       fingerprint, ifnull(clock, :clock) = :clock AS isByClock
     FROM source
     WHERE importer = :importer AND (
       path IN (:path, :home)
       OR rundir = :rundir AND within = :within AND head = :head
       OR fingerprint IN (SELECT value FROM json_each(:fingerprints)))
     ORDER BY path = :path DESC, bytes DESC, id`,
    {
      importer,
      path,
      clock,
      rundir,
      head,
      home: source.isOfRun ? `${rundir}${within}` : path,
      within: belowRun(within),
      fingerprints: JSON.stringify(
        hashes.map((hash) => fingerprintOf(hash, variant)),
      ),
    },
  );
}

/** A log may be compressed later. */
const belowRun = (within: string | undefined): string | null =>
  within?.replace(/\.gz$/i, "") ?? null;

interface Candidate extends EarlierContent {
  id: number;
  path: string;
  rundir: string | null;
  lines: number;
  attributes: string | null;
  isByClock: number;
}

/** Whether there is no file of that name, or of a container of it, any more. */
export function isGone(path: string): boolean {
  try {
    return fileOnDisk(path) === undefined;
  } catch {
    // Without permission it counts as unchanged.
    return false;
  }
}

const nameOf = (path: string) => basename(path).replace(/\.gz$/i, "");

/** The content and the options it was read with. */
export const fingerprintOf = (hash: string, variant = ""): string =>
  variant ? `${variant}:${hash}` : hash;

/** A format's variant, with the options that are not defaults. */
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

/** Whether a file was imported. */
export const hasSource = (db: Database, path: string): boolean =>
  hasSources(db) &&
  db.query("SELECT 1 FROM source WHERE path = ?", [path]).length > 0;

/** Whether anything was ever imported; the first file may be broken. */
export const hasSources = (db: Database): boolean => hasTable(db, "source");

/** Adds a source that is about to be read. Returns its id. */
export function addSource(
  db: Database,
  { path, importer }: SourceReport,
  rundir?: string,
  within?: string,
): number {
  return Number(
    db.run(
      `INSERT INTO source (path, importer, rundir, within)
       VALUES (?, ?, ?, ?)`,
      [path, importer, rundir || null, belowRun(within)],
    ).lastInsertRowid,
  );
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
       clock = :report ->> 'clock', began = :report ->> 'began',
       ended = :report ->> 'ended', bytes = :report ->> 'bytes',
       lines = :report ->> 'lines', matched = :report ->> 'matched',
       unmatched = :report ->> 'unmatched',
       malformed = :report ->> 'malformed',
       continued = :report ->> 'continued', copies = :report ->> 'copies'
     WHERE id = :id`,
    { ...how, id, report: JSON.stringify(report), now: new Date() },
  );
}
