import type { Database } from "../../sql/mod.ts";
import { hasTable } from "./has_table.ts";

/**
 * Maximum of lengths up to which a file on disk is compared with earlier
 * sources. Each takes some microseconds.
 */
export const maxLengths = 1000;

// Of content in a container, in which all chunks are digested.
const maxPacked = 64;

/**
 * By head, how many bytes earlier imports of sources read: the greatest lengths,
 * up to one of them. Each is found by the index, however many sources have it.
 */
export const lengthsUpTo = (
  db: Database,
  head: string,
  end: number,
  max: number,
): number[] =>
  db.query<{ bytes: number }>(
    `WITH RECURSIVE length (bytes) AS (
       SELECT max(bytes) FROM source WHERE head = :head AND bytes <= :end
       UNION ALL
       SELECT (SELECT max(source.bytes) FROM source
         WHERE head = :head AND source.bytes < length.bytes)
       FROM length WHERE bytes IS NOT NULL LIMIT :max)
     SELECT bytes FROM length WHERE bytes IS NOT NULL`,
    { head, end, max },
  ).map(({ bytes }) => bytes);

/** The same for files in containers; a file of another length is read again. */
export const knownLengths = (db: Database): (head: string) => number[] =>
  hasTable(db, "source")
    ? (head) => lengthsUpTo(db, head, Number.MAX_SAFE_INTEGER, maxPacked)
    : () => [];
