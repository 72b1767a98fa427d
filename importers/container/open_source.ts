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
  /** Where it lies. */
  path: string;
  /** In bytes. */
  size: number;
  fingerprint: string;
  /** Whether it has changed since it was opened. */
  hasChanged(): boolean;
  [Symbol.dispose](): void;
}

/** Opens a database that was found. */
export type OpenDatabase = () => Promise<OpenSource>;

/**
 * Opens a source, which may belong to a workflow that runs: neither it nor
 * anything beside it is written to. It is read as of one moment, from a copy in
 * memory, up to this many bytes. A larger one is read in place, a few thousand
 * rows at a time, so that memory stays bounded and a program that writes never
 * waits long; its tables may then be of different moments.
 *
 * A large one is copied all the same if SQLite would have to write: with a
 * write-ahead log, or left half done by a program that was killed.
 */
export async function openSource(
  path: string,
  largestCopy = 64 * 2 ** 20,
): Promise<OpenSource> {
  const { size } = Deno.statSync(path);
  const inPlace = size > largestCopy && !hasWriteAheadLog(path)
    ? await openInPlace(path)
    : undefined;
  return inPlace ?? sourceOf(path, readDatabaseFile(path));
}

/** A source that is read from its bytes, wherever they lie. */
export async function sourceOf(
  path: string,
  bytes: Uint8Array,
): Promise<OpenSource> {
  const db = await opened(path, bytes);
  return {
    db,
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
    const message = error.message.replace(/^cannot open [^:]*: /, "");
    throw new DatabaseError(`cannot open ${path}: ${message}`);
  }
}

async function openInPlace(path: string): Promise<OpenSource | undefined> {
  // Before SQLite has it: a file that is closed takes with it the locks that
  // this program has on it.
  const hash = sha256();
  for (const chunk of chunksOf(path)) hash.update(chunk);
  const db = await openedInPlace(path);
  if (!db) return undefined;
  // Each page is read once.
  db.exec("PRAGMA cache_size = -4096");
  // It counts what others have committed.
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
  for (let tries = 0; tries < mostTries; tries++) {
    try {
      return await openDatabase(path, { readOnly: true });
    } catch (error) {
      if (!seemsHalfDone(error)) break;
    }
  }
  // What is wrong is found out when it is copied.
  return undefined;
}

/**
 * Whether SQLite takes a file for one that a program left half done. It may be
 * wrong, where a program begins to write while SQLite looks: then it reads it a
 * moment later.
 */
export const seemsHalfDone = (error: unknown): boolean =>
  error instanceof DatabaseError &&
  error.message.includes("attempt to write a readonly database");

/** How often a file that seems half done is tried. */
export const mostTries = 20;

function hasWriteAheadLog(path: string): boolean {
  using file = Deno.openSync(path);
  return bytesAt(file, 18, 2).includes(2);
}
