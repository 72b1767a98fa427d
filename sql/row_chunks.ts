/**
 * Rows in chunks of at most `maxRows` rows and about `maxSize` characters and
 * bytes, so that a result of any size is never in memory as a whole.
 *
 * @example
 * ```ts
 * import { openDatabase, rowChunks } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * const rows = db.iterate("SELECT value FROM json_each('[1,2,3]')");
 * const lengths = rowChunks(rows, 2).map(({ length }) => length);
 * assert.deepEqual([...lengths], [2, 1]);
 * ```
 */
export function* rowChunks<T extends object>(
  rows: Iterable<T>,
  maxRows: number,
  maxSize = 2 ** 25,
): Generator<T[]> {
  let chunk: T[] = [];
  let size = 0;
  for (const row of rows) {
    chunk.push(row);
    for (const name in row) {
      const value: unknown = row[name];
      const isLong = typeof value === "string" || value instanceof Uint8Array;
      if (isLong) size += value.length;
    }
    if (chunk.length < maxRows && size < maxSize) continue;
    yield chunk;
    chunk = [];
    size = 0;
  }
  if (chunk.length > 0) yield chunk;
}
