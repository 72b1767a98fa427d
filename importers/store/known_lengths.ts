import type { Database } from "../../sql/mod.ts";
import { hasTable } from "./has_table.ts";

/** By default, at how many lengths content is compared with other sources. */
const maxLengths = 64;

/**
 * The same for files on disk in this import. Each length takes some
 * microseconds, which only a file of an earlier import can be worth: it may have
 * moved and grown.
 */
export const maxLengthsOnDisk = (db: Database): number =>
  hasTable(db, "source") && db.query("SELECT 1 FROM source LIMIT 1").length > 0
    ? 1000
    : maxLengths;

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

/** The same for files in containers. A file of another length is read again. */
export const knownLengths = (db: Database): (head: string) => number[] =>
  hasTable(db, "source")
    ? (head) => lengthsUpTo(db, head, Number.MAX_SAFE_INTEGER, maxLengths)
    : () => [];
