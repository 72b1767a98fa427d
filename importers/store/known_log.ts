import { basename } from "node:path";
import type { Database } from "../../sql/mod.ts";
import { type Content, headLength } from "../container/content.ts";
import type { RecordsWanted } from "./options.ts";
import type { LogFormat } from "../formats/format.ts";
import { keptRecords } from "./records.ts";

/** An earlier import of a log. */
export interface KnownLog {
  id: number;
  /** How far it was read, in bytes and in lines. */
  bytes: number;
  lines: number;
  /** JSON: the attributes that were given; null where that is not known. */
  attributes: string | null;
  /** What the log is, compared with what was read: if it is longer, it grew. */
  is: "same" | "grown" | "other";
}

/**
 * Looks for an earlier import of a log: one of the same bytes, as far as that
 * one was read, wherever it lay, and by the same clock; or else of another
 * content at the same path.
 */
export function findLog(
  db: Database,
  { importer, variant, path, clock }: {
    importer: string;
    variant?: string | undefined;
    path: string;
    clock: string;
  },
  content: Content,
): KnownLog | undefined {
  const head = content.head();
  const candidates = db.query<Candidate>(
    `SELECT id, path, bytes, lines, attributes, fingerprint,
       path = :path AS isHere,
       ifnull(clock, :clock) = :clock AS isByClock
     FROM source
     WHERE importer = :importer AND (path = :path OR head = :head)
     ORDER BY isHere DESC, bytes DESC, id`,
    { importer, path, head, clock },
  );
  if (candidates.length === 0) return undefined;
  const end = content.endOfLines();
  // Short logs of two workers may begin alike.
  const mayHaveGrown = ({ path: earlier, bytes, isHere }: Candidate) =>
    bytes < end &&
    (isHere === 1 || bytes > headLength && nameOf(earlier) === nameOf(path));
  const same = candidates.find((known) =>
    (known.bytes === end || mayHaveGrown(known)) &&
    known.fingerprint ===
      fingerprintAsRead(content.hashOf(known.bytes) ?? "unknown", variant)
  );
  const known = same ?? candidates.find(({ isHere }) => isHere === 1);
  if (!known) return undefined;
  const { id, bytes, lines, attributes, isByClock } = known;
  const is = same && isByClock ? bytes === end ? "same" : "grown" : "other";
  return { id, bytes, lines, attributes, is };
}

/** What a source has to tell its content, and how it was read. */
export const fingerprintAsRead = (hash: string, variant = ""): string =>
  variant ? `${variant}:${hash}` : hash;

/**
 * What tells how a format is read, the records that are kept of it included.
 * Those that it keeps of itself need no telling.
 */
export function variantOf(
  { variant = "", ...format }: Pick<LogFormat, "variant" | "records">,
  wanted: RecordsWanted | undefined,
): string {
  const [usual, kept] = [undefined, wanted]
    .map((records) => JSON.stringify(keptRecords(format, records)));
  return kept === usual ? variant : `${variant}+${kept}`;
}

const nameOf = (path: string) => basename(path).replace(/\.gz$/i, "");

interface Candidate {
  id: number;
  path: string;
  bytes: number;
  lines: number;
  attributes: string | null;
  fingerprint: string;
  isHere: number;
  isByClock: number;
}

/**
 * By importer and head, how far earlier imports of logs have read: with which
 * lengths a log is to be compared.
 */
export function knownLengths(
  db: Database,
): (importer: string, head: string) => number[] {
  const [table] = db.query("SELECT 1 FROM sqlite_schema WHERE name = 'source'");
  if (!table) return () => [];
  return (importer, head) =>
    db.query<{ bytes: number }>(
      "SELECT DISTINCT bytes FROM source WHERE importer = ? AND head = ?",
      [importer, head],
    ).map(({ bytes }) => bytes);
}
