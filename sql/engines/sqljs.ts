import type { Statement } from "../statement.ts";
import type { Engine, Prepared } from "./engine.ts";
import type { SqljsDatabase, SqljsModule } from "./sqljs_api.ts";
import { registerFunctions } from "./sqljs_functions.ts";
import { SqljsStatement } from "./sqljs_statement.ts";

/** SQLite compiled to WebAssembly, for databases in memory. */
export class SqljsEngine implements Engine {
  readonly #db: SqljsDatabase;
  readonly #readOnly: boolean;

  /** Loads sql.js at the first call, which takes some 50 ms. */
  static async create(
    bytes?: Uint8Array,
    { readOnly = false } = {},
  ): Promise<SqljsEngine> {
    return new SqljsEngine(await load(), bytes, readOnly);
  }

  private constructor(
    module: SqljsModule,
    bytes: Uint8Array | undefined,
    readOnly: boolean,
  ) {
    this.#db = new module.Database(bytes);
    this.#readOnly = readOnly;
    // Nobody else can have this file in memory, nor does it outlive a crash.
    // Otherwise every query looks for a journal that a crash has left.
    for (const setting of settings) this.#db.exec(`PRAGMA ${setting}`);
    registerFunctions(this.#db);
  }

  prepare(statement: Statement): Prepared {
    if (this.#readOnly) this.#refuseWriting(statement);
    return new SqljsStatement(this.#db, statement);
  }

  serialize(): Uint8Array {
    return this.#db.export();
  }

  close(): void {
    this.#db.close();
  }

  // A copy in memory can be written to, and `PRAGMA query_only` would refuse
  // temporary tables as well. So SQLite is asked what the statement would do:
  // database 0 is the file, 1 holds what is temporary.
  #refuseWriting({ sql, words }: Statement): void {
    const [first = ""] = words;
    if (harmless.has(first)) return;
    const plan = this.#db.prepare(`EXPLAIN ${sql}`);
    try {
      while (plan.step()) {
        const [, operation, database, writes] = plan.get();
        const transaction = operation === "Transaction" && database === 0 &&
          writes !== 0;
        if (transaction || operation === "Vacuum") {
          throw new Error("attempt to write a readonly database");
        }
      }
    } finally {
      plan.free();
    }
  }
}

const settings = [
  "locking_mode = EXCLUSIVE",
  "journal_mode = MEMORY",
  "synchronous = OFF",
];

const harmless = new Set([
  ...["SELECT", "VALUES", "EXPLAIN"],
  ...["BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE"],
]);

let loading: Promise<SqljsModule> | undefined;

function load(): Promise<SqljsModule> {
  loading ??= (async () => {
    // This build carries its WebAssembly inside: nothing is read or fetched.
    const { default: start } = await import("sql.js/dist/sql-wasm-inline.js");
    return await start({ useOldExtensionFunctions: false }) as SqljsModule;
  })();
  return loading;
}
