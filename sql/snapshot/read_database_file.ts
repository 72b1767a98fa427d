import { Buffer } from "node:buffer";
import { Connection } from "../connection.ts";
import { NativeEngine } from "../engines/native.ts";
import { DatabaseError, messageOf, reasonOf } from "../errors.ts";
import { checkFile, filePath, usesWriteAheadLog } from "../files.ts";
import { applyRollbackJournal } from "./rollback_journal.ts";
import { applyWriteAheadLog, headerLength } from "./write_ahead_log.ts";

/**
 * All bytes of a database file as of one moment, also while another program
 * writes to it: what was committed by then. `openDatabase` takes them.
 *
 * Nothing is written: no file is made or changed, and what a program that was
 * killed left half done is undone in the bytes alone. A program that writes is
 * kept waiting no longer than it takes to read the file, and not at all if it
 * uses a write-ahead log.
 *
 * @param path a path or a `file:` URL
 * @throws {DatabaseError} where the file cannot be read, is no database, or
 * another program keeps it locked for longer than five seconds
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
    for (let tries = 0; tries < mostTries; tries++) {
      const bytes = usesWriteAheadLog(file)
        ? readWithLog(file)
        : readLocked(file) ?? readWithJournal(file);
      if (bytes) return bytes;
    }
    // A program that empties its log all the time is there to make room for
    // another reader.
    const bytes = readLocked(file);
    if (bytes) return bytes;
    throw new DatabaseError(keepsChanging);
  } catch (error) {
    throw new DatabaseError(`cannot open ${file}: ${reasonOf(error)}`);
  }
}

/** Whether SQLite's words mean that a killed program left a file half done. */
const isHalfDone = (error: unknown): boolean =>
  /attempt to write a readonly database/.test(messageOf(error));

/** Whether they mean that another program has it locked. */
const isLocked = (error: unknown): boolean =>
  /database is locked/.test(messageOf(error));

// While SQLite holds the lock of a reader, nobody writes to the file. Nothing
// comes back where a program was killed while it wrote: SQLite would undo that in
// the file, were it allowed to write.
function readLocked(path: string): Uint8Array | undefined {
  try {
    const engine = new NativeEngine(path, { readOnly: true });
    using db = new Connection(engine, { path, readOnly: true, onDisk: true });
    return db.transaction(() => {
      // Only reading takes the lock.
      db.query("SELECT count(*) FROM sqlite_schema");
      return engine.serialize();
    });
  } catch (error) {
    if (isHalfDone(error)) return undefined;
    if (!isLocked(error)) throw error;
    // A large transaction keeps the file locked from the time that it no longer
    // fits into memory. What the file was before is in the journal then.
    const bytes = readWithJournal(path);
    if (bytes) return bytes;
    throw new DatabaseError(locked);
  }
}

const locked =
  "another program is writing to it and has kept it locked for 5 s. Try again " +
  "when it has written, or copy the file with what lies beside it and read the " +
  "copy";

// No lock keeps others away: where one has written to the journal meanwhile, or
// mended the file, nothing comes back. A page is in the journal before it is
// changed in the file.
function readWithJournal(path: string): Uint8Array | undefined {
  const journal = `${path}-journal`;
  const before = readIfThere(journal);
  const main = Deno.readFileSync(path);
  if (before.length === 0 || !isSame(before, readIfThere(journal))) {
    return undefined;
  }
  return applyRollbackJournal(main, before);
}

// SQLite would make files beside it, even one that only reads, and leave them
// there. Without it no lock is needed: while one filling of the log lasts, what
// is moved from it into the file is still in it. Where another filling began
// meanwhile, nothing comes back.
function readWithLog(path: string): Uint8Array | undefined {
  const log = `${path}-wal`;
  const before = readIfThere(log, headerLength);
  const main = Deno.readFileSync(path);
  const content = readIfThere(log);
  const after = readIfThere(log, headerLength);
  const isOneFilling = isSame(before, after) &&
    isSame(before, content.subarray(0, headerLength));
  return isOneFilling ? applyWriteAheadLog(main, content) : undefined;
}

const mostTries = 20;
const keepsChanging =
  `it changed each of ${mostTries} times it was read. Try again later, or copy ` +
  "the file with what lies beside it and read the copy";

/** The bytes of a file, or only the first; none if there is no such file. */
function readIfThere(path: string, most?: number): Uint8Array {
  try {
    if (most === undefined) return Deno.readFileSync(path);
    using file = Deno.openSync(path);
    const bytes = new Uint8Array(most);
    return bytes.subarray(0, file.readSync(bytes) ?? 0);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Uint8Array();
    throw error;
  }
}

const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  Buffer.compare(one, other) === 0;
