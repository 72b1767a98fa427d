import type { Statement } from "../statement.ts";
import type { Engine, Prepared } from "./engine.ts";
import { mayWrite, refuseWriting, type Step } from "./read_only.ts";
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

  /** All databases share a module, whose memory no other one is to trust. */
  abandon(): void {
    loading = undefined;
  }

  #refuseWriting(statement: Statement): void {
    if (mayWrite(statement)) refuseWriting(this.#plan(statement));
  }

  *#plan({ sql }: Statement): Generator<Step> {
    const plan = this.#db.prepare(`EXPLAIN ${sql}`);
    try {
      while (plan.step()) yield plan.get() as Step;
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

let loading: Promise<SqljsModule> | undefined;

function load(): Promise<SqljsModule> {
  loading ??= (async () => {
    // This build carries its WebAssembly inside: nothing is read or fetched.
    const { default: start } = await import("sql.js/dist/sql-wasm-inline.js");
    return await start({ useOldExtensionFunctions: false }) as SqljsModule;
  })();
  return loading;
}
