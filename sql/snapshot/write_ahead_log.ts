/**
 * The bytes of a database after applying the transactions in its write-ahead
 * log, as a checkpoint of SQLite does. It leaves out a transaction that was not
 * committed or not written completely.
 *
 * https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 *
 * @param main the bytes of the file; they may be changed
 * @param log the bytes of the -wal beside it
 */
export function applyWriteAheadLog(
  main: Uint8Array,
  log: Uint8Array,
): Uint8Array {
  const { pages, size, pageSize } = committedPages(log);
  if (pages.size === 0) return main;
  // Pages are in the file or the log, so that more bytes cannot be right.
  const length = Math.min(size * pageSize, main.length + log.length);
  const applied = resized(main, length);
  for (const [page, at] of pages) {
    // A later transaction may have shortened the file.
    if (page < 1 || page * pageSize > length) continue;
    applied.set(log.subarray(at, at + pageSize), (page - 1) * pageSize);
  }
  return applied;
}

/** The first `length` bytes, padded with zeros. */
export function resized(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length >= length) return bytes.subarray(0, length);
  const longer = new Uint8Array(length);
  longer.set(bytes);
  return longer;
}

/**
 * Bytes in the header. It changes when SQLite restarts the log from the
 * beginning, after all of it was moved into the file.
 */
export const headerLength = 32;
const frameHeaderLength = 24;

function committedPages(log: Uint8Array) {
  const committed = {
    /** Offset of the last version of each page in the log. */
    pages: new Map<number, number>(),
    /** Number of pages of the database. */
    size: 0,
    pageSize: 0,
  };
  if (log.length < headerLength) return committed;
  const view = new DataView(log.buffer, log.byteOffset, log.byteLength);
  const magic = view.getUint32(0);
  const pageSize = view.getUint32(8);
  if (magic >>> 1 !== 0x377f0682 >>> 1 || !isPageSize(pageSize)) {
    return committed;
  }
  const isLittleEndian = (magic & 1) === 0;
  // The checksum of everything added.
  let [first, second] = [0, 0];
  const add = (from: number, length: number) => {
    let [a, b] = [first, second];
    for (let at = from; at < from + length; at += 8) {
      a = (a + view.getUint32(at, isLittleEndian) + b) >>> 0;
      b = (b + view.getUint32(at + 4, isLittleEndian) + a) >>> 0;
    }
    [first, second] = [a, b];
  };
  const isChecksum = (at: number) =>
    view.getUint32(at) === first && view.getUint32(at + 4) === second;
  add(0, 24);
  if (!isChecksum(24)) return committed;
  const salts = [view.getUint32(16), view.getUint32(20)];
  // Pages of the current transaction.
  const waiting = new Map<number, number>();
  const frame = frameHeaderLength + pageSize;
  for (let at = headerLength; at + frame <= log.length; at += frame) {
    // Frames left from before a restart have other salts.
    const isCurrent = view.getUint32(at + 8) === salts[0] &&
      view.getUint32(at + 12) === salts[1];
    add(at, 8);
    add(at + frameHeaderLength, pageSize);
    if (!isCurrent || !isChecksum(at + 16)) break;
    waiting.set(view.getUint32(at), at + frameHeaderLength);
    const size = view.getUint32(at + 4);
    // Only the last frame of a transaction has the size of the file.
    if (size === 0) continue;
    for (const [page, place] of waiting) committed.pages.set(page, place);
    waiting.clear();
    committed.size = size;
  }
  return { ...committed, pageSize };
}

/** Whether SQLite can have pages of this size. */
export const isPageSize = (bytes: number): boolean =>
  bytes >= 512 && bytes <= 65536 && (bytes & (bytes - 1)) === 0;
