import type { SqlArgument, SqlResult } from "../functions/values.ts";

/** The part of sql.js that is used here; its own types lack some of it. */
export interface SqljsModule {
  Database: new (bytes?: Uint8Array) => SqljsDatabase;
}

/** A database of sql.js. */
export interface SqljsDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqljsPrepared;
  getRowsModified(): number;
  export(): Uint8Array;
  close(): void;
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

/** A compiled statement of sql.js. */
export interface SqljsPrepared {
  /** Binds and resets. A whole number of 32 bits is bound as INTEGER. */
  bind(values: readonly SqljsValue[]): boolean;
  step(): boolean;
  get(params?: null, options?: { useBigInt: boolean }): SqljsRow;
  getColumnNames(): string[];
  reset(): void;
  free(): void;
}

/** What sql.js binds as what it is. It binds a bigint as text. */
export type SqljsValue = null | number | string | Uint8Array;

/** A row as sql.js reads it: bigints only where they are asked for. */
export type SqljsRow = (null | number | bigint | string | Uint8Array)[];
