import { type FoundLog, recognizeLog } from "./find_sources.ts";
import { isFile } from "./paths.ts";

/** A file, and which importer reads it, if any. */
export interface FoundFile {
  path: string;
  bytes: number;
  log?: FoundLog;
  isSqlite?: boolean;
  /** Why it cannot be read. */
  reason?: string;
}

/** Finds out by its content what a file is. An empty file is nothing. */
export function recognize(path: string): FoundFile | undefined {
  let bytes = 0;
  try {
    const { size, isSymlink } = Deno.lstatSync(path);
    if (isSymlink) return { path, bytes, reason: "a link, not followed" };
    bytes = size;
    if (bytes === 0 || isBesideSqlite(path)) return undefined;
    if (startsLikeSqlite(path)) return { path, bytes, isSqlite: true };
    const log = recognizeLog(path);
    return log ? { path, bytes, log } : { path, bytes };
  } catch (thrown) {
    return { path, bytes, reason: messageOf(thrown) };
  }
}

/** What went wrong, in words. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);

// SQLite reads these with the database.
function isBesideSqlite(path: string): boolean {
  const [, main] = /^(.*)-(?:wal|shm|journal)$/s.exec(path) ?? [];
  return main !== undefined && isFile(main) && startsLikeSqlite(main);
}

const magic = new TextEncoder().encode("SQLite format 3\0");

function startsLikeSqlite(path: string): boolean {
  using file = Deno.openSync(path);
  const start = new Uint8Array(magic.length);
  return file.readSync(start) === magic.length &&
    start.every((byte, i) => byte === magic[i]);
}
