import {
  type Database,
  DatabaseError,
  openDatabase,
  readDatabaseFile,
} from "../../sql/mod.ts";
import { bytesAt, chunksOf, writeChunks } from "./chunks.ts";
import { sha256 } from "./sha256.ts";

/** An SQLite database that is being read. */
export interface OpenSource {
  db: Database;
  /** All of its bytes, or the path of the file that is read in place. */
  content: Uint8Array | string;
  path: string;
  /** Bytes. */
  size: number;
  fingerprint: string;
  /** Whether it changed since it was opened. */
  hasChanged(): boolean;
  [Symbol.dispose](): void;
}

/** Whether a database is wanted, by its schema. */
export type IsWanted = (db: Database) => boolean;

/** Opens a database that was found; undefined if it is not wanted. */
export type OpenDatabase = (
  isWanted: IsWanted,
) => Promise<OpenSource | undefined>;

/** Bytes of databases that are copied to memory. */
export const maxInMemory = 64 * 2 ** 20;

/**
 * Opens a database, which a running workflow may be writing, without writing to
 * it or beside it. Up to `maxCopy` bytes, it is copied to memory as of one
 * moment. A larger one is read in place, a few thousand rows at a time, with
 * bounded memory and without making writers wait long; its tables may then be of
 * different moments.
 *
 * SQLite cannot read one in place if it would have to write: with a write-ahead
 * log, or left half done by a killed program. A database with a write-ahead log is
 * copied to a temporary folder, or to memory if there can be no such folder; one
 * that was left half done is copied to memory.
 */
export async function openSource(
  path: string,
  maxCopy = maxInMemory,
): Promise<OpenSource> {
  const { size } = Deno.statSync(path);
  const large = size <= maxCopy
    ? undefined
    : hasWriteAheadLog(path)
    ? await openWithLog(path)
    : await openInPlace(path);
  return large ?? sourceOf(path, readDatabaseFile(path));
}

/**
 * As openSource, if the database is wanted. A large one is refused by the start
 * of the file, where its schema is: to hash or copy all of it takes minutes.
 */
export async function openWanted(
  path: string,
  isWanted: IsWanted,
): Promise<OpenSource | undefined> {
  const isLarge = Deno.statSync(path).size > maxInMemory;
  return isLarge && await isRefused(path, isWanted)
    ? undefined
    : await openSource(path);
}

async function isRefused(path: string, isWanted: IsWanted): Promise<boolean> {
  const start = startOf(path);
  // The number of pages: if it is 0, SQLite derives it from the length.
  start.fill(0, 28, 32);
  try {
    using db = await openDatabase(start, { readOnly: true });
    return !isWanted(db);
  } catch (error) {
    if (error instanceof DatabaseError) return false;
    throw error;
  }
}

function startOf(path: string): Uint8Array {
  using file = Deno.openSync(path);
  return bytesAt(file, 0, 2 ** 20);
}

async function openWithLog(path: string): Promise<OpenSource | undefined> {
  const folder = temporaryFolder();
  if (!folder) return undefined;
  try {
    const copy = `${folder.path}/database`;
    for (let tries = 0; tries < maxTries; tries++) {
      const before = logState(path);
      writeChunks(copy, chunksOf(path));
      // Also without a log: an earlier try may have left one.
      writeChunks(`${copy}-wal`, chunksIfThere(`${path}-wal`));
      // Until the log restarts, pages that SQLite moves into the file meanwhile
      // stay in the log.
      if (before === logState(path)) {
        return await openCopy(path, copy, () => folder[Symbol.dispose]());
      }
    }
    folder[Symbol.dispose]();
    return undefined;
  } catch (error) {
    folder[Symbol.dispose]();
    throw error;
  }
}

/**
 * The first bytes of a write-ahead log, which change when it restarts. Without a
 * log, the time of the file, which changes if there was one meanwhile.
 */
function logState(path: string): string | undefined {
  for (const start of chunksIfThere(`${path}-wal`)) {
    return start.subarray(0, 32).toHex();
  }
  return Deno.statSync(path).mtime?.toJSON();
}

function* chunksIfThere(path: string): Generator<Uint8Array> {
  try {
    yield* chunksOf(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/**
 * Opens a copy of a database, in place. SQLite applies the write-ahead log or the
 * journal beside it.
 */
export async function openCopy(
  path: string,
  copy: string,
  remove = () => {},
): Promise<OpenSource> {
  const db = await opened(path, copy);
  try {
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    return {
      ...described(db, path, copy, hashOf(copy)),
      [Symbol.dispose]() {
        db.close();
        remove();
      },
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** A folder that is removed when disposed; undefined if it cannot be made. */
export function temporaryFolder(): Disposable & { path: string } | undefined {
  try {
    const path = Deno.makeTempDirSync({ prefix: "dnpc-" });
    const remove = () => Deno.removeSync(path, { recursive: true });
    return { path, [Symbol.dispose]: remove };
  } catch {
    return undefined;
  }
}

/** Opens a database from its bytes. */
export async function sourceOf(
  path: string,
  bytes: Uint8Array,
): Promise<OpenSource> {
  const db = await opened(path, bytes);
  return described(db, path, bytes, sha256().update(bytes).digest("hex"));
}

async function opened(
  path: string,
  content: Uint8Array | string,
): Promise<Database> {
  const isCopy = typeof content === "string";
  try {
    return await openDatabase(content, { readOnly: !isCopy });
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw new DatabaseError(`cannot open ${path}: ${error.reason}`);
  }
}

async function openInPlace(path: string): Promise<OpenSource | undefined> {
  // Before SQLite opens it: closing a file drops this process's locks on it.
  const fingerprint = hashOf(path);
  const db = await openedInPlace(path);
  if (!db) return undefined;
  // Counts other programs' commits. A rollback changes only the file's time.
  const version = () =>
    `${db.query("PRAGMA data_version")[0]!.data_version} ${
      Deno.statSync(path).mtime?.getTime()
    }`;
  const before = version();
  return {
    ...described(db, path, path, fingerprint),
    hasChanged: () => version() !== before,
  };
}

function described(
  db: Database,
  path: string,
  content: Uint8Array | string,
  fingerprint: string,
): OpenSource {
  const isFile = typeof content === "string";
  // Each page of a file is read only once.
  if (isFile) db.exec("PRAGMA cache_size = -4096");
  return {
    db,
    content,
    path,
    size: isFile ? Deno.statSync(content).size : content.length,
    fingerprint,
    hasChanged: () => false,
    [Symbol.dispose]: () => db.close(),
  };
}

function hashOf(file: string): string {
  const hash = sha256();
  for (const chunk of chunksOf(file)) hash.update(chunk);
  return hash.digest("hex");
}

async function openedInPlace(path: string): Promise<Database | undefined> {
  for (let tries = 0; tries < maxTries; tries++) {
    try {
      return await openDatabase(path, { readOnly: true });
    } catch (error) {
      if (!seemsHalfDone(error)) break;
    }
  }
  // Copying it reveals the error.
  return undefined;
}

/**
 * Whether SQLite considers a transaction in the file unfinished. If a program
 * was just beginning to write, the file can be read a moment later.
 */
export const seemsHalfDone = (error: unknown): boolean =>
  error instanceof DatabaseError &&
  error.message.includes("attempt to write a readonly database");

/** How often to try a file that seems half done. */
export const maxTries = 20;

function hasWriteAheadLog(path: string): boolean {
  using file = Deno.openSync(path);
  return bytesAt(file, 18, 2).includes(2);
}
