import { aggregates, scalars } from "../functions/mod.ts";
import {
  type Aggregation,
  type ScalarFunction,
  type SqlArgument,
  withLength,
} from "../functions/values.ts";
import { type BoundValue, Real } from "../parameters.ts";
import type { Result } from "../rows.ts";
import type { Statement } from "../statement.ts";
import { replaceParameters } from "../tokens.ts";
import { engineError } from "../errors.ts";
import type { RunResult, SqlValue } from "../values.ts";
import {
  type Cursor,
  defensiveSettings,
  type Engine,
  integer,
  type Prepared,
} from "./engine.ts";
import {
  loadSqljs,
  type SqljsDatabase,
  type SqljsModule,
  type SqljsPrepared,
  type SqljsValue,
} from "./sqljs_module.ts";

/** SQLite compiled to WebAssembly, for databases in memory. */
export class SqljsEngine implements Engine {
  readonly #db: SqljsDatabase;

  /** Loads sql.js at the first call, which takes some 50 ms. */
  static async create(bytes?: Uint8Array): Promise<SqljsEngine> {
    return new SqljsEngine(await (loading ??= loadSqljs()), bytes);
  }

  private constructor(module: SqljsModule, bytes: Uint8Array | undefined) {
    this.#db = new module.Database(bytes);
    for (const setting of defensiveSettings) this.#db.exec(setting);
    registerFunctions(this.#db);
    // No other program can have this file in memory, and it does not outlive a
    // crash. Otherwise every query would look for the journal of a crash.
    this.#db.exec(
      "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; " +
        "PRAGMA synchronous = OFF",
    );
  }

  prepare(statement: Statement): Prepared {
    return new SqljsStatement(this.#db, statement);
  }

  serialize(): Uint8Array {
    return this.#db.export();
  }

  // SQLite would read its files in WebAssembly, as slowly as rows one by one.
  attach(): boolean {
    return false;
  }

  define(definition: ScalarFunction): void {
    registerScalar(this.#db, definition);
  }

  close(): void {
    this.#db.close();
  }

  /** All databases share a module, whose memory cannot be trusted any more. */
  abandon(): void {
    loading = undefined;
  }
}

let loading: Promise<SqljsModule> | undefined;

class SqljsStatement implements Prepared {
  readonly #db: SqljsDatabase;
  readonly statement: Statement;
  readonly #plain: SqljsPrepared;
  /** Variants with casts around parameters, by the casts. */
  readonly #cast = new Map<string, SqljsPrepared>();
  #columns: string[] | undefined;
  #lastRowid: SqljsPrepared | undefined;

  constructor(db: SqljsDatabase, statement: Statement) {
    this.#db = db;
    this.statement = statement;
    this.#plain = db.prepare(statement.sql);
  }

  all(values: readonly BoundValue[]): Result {
    const rows = [...this.#read(values)];
    return { columns: this.#names(), rows };
  }

  each(values: readonly BoundValue[]): Cursor {
    return { columns: () => this.#names(), rows: this.#read(values) };
  }

  *#read(values: readonly BoundValue[]): Generator<SqlValue[], undefined> {
    const prepared = this.#bind(values);
    try {
      while (prepared.step()) yield readRow(prepared);
    } finally {
      prepared.reset();
    }
  }

  // From the statement without parameters, since a parameter can be the name of
  // a column.
  #names(): string[] {
    return this.#columns ??= this.#plain.getColumnNames();
  }

  run(values: readonly BoundValue[]): RunResult {
    const prepared = this.#bind(values);
    try {
      while (prepared.step());
    } finally {
      prepared.reset();
    }
    return {
      changes: this.statement.changesRows ? this.#db.getRowsModified() : 0,
      lastInsertRowid: this.#readLastRowid(),
    };
  }

  free(): void {
    for (const prepared of [this.#plain, ...this.#cast.values()]) {
      prepared.free();
    }
    this.#lastRowid?.free();
  }

  #bind(values: readonly BoundValue[]): SqljsPrepared {
    const prepared = values.some(needsCast)
      ? this.#prepareCast(values.map(castOf))
      : this.#plain;
    if (values.length > 0) prepared.bind(values.map(sqljsValue));
    return prepared;
  }

  #prepareCast(casts: readonly (Cast | undefined)[]): SqljsPrepared {
    const key = casts.map((cast) => cast?.[0] ?? "-").join("");
    const known = this.#cast.get(key);
    if (known) return known;
    if (this.#cast.size >= maxCasts) {
      const [oldest] = this.#cast.keys();
      this.#cast.get(oldest!)!.free();
      this.#cast.delete(oldest!);
    }
    const prepared = this.#db.prepare(castParameters(this.statement, casts));
    this.#cast.set(key, prepared);
    return prepared;
  }

  #readLastRowid(): number | bigint {
    this.#lastRowid ??= this.#db.prepare("SELECT last_insert_rowid()");
    this.#lastRowid.step();
    const [rowid] = readRow(this.#lastRowid);
    this.#lastRowid.reset();
    return rowid as number | bigint;
  }
}

const maxCasts = 8;

// sql.js binds whole numbers of 32 bits as INTEGER and all others as REAL.
function isShort(value: number): boolean {
  return (value | 0) === value;
}

function needsCast(value: BoundValue): boolean {
  if (typeof value === "number") {
    return Number.isSafeInteger(value) && !isShort(value);
  }
  return typeof value === "bigint" ||
    (value instanceof Real && isShort(value.value));
}

// If one value needs a cast, every INTEGER gets one: fewer variants are then
// compiled for the rows of one table.
function castOf(value: BoundValue): Cast | undefined {
  if (value instanceof Real) return "REAL";
  return typeof value === "bigint" || Number.isSafeInteger(value)
    ? "INTEGER"
    : undefined;
}

function sqljsValue(value: BoundValue): SqljsValue {
  if (value instanceof Real) return value.value;
  return typeof value === "bigint" ? String(value) : value;
}

function readRow(prepared: SqljsPrepared): SqlValue[] {
  let row = readValues(prepared);
  // An INTEGER beyond 2^53 is rounded: read the row again exactly.
  if (row.some(isLarge)) row = prepared.get(null, { useBigInt: true });
  for (let i = 0; i < row.length; i++) {
    const value = row[i]!;
    if (typeof value === "bigint") row[i] = integer(value);
    else if (typeof value === "string" && value.includes("\0")) {
      // As node:sqlite and SQLite's own length() do.
      row[i] = value.slice(0, value.indexOf("\0"));
    }
  }
  return row;
}

function readValues(prepared: SqljsPrepared): SqlValue[] {
  try {
    return prepared.get();
  } catch (error) {
    // TextDecoder refuses text that V8 cannot hold.
    if (!(error instanceof TypeError)) throw error;
    throw engineError("string or blob too big", "SQLITE_TOOBIG");
  }
}

function isLarge(value: SqlValue): boolean {
  return typeof value === "number" && Math.abs(value) >= 2 ** 53;
}

/** The type to which a parameter is cast. */
type Cast = "INTEGER" | "REAL";

/**
 * The text of a statement with casts around some of its parameters: sql.js
 * binds no INTEGER of more than 32 bits, and no small whole number as REAL.
 *
 * @param casts the cast of parameter 1, 2, ...
 */
export function castParameters(
  { sql, parameters }: Statement,
  casts: readonly (Cast | undefined)[],
): string {
  let next = 0;
  return replaceParameters(sql, (name) => {
    const cast = casts[parameters[next++]!.index - 1];
    // A cast has an affinity, which would change comparisons; the plus removes
    // it, and does nothing else.
    return cast ? `+CAST(${name} AS ${cast})` : name;
  });
}

/**
 * Registers all functions, each name once: sql.js frees the first function if a
 * second one has its name and another number of arguments, and then crashes.
 * It takes the length of a function for its number of arguments; -1 is any.
 */
function registerFunctions(db: SqljsDatabase): void {
  for (const scalar of scalars) registerScalar(db, scalar);
  for (const { name, arity, create } of aggregates) {
    db.create_aggregate<Aggregation>(name, {
      init: create,
      step: withLength(arity + 1, (state: Aggregation, ...values) => {
        state.step(...values);
        return state;
      }),
      finalize: (state) => state.result(),
    });
  }
}

function registerScalar(
  db: SqljsDatabase,
  { name, arity, evaluate }: ScalarFunction,
): void {
  const call = (...values: SqlArgument[]) => evaluate(...values);
  db.create_function(name, withLength(arity, call));
}
