import { Buffer } from "node:buffer";
import { Connection } from "../connection.ts";
import { NativeEngine } from "../engines/native.ts";
import { cannotOpen, codeOf, DatabaseError, reasonOf } from "../errors.ts";
import { checkFile, filePath, usesWriteAheadLog } from "../files.ts";
import { committedBytes } from "./committed_bytes.ts";
import { headerLength } from "./write_ahead_log.ts";

/**
 * All bytes of a database file in the state committed at one moment, even while
 * another program writes to it. `openDatabase` takes them.
 *
 * It creates and changes no file: an unfinished transaction of a program that
 * was killed is rolled back only in the bytes. A program that writes waits no
 * longer than it takes to read the file, and not at all if it uses a write-ahead
 * log.
 *
 * @param path a path or a `file:` URL
 * @throws {DatabaseError} if the file cannot be read, is not a database, or another
 * program keeps it locked for longer than five seconds
 *
 * @example
 * ```ts
 * import { openDatabase, readDatabaseFile } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * const bytes = readDatabaseFile("tests/fixtures/wq/runinfo/monitoring.db");
 * using db = await openDatabase(bytes, { readOnly: true });
 * const [row] = db.query("SELECT count(*) AS tasks FROM task");
 * assert.equal(row?.tasks, 104);
 * ```
 */
export function readDatabaseFile(path: string | URL): Uint8Array {
  const file = filePath(path);
  checkFile(file, { mustExist: true });
  try {
    if (Deno.statSync(file).size === 0) return new Uint8Array();
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const bytes = usesWriteAheadLog(file)
        ? readWith(file, "-wal", headerLength)
        : readLocked(file) ?? readWith(file, "-journal");
      if (bytes) return bytes;
    }
    // A log that restarts each time belongs to a running program: it lets a
    // reader in, and SQLite creates no log for that.
    const bytes = readLocked(file);
    if (bytes) return bytes;
    throw new DatabaseError(keepsChanging);
  } catch (error) {
    throw cannotOpen(file, reasonOf(error), codeOf(error));
  }
}

// While SQLite holds the lock of a reader, nobody writes to the file. Undefined
// if a program was killed while writing: SQLite would roll back in the file.
function readLocked(path: string): Uint8Array | undefined {
  try {
    const engine = new NativeEngine(path, { readOnly: true });
    using db = new Connection(engine, { path, readOnly: true, onDisk: true });
    return db.transaction(() => {
      // The first read takes the lock.
      db.query("SELECT count(*) FROM sqlite_schema");
      return engine.serialize();
    });
  } catch (error) {
    const code = codeOf(error);
    // A killed program left the file with an unfinished transaction.
    if (code === "SQLITE_READONLY") return;
    if (code !== "SQLITE_BUSY") throw error;
    // A transaction that does not fit into memory keeps the file locked. The
    // previous content is then in the journal.
    const bytes = readWith(path, "-journal");
    if (bytes) return bytes;
    throw new DatabaseError(locked, undefined, { code });
  }
}

const locked =
  "another program is writing to it and has kept it locked for 5 s. Try again " +
  "when it has written, or copy the file with what lies beside it and read the " +
  "copy";

/**
 * Reads a file without a lock, together with its journal or log. Undefined if
 * another program has restarted that meanwhile, or repaired the file.
 *
 * Even a reader makes SQLite create a log beside the database and leave it
 * there. Until the log restarts, the pages moved into the file are still in it:
 * only its header must stay. A page is in the journal before it is changed in
 * the file.
 */
function readWith(
  path: string,
  suffix: "-wal" | "-journal",
  compared?: number,
): Uint8Array | undefined {
  const before = readIfThere(path + suffix, compared);
  const main = Deno.readFileSync(path);
  const content = readIfThere(path + suffix);
  const isSame = [content, readIfThere(path + suffix, compared)].every((now) =>
    Buffer.compare(before, now.subarray(0, compared)) === 0
  );
  if (!isSame) return undefined;
  if (suffix === "-wal") return committedBytes(main, { log: content });
  // Without a journal, the file was not half done.
  return content.length > 0
    ? committedBytes(main, { journal: content })
    : undefined;
}

const maxAttempts = 20;
const keepsChanging =
  `it changed each of ${maxAttempts} times it was read. Try again later, or copy ` +
  "the file with what lies beside it and read the copy";

/** The bytes of a file, or the first ones; empty if it does not exist. */
function readIfThere(path: string, length?: number): Uint8Array {
  try {
    if (length === undefined) return Deno.readFileSync(path);
    using file = Deno.openSync(path);
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, file.readSync(bytes) ?? 0);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Uint8Array();
    throw error;
  }
}
