import { DatabaseSync } from "node:sqlite";
import type { Statement } from "../statement.ts";
import type { Engine, Prepared } from "./engine.ts";
import { Failure, registerFunctions } from "./native_functions.ts";
import { NativeStatement } from "./native_statement.ts";

/** Deno's own SQLite, for files on disk. */
export class NativeEngine implements Engine {
  readonly #db: DatabaseSync;
  readonly #failure = new Failure();

  constructor(path: string, { readOnly = false } = {}) {
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
      registerFunctions(this.#db, this.#failure);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  prepare(statement: Statement): Prepared {
    return new NativeStatement(this.#db, statement, this.#failure);
  }

  serialize(): Uint8Array {
    return this.#db.serialize();
  }

  close(): void {
    this.#db.close();
  }
}

const busyMilliseconds = 5_000;
const cacheKibibytes = 65_536;
