import { isPageSize, resized } from "./write_ahead_log.ts";

/**
 * The bytes of a database before the transaction of its rollback journal, as
 * SQLite restores the file itself if a program was killed while writing.
 *
 * https://www.sqlite.org/fileformat2.html#the_rollback_journal
 *
 * @param main the bytes of the file; they may be changed
 * @param journal the bytes of the -journal beside it
 */
export function applyRollbackJournal(
  main: Uint8Array,
  journal: Uint8Array,
): Uint8Array {
  const view = new DataView(
    journal.buffer,
    journal.byteOffset,
    journal.byteLength,
  );
  const first = readJournalHeader(view, 0);
  if (!first) return main;
  const { pageSize, sectorSize, size } = first;
  // Pages are in the file or the journal, so that more bytes cannot be right.
  const maxLength = main.length + journal.length;
  const before = resized(main, Math.min(size * pageSize, maxLength));
  let at = 0;
  // Each time the journal was flushed to disk, another header follows.
  for (;;) {
    const header = readJournalHeader(view, at);
    if (!header) return before;
    at += sectorSize;
    const records = header.records === untilTheEnd
      ? Math.floor((journal.length - at) / (pageSize + 8))
      : header.records;
    for (let i = 0; i < records; i++, at += pageSize + 8) {
      if (at + pageSize + 8 > journal.length) return before;
      const page = view.getUint32(at);
      const content = journal.subarray(at + 4, at + 4 + pageSize);
      const checksum = view.getUint32(at + 4 + pageSize);
      if (page === 0 || checksum !== checksumOf(content, header.nonce)) {
        return before;
      }
      if (page * pageSize <= before.length) {
        before.set(content, (page - 1) * pageSize);
      }
    }
    at = Math.ceil(at / sectorSize) * sectorSize;
  }
}

const journalMagic = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
const untilTheEnd = 0xffffffff;

function readJournalHeader(view: DataView, at: number) {
  if (at + 28 > view.byteLength) return undefined;
  if (journalMagic.some((byte, i) => view.getUint8(at + i) !== byte)) {
    return undefined;
  }
  const field = (offset: number) => view.getUint32(at + offset);
  const [sectorSize, pageSize] = [field(20), field(24)];
  const isKnown = isPageSize(pageSize) && sectorSize >= 32 &&
    sectorSize <= 65536 && (sectorSize & (sectorSize - 1)) === 0;
  if (!isKnown) return undefined;
  // The numbers of pages that follow, and of pages of the database.
  const [records, size] = [field(8), field(16)];
  return { records, nonce: field(12), size, sectorSize, pageSize };
}

// Sums up every 200th byte, from the end.
function checksumOf(content: Uint8Array, nonce: number): number {
  let sum = nonce;
  for (let i = content.length - 200; i > 0; i -= 200) sum += content[i]!;
  return sum >>> 0;
}
