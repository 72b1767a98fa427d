import {
  type Database,
  DatabaseError,
  openDatabase,
  readDatabaseFile,
} from "../../sql/mod.ts";
import { bytesAt, chunksOf } from "./chunks.ts";
import { sha256 } from "./sha256.ts";

/** An SQLite database that is being read. */
export interface OpenSource {
  db: Database;
  /** All of its bytes, unless it is read in place. */
  bytes?: Uint8Array;
  path: string;
  /** Bytes. */
  size: number;
  fingerprint: string;
  /** Whether it changed since it was opened. */
  hasChanged(): boolean;
  [Symbol.dispose](): void;
}

/** Opens a database that was found. */
export type OpenDatabase = () => Promise<OpenSource>;

/**
 * Opens a database, which a running workflow may be writing, without writing to
 * it or beside it. Up to `maxCopy` bytes, it is copied to memory as of one
 * moment. A larger one is read in place, a few thousand rows at a time, with
 * bounded memory and without making writers wait long; its tables may then be of
 * different moments.
 *
 * A large one is copied, too, if SQLite would have to write: with a write-ahead
 * log, or left half done by a killed program.
 */
export async function openSource(
  path: string,
  maxCopy = 64 * 2 ** 20,
): Promise<OpenSource> {
  const { size } = Deno.statSync(path);
  const inPlace = size > maxCopy && !hasWriteAheadLog(path)
    ? await openInPlace(path)
    : undefined;
  return inPlace ?? sourceOf(path, readDatabaseFile(path));
}

/** Opens a database from its bytes. */
export async function sourceOf(
  path: string,
  bytes: Uint8Array,
): Promise<OpenSource> {
  const db = await opened(path, bytes);
  return {
    db,
    bytes,
    path,
    size: bytes.length,
    fingerprint: sha256().update(bytes).digest("hex"),
    hasChanged: () => false,
    [Symbol.dispose]: () => db.close(),
  };
}

async function opened(path: string, bytes: Uint8Array): Promise<Database> {
  try {
    return await openDatabase(bytes, { readOnly: true });
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw new DatabaseError(`cannot open ${path}: ${error.reason}`);
  }
}

async function openInPlace(path: string): Promise<OpenSource | undefined> {
  // Before SQLite opens it: closing a file drops this process's locks on it.
  const hash = sha256();
  for (const chunk of chunksOf(path)) hash.update(chunk);
  const db = await openedInPlace(path);
  if (!db) return undefined;
  // Each page is read only once.
  db.exec("PRAGMA cache_size = -4096");
  // Counts commits of others.
  const version = () => db.query("PRAGMA data_version")[0]!.data_version;
  const before = version();
  return {
    db,
    path,
    size: Deno.statSync(path).size,
    fingerprint: hash.digest("hex"),
    hasChanged: () => version() !== before,
    [Symbol.dispose]: () => db.close(),
  };
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
