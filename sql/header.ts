/** Whether bytes start as every SQLite file does but an empty one. */
export const isHeader = (bytes: Uint8Array): boolean =>
  new TextDecoder("latin1").decode(bytes.subarray(0, magic.length)) === magic;

/** Whether a file starts so. */
export const hasHeader = (path: string): boolean => isHeader(startOf(path));

/** Whether a file says that it has a write-ahead log. */
export function usesWriteAheadLog(path: string): boolean {
  const start = startOf(path);
  return isHeader(start) && hasLog(start);
}

/**
 * The bytes of a file without the mark that it has a write-ahead log, with which
 * SQLite refuses it in memory.
 */
export function withoutWriteAheadLog(bytes: Uint8Array): Uint8Array {
  if (!hasLog(bytes)) return bytes;
  const copy = bytes.slice();
  copy.fill(1, 18, 20);
  return copy;
}

// The versions that are needed to write and to read: 2 with a log, 1 without.
const hasLog = (bytes: Uint8Array) => bytes[18] === 2 || bytes[19] === 2;

function startOf(path: string): Uint8Array {
  using file = Deno.openSync(path);
  const bytes = new Uint8Array(20);
  return bytes.subarray(0, file.readSync(bytes) ?? 0);
}

const magic = "SQLite format 3\0";
