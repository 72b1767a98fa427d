import type { SqlArgument, SqlResult } from "../functions/values.ts";
import type { SqlValue } from "../values.ts";

/**
 * Loads sql.js and lets it do two things as node:sqlite does: functions can only
 * be called by SQL itself, not by the schema of a file, and errors have SQLite's
 * result code as `errcode`.
 */
export async function loadSqljs(): Promise<SqljsModule> {
  // This build contains its WebAssembly: nothing is read or fetched.
  const { default: start } = await import("sql.js/dist/sql-wasm-inline.js");
  const options = { useOldExtensionFunctions: false };
  const module = await start(options) as SqljsModule;
  const create = module._sqlite3_create_function_v2;
  module._sqlite3_create_function_v2 = (db, name, arity, flags, ...rest) =>
    create(db, name, arity, flags | directOnly, ...rest);
  const handle = module.Database.prototype.handleError;
  module.Database.prototype.handleError = function (errcode) {
    try {
      return handle.call(this, errcode);
    } catch (error) {
      throw Object.assign(error as Error, { errcode });
    }
  };
  return module;
}

/** SQLITE_DIRECTONLY. */
const directOnly = 0x80000;

/** The part of sql.js used here; its own types lack some of it. */
export interface SqljsModule {
  Database: {
    new (bytes?: Uint8Array): SqljsDatabase;
    prototype: SqljsDatabase;
  };
  /** SQLite's own function, to which all calls go. */
  _sqlite3_create_function_v2(
    db: number,
    name: number,
    arity: number,
    flags: number,
    ...rest: number[]
  ): number;
}

export interface SqljsDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqljsPrepared;
  getRowsModified(): number;
  export(): Uint8Array;
  close(): void;
  /** Throws unless the result code is 0; every call of SQLite goes through it. */
  handleError(code: number): null;
  create_function(
    name: string,
    work: (...values: SqlArgument[]) => SqlResult,
  ): void;
  create_aggregate<State>(name: string, functions: {
    init(): State;
    step(state: State, ...values: SqlArgument[]): State;
    finalize(state: State): SqlResult;
  }): void;
}

export interface SqljsPrepared {
  /** Binds and resets. A whole number of 32 bits is bound as INTEGER. */
  bind(values: readonly SqljsValue[]): boolean;
  step(): boolean;
  /** A row, with bigints only on request. */
  get(params?: null, options?: { useBigInt: boolean }): SqlValue[];
  getColumnNames(): string[];
  reset(): void;
  free(): void;
}

/** Values that sql.js binds unchanged. It binds a bigint as text. */
export type SqljsValue = null | number | string | Uint8Array;
