import { engineError } from "../errors.ts";
import type { RunResult, SqlValue } from "../values.ts";
import type { BoundValue } from "../parameters.ts";
import type { Result } from "../rows.ts";
import type { ScalarFunction } from "../functions/values.ts";
import type { Statement } from "../statement.ts";

/**
 * The SQLite behind a database. An engine receives checked and normalized
 * values, and may throw anything: its caller turns it into a DatabaseError.
 */
export interface Engine {
  /** Compiles a statement. */
  prepare(statement: Statement): Prepared;
  /** The whole database as the bytes of a file. */
  serialize(): Uint8Array;
  /**
   * Attaches a copy of a database in memory, or a file that nobody changes
   * meanwhile; false if that is impossible.
   */
  attach(name: string, content: Uint8Array | string): boolean;
  /** Registers a function, or replaces it by one with as many arguments. */
  define(definition: ScalarFunction): void;
  /** Frees everything. */
  close(): void;
  /**
   * Present if the Stop button of a notebook can interrupt a statement without
   * rolling it back. The engine cannot be used afterwards.
   */
  abandon?(): void;
}

/** A compiled statement, to be run any number of times. */
export interface Prepared {
  readonly statement: Statement;
  /** Runs it and reads all rows. */
  all(values: readonly BoundValue[]): Result;
  /**
   * Runs it and reads its rows one by one. The columns are known after the first
   * row, or the end.
   */
  each(values: readonly BoundValue[]): Cursor;
  /** Runs it for its effect. */
  run(values: readonly BoundValue[]): RunResult;
  /** Frees it. */
  free(): void;
}

/** The rows of a statement that is running. */
export interface Cursor {
  columns(): readonly string[];
  rows: IteratorObject<SqlValue[], undefined>;
}

/**
 * Settings for files that may be untrusted. Views, triggers, indexes and
 * generated columns of a file call none of SQLite's functions that have side
 * effects; functions of this connection are direct-only besides, which no later
 * PRAGMA can change. Temporary views may call all of them. Damaged pages are
 * noticed early. SQLite checks functions while it reads the schema: set this and
 * register the functions before any statement that reads the schema.
 */
export const defensiveSettings = [
  "PRAGMA trusted_schema = OFF",
  "PRAGMA cell_size_check = ON",
];

/** 2^53: integers up to this one, inclusive, are numbers. */
const maxNumber = 2n ** 53n;

/** An INTEGER in JavaScript: a number if that is exact. */
export function integer(value: bigint): number | bigint {
  return value <= maxNumber && value >= -maxNumber ? Number(value) : value;
}

/**
 * Refuses a statement that would write to a database in memory or to another
 * file, by asking SQLite what the statement would do. `PRAGMA query_only` would
 * refuse temporary tables as well.
 *
 * @throws {Error} with the message and result code that SQLite has for a file
 */
export function refuseWriting(engine: Engine, statement: Statement): void {
  const [first = ""] = statement.words;
  if (readingWords.has(first)) return;
  const read = (sql: string) => {
    const one = { ...statement, sql, reads: true, changesRows: false };
    const prepared = engine.prepare({ ...one, parameters: [] });
    try {
      return prepared.all([]).rows;
    } finally {
      prepared.free();
    }
  };
  // Opens the database of temporary tables, about which SQLite otherwise
  // explains no PRAGMA.
  if (first === "PRAGMA") read("PRAGMA temp.schema_version");
  for (
    const [, operation, database, writes] of read(`EXPLAIN ${statement.sql}`)
  ) {
    // Database 0 is the file, 1 has the temporary tables.
    const isTransaction = operation === "Transaction" && database === 0 &&
      writes !== 0;
    const isAttach = operation === "Function" && first === "ATTACH";
    if (isTransaction || isAttach || operation === "Vacuum") {
      throw engineError(
        "attempt to write a readonly database",
        "SQLITE_READONLY",
      );
    }
  }
}

const readingWords = new Set(
  "SELECT VALUES EXPLAIN BEGIN COMMIT END ROLLBACK SAVEPOINT RELEASE".split(
    " ",
  ),
);
