/** Whether bytes start as every SQLite file does but an empty one. */
export const isHeader = (bytes: Uint8Array): boolean =>
  new TextDecoder("latin1").decode(bytes.subarray(0, magic.length)) === magic;

/** Whether a file starts so. */
export function hasHeader(path: string): boolean {
  using file = Deno.openSync(path);
  const bytes = new Uint8Array(magic.length);
  file.readSync(bytes);
  return isHeader(bytes);
}

/**
 * The bytes of a file without the mark that it has a write-ahead log, with which
 * SQLite refuses it in memory: bytes 18 and 19 are 2 then, and 1 without.
 */
export function withoutWriteAheadLog(bytes: Uint8Array): Uint8Array {
  if (bytes[18] !== 2 && bytes[19] !== 2) return bytes;
  const copy = bytes.slice();
  copy.fill(1, 18, 20);
  return copy;
}

const magic = "SQLite format 3\0";
