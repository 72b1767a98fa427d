import { DatabaseSync } from "node:sqlite";
import type { Statement } from "../statement.ts";
import type { Engine, Prepared } from "./engine.ts";
import { registerFunctions } from "./native_functions.ts";
import { NativeStatement } from "./native_statement.ts";
import { mayWrite, refuseWriting, type Step } from "./read_only.ts";

/** Deno's own SQLite, for files on disk and for the bytes of a file. */
export class NativeEngine implements Engine {
  readonly #db: DatabaseSync;
  /** Whether SQLite itself would let a database be written to that may not. */
  readonly #refuses: boolean;

  /** The database that the bytes of a file are: a copy in memory. */
  static ofBytes(bytes: Uint8Array, { readOnly = false } = {}): NativeEngine {
    const engine = new NativeEngine(":memory:", { readOnly });
    try {
      if (bytes.length > 0) engine.#db.deserialize(bytes);
      return engine;
    } catch (error) {
      engine.close();
      throw error;
    }
  }

  constructor(path: string, { readOnly = false } = {}) {
    this.#refuses = readOnly && path === ":memory:";
    this.#db = new DatabaseSync(path, {
      readOnly,
      // As sql.js has it, which can change neither.
      enableForeignKeyConstraints: false,
      enableDoubleQuotedStringLiterals: true,
      timeout: busyMilliseconds,
    });
    try {
      // The journal stays SQLite's default: WAL does not work on the network
      // file systems of clusters.
      this.#db.exec(`PRAGMA cache_size = -${cacheKibibytes}`);
      registerFunctions(this.#db);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  prepare(statement: Statement): Prepared {
    if (this.#refuses && mayWrite(statement)) {
      refuseWriting(this.#plan(statement));
    }
    return new NativeStatement(this.#db, statement);
  }

  serialize(): Uint8Array {
    return this.#db.serialize();
  }

  close(): void {
    this.#db.close();
  }

  #plan({ sql }: Statement): Iterable<Step> {
    return this.#db.prepare(`EXPLAIN ${sql}`).all().map((row) =>
      Object.values(row) as Step
    );
  }
}

const busyMilliseconds = 5_000;
const cacheKibibytes = 16_384;
