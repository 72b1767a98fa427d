import type { Database } from "../../sql/mod.ts";
import type { SourceReport } from "../report/report.ts";

/** The earlier import of the same content, or of the same path. */
export interface KnownSource {
  id: number;
  /** Whether the content is the same, byte for byte. */
  isSame: boolean;
  /** JSON: the attributes that were given; null where that is not known. */
  attributes: string | null;
}

/**
 * Looks for an earlier import: of the same content, wherever it lay, and by the
 * same clock, if it was read by one; or else of another content at the same
 * path.
 */
export function findSource(
  db: Database,
  { path, importer, clock = null }: Identity,
  fingerprint: string,
): KnownSource | undefined {
  const [known] = db.query<
    { id: number; same: number; attributes: string | null }
  >(
    `SELECT id, attributes,
       fingerprint = :fingerprint AND ifnull(clock, :clock) IS :clock AS same
     FROM source
     WHERE importer = :importer
       AND (fingerprint = :fingerprint OR path = :path)
     ORDER BY same DESC, id DESC LIMIT 1`,
    { importer, path, fingerprint, clock },
  );
  return known && {
    id: known.id,
    isSame: known.same === 1,
    attributes: known.attributes,
  };
}

interface Identity {
  path: string;
  importer: string;
  clock?: string | null;
}

/** Writes down a source, and gives its id. An id that is given is kept. */
export function writeSource(
  db: Database,
  { path, importer, bytes }: SourceReport,
  fingerprint: string,
  id?: number,
): number {
  const { lastInsertRowid } = db.run(
    `INSERT INTO source (id, path, importer, fingerprint, bytes, imported_at)
     VALUES (:id, :path, :importer, :fingerprint, :bytes, :now)
     ON CONFLICT (id) DO UPDATE SET path = :path, fingerprint = :fingerprint,
       bytes = :bytes, imported_at = :now, bound = NULL`,
    {
      id: id ?? null,
      path,
      importer,
      fingerprint,
      bytes,
      now: new Date(),
    },
  );
  return id ?? Number(lastInsertRowid);
}

/**
 * Writes down what the lines of a source came to, and the attributes that its
 * spans are given, if it was given none before.
 */
export function writeCounts(
  db: Database,
  id: number,
  { lines, matched, unmatched, malformed, continued, copies, clock }:
    SourceReport,
  attributes: string,
): void {
  db.run(
    `UPDATE source SET attributes = ifnull(attributes, :attributes), lines = :lines, matched = :matched,
       unmatched = :unmatched, malformed = :malformed,
       continued = :continued, copies = :copies, clock = :clock
     WHERE id = :id`,
    {
      ...{ id, lines, matched, unmatched, malformed, continued, copies },
      clock: clock ?? null,
      attributes,
    },
  );
}
