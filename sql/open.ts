import { checkFile } from "./check_file.ts";
import { Connection } from "./connection.ts";
import type { Database } from "./database.ts";
import type { Engine } from "./engines/engine.ts";
import { NativeEngine } from "./engines/native.ts";
import { SqljsEngine } from "./engines/sqljs.ts";
import { DatabaseError, messageOf } from "./errors.ts";
import { adviceOn, reasonOf } from "./file_trouble.ts";
import { isHeader, withoutWriteAheadLog } from "./header.ts";
import { filePath, statOrNothing } from "./paths.ts";
import { readDatabaseFile } from "./snapshot/read_database_file.ts";

/** How {@linkcode openDatabase} opens. */
export interface OpenOptions {
  /**
   * What runs the SQL: sql.js, in memory, or Deno's own SQLite, which also
   * works on files. The default is sql.js for a new database in memory and
   * native for one that is there, in a file or as bytes.
   * sql.js with a path works on a copy in memory: nothing is written until
   * `save`.
   */
  engine?: "sqljs" | "native";
  /**
   * Refuses to write to the file, or the bytes, and to create it. Temporary
   * tables can be made all the same. By default false.
   */
  readOnly?: boolean;
}

/**
 * Opens a database: a file, which is created if need be; the bytes of such a
 * file, as a copy in memory, where it lies in an archive or came over a network;
 * or with neither a new one in memory. It creates no tables.
 *
 * @param path a path, a `file:` URL, or all the bytes of a file, which stay as
 * they are
 * @throws {DatabaseError} where the file cannot be opened or is no database
 *
 * @example In memory
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * assert.deepEqual([...db.query("SELECT 1 AS one")], [{ one: 1 }]);
 * ```
 *
 * @example A file, which other tools read too
 * ```ts no-assert
 * import { openDatabase } from "dnpc/sql";
 *
 * const folder = await Deno.makeTempDir();
 * {
 *   using db = await openDatabase(`${folder}/runs.sqlite3`);
 *   db.exec("CREATE TABLE note (text TEXT)");
 * }
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @example The bytes of a file
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * const bytes = await Deno.readFile("tests/fixtures/wq/runinfo/monitoring.db");
 * using db = await openDatabase(bytes, { readOnly: true });
 * const [row] = db.query("SELECT count(*) AS tasks FROM task");
 * assert.equal(row?.tasks, 104);
 * ```
 */
export async function openDatabase(
  path?: string | URL | Uint8Array,
  options: OpenOptions = {},
): Promise<Database> {
  const { readOnly = false } = options;
  if (path instanceof Uint8Array) return await openBytes(path, options);
  if (path === undefined || path === ":memory:") {
    if (readOnly) {
      throw new TypeError(
        "a new database in memory is empty, so it cannot be read-only: " +
          "give a path, or leave out readOnly",
      );
    }
    const { engine = "sqljs" } = options;
    return new Connection(await openMemory(engine), {
      path: undefined,
      readOnly,
      onDisk: false,
    });
  }
  const { engine = "native" } = options;
  const file = filePath(path);
  checkFile(file, { mustExist: readOnly });
  const db = new Connection(await openFile(file, engine, readOnly), {
    path: file,
    readOnly,
    onDisk: engine === "native",
  });
  try {
    return checkReadable(db);
  } catch (error) {
    throw new DatabaseError(`cannot open ${file}: ${reasonOf(error)}`);
  }
}

async function openBytes(
  given: Uint8Array,
  { engine = "native", readOnly = false }: OpenOptions,
): Promise<Database> {
  const name = "a database from bytes";
  if (given.length > 0 && !isHeader(given)) {
    throw new DatabaseError(
      `cannot open ${name}: the ${given.length} bytes are not a SQLite ` +
        "database. Give the whole content of such a file",
    );
  }
  const bytes = withoutWriteAheadLog(given);
  try {
    const db = new Connection(await engineOfBytes(bytes, engine, readOnly), {
      path: undefined,
      readOnly,
      onDisk: false,
    });
    return checkReadable(db);
  } catch (error) {
    if (error instanceof TypeError) throw error;
    throw new DatabaseError(`cannot open ${name}: ${messageOf(error)}`);
  }
}

async function engineOfBytes(
  bytes: Uint8Array,
  engine: "sqljs" | "native",
  readOnly: boolean,
): Promise<Engine> {
  switch (engine) {
    case "sqljs":
      return await SqljsEngine.create(bytes, { readOnly });
    case "native":
      return NativeEngine.ofBytes(bytes, { readOnly });
  }
  return unknownEngine(engine);
}

async function openMemory(engine: "sqljs" | "native"): Promise<Engine> {
  switch (engine) {
    case "sqljs":
      return await SqljsEngine.create();
    case "native":
      return new NativeEngine(":memory:");
  }
  return unknownEngine(engine);
}

async function openFile(
  path: string,
  engine: "sqljs" | "native",
  readOnly: boolean,
): Promise<Engine> {
  switch (engine) {
    case "sqljs":
      return await SqljsEngine.create(
        statOrNothing(path)?.size ? readDatabaseFile(path) : undefined,
        { readOnly },
      );
    case "native":
      return openNative(path, readOnly);
  }
  return unknownEngine(engine);
}

function unknownEngine(engine: never): never {
  throw new TypeError(`the engine is "sqljs" or "native", not "${engine}"`);
}

function openNative(path: string, readOnly: boolean): Engine {
  try {
    return new NativeEngine(path, { readOnly });
  } catch (error) {
    const message = messageOf(error);
    const advice = adviceOn(message, { readOnly });
    throw new DatabaseError(
      `cannot open ${path}: ${message}${advice ? `. ${advice}` : ""}`,
    );
  }
}

/** A file can have the header and be damaged behind it. */
function checkReadable(db: Database): Database {
  try {
    db.query("SELECT count(*) FROM sqlite_schema");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
