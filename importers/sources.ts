import type { Database } from "../sql/mod.ts";
import type { SourceReport } from "./report.ts";

/** The earlier import of the same content, or of the same path. */
export interface KnownSource {
  id: number;
  /** Whether the content is the same, byte for byte. */
  isSame: boolean;
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
  const [known] = db.query<{ id: number; same: number }>(
    `SELECT id,
       fingerprint = :fingerprint AND ifnull(clock, :clock) IS :clock AS same
     FROM source
     WHERE importer = :importer
       AND (fingerprint = :fingerprint OR path = :path)
     ORDER BY same DESC, id DESC LIMIT 1`,
    { importer, path, fingerprint, clock },
  );
  return known && { id: known.id, isSame: known.same === 1 };
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
    `INSERT OR REPLACE INTO source
       (id, path, importer, fingerprint, bytes, imported_at)
     VALUES (:id, :path, :importer, :fingerprint, :bytes, :now)`,
    {
      id: id ?? null,
      path,
      importer,
      fingerprint,
      bytes,
      now: new Date(),
    },
  );
  return Number(lastInsertRowid);
}

/** Writes down what the lines of a source came to. */
export function writeCounts(
  db: Database,
  id: number,
  { lines, matched, notUnderstood, malformed, continued, copies, clock }:
    SourceReport,
): void {
  db.run(
    `UPDATE source SET lines = :lines, matched = :matched,
       not_understood = :notUnderstood, malformed = :malformed,
       continued = :continued, copies = :copies, clock = :clock
     WHERE id = :id`,
    {
      ...{ id, lines, matched, notUnderstood, malformed, continued, copies },
      clock: clock ?? null,
    },
  );
}
