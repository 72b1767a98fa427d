import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { RunResult, SqlValue } from "../values.ts";
import { functionNames } from "../functions/mod.ts";
import { type BoundValue, Real } from "../parameters.ts";
import type { Result } from "../rows.ts";
import type { Statement } from "../statement.ts";
import { integer, type Prepared } from "./engine.ts";
import { failure } from "./native_functions.ts";

/** A statement of node:sqlite. */
export class NativeStatement implements Prepared {
  readonly #db: DatabaseSync;
  readonly #statement: Statement;
  /** It may have to be undone because a function of ours threw. */
  readonly #undoable: boolean;
  readonly #named: boolean;
  #prepared: ArrayStatement;
  #width: number;

  constructor(db: DatabaseSync, statement: Statement) {
    this.#db = db;
    this.#statement = statement;
    this.#undoable = (statement.changesRows || statement.words.has("CREATE")) &&
      functionNames.intersection(statement.words).size > 0;
    this.#named = !(statement.parameters[0]?.text ?? "?").startsWith("?");
    this.#prepared = this.#prepare();
    this.#width = this.#columns().length;
  }

  all(values: readonly BoundValue[]): Result {
    const given = this.#bind(values);
    const rows = this.#guard(() => this.#read(given));
    const columns = this.#columns();
    if (columns.length === this.#width) return { columns, rows };
    // The table has got other columns since this was compiled. SQLite compiles
    // it anew, but node:sqlite goes on reading as many columns as there were.
    this.#prepared = this.#prepare();
    this.#width = columns.length;
    return this.#statement.reads ? this.all(values) : { columns, rows };
  }

  run(values: readonly BoundValue[]): RunResult {
    if (this.#width === 0) {
      const given = this.#bind(values);
      return this.#guard(() => this.#outcome(this.#prepared.run(...given)));
    }
    this.all(values);
    const last = this.#db.prepare(
      "SELECT changes() AS changes, last_insert_rowid() AS lastInsertRowid",
    );
    last.setReadBigInts(true);
    return this.#outcome(last.get() as unknown as RunResult);
  }

  free(): void {
    // The garbage collector does it.
  }

  #prepare(): ArrayStatement {
    const prepared = this.#db.prepare(
      this.#statement.sql,
    ) as unknown as ArrayStatement;
    prepared.setReturnArrays(true);
    prepared.setReadBigInts(!this.#statement.reads);
    return prepared;
  }

  #columns(): string[] {
    return this.#prepared.columns().map(({ name }) => name);
  }

  #bind(values: readonly BoundValue[]): NativeValue[] {
    const bound = new Array<NativeValue>(values.length);
    for (let i = 0; i < values.length; i++) bound[i] = nativeValue(values[i]!);
    if (!this.#named) return bound;
    const named: Record<string, NativeValue> = {};
    for (const { text, index } of this.#statement.parameters) {
      named[text] = bound[index - 1]!;
    }
    return [named as unknown as NativeValue];
  }

  // By all() and never by iterate(), which ends in silence at an error after
  // the first row, as if the result were complete.
  #read(given: NativeValue[]): SqlValue[][] {
    // What writes must not run twice.
    if (!this.#statement.reads) return exactIntegers(this.#prepared, given);
    try {
      const rows = this.#prepared.all(...given);
      // The one INTEGER that should be out of range and slips through, for its
      // absolute value is no int64.
      if (!rows.some((row) => row.includes(smallestInteger))) return rows;
    } catch (error) {
      if (!isOutOfRange(error)) throw error;
    }
    return this.#readBigInts(given);
  }

  // Plain numbers are twice as fast to read, and an INTEGER that they cannot
  // hold is rare: so they are tried first.
  #readBigInts(given: NativeValue[]): SqlValue[][] {
    failure.clear();
    this.#prepared.setReadBigInts(true);
    try {
      return exactIntegers(this.#prepared, given);
    } finally {
      this.#prepared.setReadBigInts(false);
    }
  }

  #outcome({ changes, lastInsertRowid }: NativeOutcome): RunResult {
    return {
      changes: this.#statement.changesRows ? Number(changes) : 0,
      lastInsertRowid: integer(BigInt(lastInsertRowid)),
    };
  }

  /** Throws what a function of ours threw, once the statement has ended. */
  #guard<T>(work: () => T): T {
    failure.clear();
    if (this.#undoable) this.#db.exec(`SAVEPOINT ${savepoint}`);
    try {
      const result = work();
      failure.raise();
      return result;
    } catch (error) {
      this.#exec(`ROLLBACK TO ${savepoint}`);
      // The null in place of its result may have led to an error of SQLite's.
      failure.raise();
      throw error;
    } finally {
      this.#exec(`RELEASE ${savepoint}`);
    }
  }

  #exec(sql: string): void {
    // INSERT OR ROLLBACK may have ended it all.
    if (this.#undoable && this.#db.isTransaction) this.#db.exec(sql);
  }
}

const savepoint = "dnpc_statement";

const smallestInteger = -(2 ** 63);

type NativeValue = null | number | bigint | string | Uint8Array;

type NativeOutcome = Record<
  "changes" | "lastInsertRowid",
  number | bigint
>;

/** With rows as arrays, which Deno's types do not know of. */
interface ArrayStatement extends Omit<StatementSync, "all"> {
  all(...values: NativeValue[]): SqlValue[][];
  setReturnArrays(on: boolean): void;
}

// node:sqlite binds every number as a REAL.
function nativeValue(value: BoundValue): NativeValue {
  if (typeof value === "number") {
    return Number.isSafeInteger(value) ? BigInt(value) : value;
  }
  return value instanceof Real ? value.value : value;
}

/** The rows of a statement that reads bigints, with numbers where exact. */
function exactIntegers(
  prepared: ArrayStatement,
  given: NativeValue[],
): SqlValue[][] {
  const rows = prepared.all(...given);
  for (const row of rows) {
    for (let i = 0; i < row.length; i++) {
      const value = row[i]!;
      if (typeof value === "bigint") row[i] = integer(value);
    }
  }
  return rows;
}

function isOutOfRange(error: unknown): boolean {
  return error instanceof RangeError && "code" in error &&
    error.code === "ERR_OUT_OF_RANGE";
}
