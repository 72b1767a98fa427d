import { withShortStack } from "../display/notebook/jupyter.ts";
import { checkOptions } from "../display/text/mistakes.ts";
import { statOrNothing } from "../display/output.ts";
import { Connection } from "./connection.ts";
import type { Database } from "./database.ts";
import type { Engine } from "./engines/engine.ts";
import { NativeEngine } from "./engines/native.ts";
import { SqljsEngine } from "./engines/sqljs.ts";
import { adviceOn, cannotOpen, codeOf, reasonOf } from "./errors.ts";
import {
  checkFile,
  filePath,
  isHeader,
  withoutWriteAheadLog,
} from "./files.ts";
import { readDatabaseFile } from "./snapshot/read_database_file.ts";

/** Options of {@linkcode openDatabase}. */
export interface OpenOptions {
  /**
   * The SQLite to use: sql.js, in memory, or Deno's own, which also works on
   * files. The default is sql.js for a new database in memory, and native for
   * an existing one, in a file or as bytes. sql.js with a path works on a copy
   * in memory: nothing is written until `save`.
   */
  engine?: "sqljs" | "native";
  /**
   * Refuses to create the file, to write to it or the bytes, and to write any
   * other file by `VACUUM INTO` or `ATTACH`. Temporary tables are allowed. By
   * default false.
   */
  readOnly?: boolean;
}

/**
 * Opens a database: a file, which is created if it does not exist; the bytes of
 * such a file, copied to memory, if it comes from an archive or a network; or,
 * without a path, a new one in memory. It creates no tables.
 *
 * A file from somebody else can be opened safely: its views, triggers, generated
 * columns, indexes and constraints cannot call the functions of dnpc, nor those
 * of SQLite that have side effects. Its triggers run on your own statements that
 * write, as SQLite's do; imports, `bind` and questions refuse them by name if
 * they belong to the tables of imports. With `readOnly` nothing is written.
 *
 * @param path a path, a `file:` URL, or all the bytes of a file, which are not
 * changed
 * @throws {DatabaseError} if the file cannot be opened or is not a database
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
export function openDatabase(
  path?: string | URL | Uint8Array,
  options: OpenOptions = {},
): Promise<Database> {
  const opened = open(path, options);
  for (const method of methods) {
    const value = () => {
      throw withShortStack(
        new TypeError(
          "the database is not open yet: write const db = await openDatabase()",
        ),
      );
    };
    Object.defineProperty(opened, method, { value });
  }
  return opened;
}

/** What is called if `await` was forgotten. */
const methods: readonly (keyof Database)[] = [
  "query",
  "iterate",
  "table",
  "run",
  "exec",
  "transaction",
  "save",
  "close",
];

async function open(
  path: string | URL | Uint8Array | undefined,
  options: OpenOptions,
): Promise<Database> {
  checkOptions("openDatabase", options, { engine: true, readOnly: true });
  const { readOnly = false } = options;
  if (path instanceof Uint8Array) return await openBytes(path, options);
  if (path === undefined || path === ":memory:") {
    if (readOnly) {
      throw new TypeError(
        "a new database in memory is empty, so it cannot be read-only: " +
          "give a path, or leave out readOnly",
      );
    }
    return new Connection(await inMemory(options.engine ?? "sqljs"));
  }
  const { engine = "native" } = options;
  const file = filePath(path);
  checkFile(file, { mustExist: readOnly });
  const onDisk = engine === "native";
  return await opened(
    file,
    { path: file, readOnly, onDisk },
    () =>
      onDisk ? new NativeEngine(file, { readOnly }) : inMemory(
        engine,
        statOrNothing(file)?.size ? readDatabaseFile(file) : undefined,
      ),
  );
}

async function openBytes(
  given: Uint8Array,
  { engine = "native", readOnly = false }: OpenOptions,
): Promise<Database> {
  const name = "a database from bytes";
  if (given.length > 0 && !isHeader(given)) {
    throw cannotOpen(
      name,
      `the ${given.length} bytes are not a SQLite database. Give the whole ` +
        "content of such a file",
    );
  }
  const bytes = withoutWriteAheadLog(given);
  return await opened(name, { readOnly }, () => inMemory(engine, bytes));
}

/** Connects to a file, which can be damaged behind its header. */
async function opened(
  name: string,
  options: { path?: string; readOnly: boolean; onDisk?: boolean },
  start: () => Engine | Promise<Engine>,
): Promise<Database> {
  let db: Connection | undefined;
  try {
    db = new Connection(await start(), options);
    db.query("SELECT count(*) FROM sqlite_schema");
    return db;
  } catch (error) {
    db?.close();
    if (error instanceof TypeError) throw error;
    const reason = reasonOf(error);
    const code = codeOf(error);
    const advice = options.onDisk && !db && adviceOn(code, options);
    throw cannotOpen(name, advice ? `${reason}. ${advice}` : reason, code);
  }
}

async function inMemory(
  engine: "sqljs" | "native",
  bytes?: Uint8Array,
): Promise<Engine> {
  switch (engine) {
    case "sqljs":
      return await SqljsEngine.create(bytes);
    case "native":
      return new NativeEngine(":memory:", bytes ? { bytes } : {});
  }
  throw new TypeError(
    `the engine is "sqljs" or "native", not "${engine satisfies never}"`,
  );
}
