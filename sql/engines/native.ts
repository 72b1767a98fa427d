// Over 300 lines: the engine and its statements, with what node:sqlite lacks.

import { DatabaseSync, type StatementSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { definedNames, functionNames } from "../functions/mod.ts";
import { type BoundValue, Real } from "../parameters.ts";
import type { Result } from "../rows.ts";
import type { Statement } from "../statement.ts";
import { sql } from "../template.ts";
import type { RunResult, SqlValue } from "../values.ts";
import { messageOf } from "../../display/text/format.ts";
import { engineError } from "../errors.ts";
import {
  type Cursor,
  defensiveSettings,
  type Engine,
  integer,
  type Prepared,
} from "./engine.ts";
import {
  failure,
  registerNativeFunctions,
  registerScalar,
} from "./native_functions.ts";
import type { ScalarFunction } from "../functions/values.ts";

/** Deno's own SQLite, for files on disk and for databases in memory. */
export class NativeEngine implements Engine {
  readonly #db: DatabaseSync;
  readonly #defined = new Map<string, ScalarFunction>();

  /** @param bytes the content of a file, copied into `:memory:` */
  constructor(
    path: string,
    { readOnly = false, bytes }: { readOnly?: boolean; bytes?: Uint8Array } =
      {},
  ) {
    this.#db = open(path, readOnly);
    try {
      for (const setting of defensiveSettings) this.#set(setting);
      registerNativeFunctions(this.#db);
      // The journal mode stays SQLite's default: WAL does not work on the
      // network file systems of clusters.
      this.#set(`PRAGMA cache_size = -${cacheKibibytes}`);
      if (bytes?.length) this.#db.deserialize(bytes);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  // Errors of exec() have no result code.
  #set(pragma: string): void {
    this.#db.prepare(pragma).run();
  }

  prepare(statement: Statement): Prepared {
    return new NativeStatement(this.#db, statement);
  }

  serialize(): Uint8Array {
    try {
      return this.#db.serialize();
    } catch (error) {
      const { size } = this.#db.prepare(
        "SELECT page_count * page_size AS size " +
          "FROM pragma_page_count, pragma_page_size",
      ).get() as { size: number };
      throw size < 2 ** 31 ? error : new Error(tooLarge);
    }
  }

  attach(name: string, content: Uint8Array | string): boolean {
    // SQLite detaches nothing inside a transaction.
    if (this.#db.isTransaction) return false;
    const isFile = typeof content === "string";
    // Without locks: SQLite would hold one until the end of the transaction.
    const file = isFile
      ? `${pathToFileURL(content)}?mode=ro&immutable=1`
      : ":memory:";
    try {
      this.#db.prepare(`ATTACH ? AS ${sql.id(name).text}`).run(file);
    } catch {
      // Without --allow-all, Deno limits their number to 0.
      return false;
    }
    if (!isFile) this.#db.deserialize(content, { dbName: name });
    return true;
  }

  define(definition: ScalarFunction): void {
    const { name, arity, evaluate } = definition;
    const known = this.#defined.get(name);
    if (known) known.evaluate = evaluate;
    else {
      // node:sqlite never releases a function: the next one only replaces
      // `evaluate`.
      const defined = { ...definition };
      this.#defined.set(name, defined);
      registerScalar(this.#db, {
        name,
        arity,
        evaluate: (...values) => defined.evaluate(...values),
      });
    }
  }

  close(): void {
    this.#db.close();
  }
}

function open(path: string, readOnly: boolean): DatabaseSync {
  const options = {
    readOnly,
    // No SQL, not even of the user, writes to the schema itself.
    defensive: true,
    // As in sql.js, which can change neither.
    enableForeignKeyConstraints: false,
    enableDoubleQuotedStringLiterals: true,
    timeout: busyMilliseconds,
    limits: { length: maxBytes },
  };
  try {
    return new DatabaseSync(path, options);
  } catch (error) {
    // node:sqlite sets no result code here.
    throw engineError(messageOf(error), "SQLITE_CANTOPEN");
  }
}

const tooLarge =
  "it has more than 2 GiB, which SQLite does not copy to memory. Read it in " +
  "its file, with the native engine; exec(`VACUUM INTO 'FILE'`) writes a copy";
// The longest text that V8 holds. At a longer one, node:sqlite ends the process.
const maxBytes = 2 ** 29 - 24;
const busyMilliseconds = 5_000;
const cacheKibibytes = 16_384;

class NativeStatement implements Prepared {
  readonly #db: DatabaseSync;
  readonly statement: Statement;
  /** Whether it must be rolled back if one of our functions throws. */
  readonly #undoable: boolean;
  readonly #named: boolean;
  #prepared: ArrayStatement;
  #width: number;

  constructor(db: DatabaseSync, statement: Statement) {
    this.#db = db;
    this.statement = statement;
    this.#undoable = (statement.changesRows || statement.words.has("CREATE")) &&
      [functionNames, definedNames]
        .some((names) => names.intersection(statement.words).size > 0);
    this.#named = !(statement.parameters[0]?.text ?? "?").startsWith("?");
    this.#prepared = this.#prepare();
    const { changesRows, changesSchema, words } = statement;
    const hasRows = !(changesRows || changesSchema) || words.has("RETURNING");
    this.#width = hasRows ? this.#columns().length : 0;
  }

  all(values: readonly BoundValue[]): Result {
    const given = this.#bind(values);
    const rows = this.#guard(() => this.#read(given));
    const columns = this.#columns();
    if (columns.length === this.#width) return { columns, rows };
    // The table has other columns than when this was compiled. SQLite compiles
    // it again, but node:sqlite still reads the earlier number of columns.
    this.#prepared = this.#prepare();
    this.#width = columns.length;
    return this.statement.reads ? this.all(values) : { columns, rows };
  }

  each(values: readonly BoundValue[]): Cursor {
    if (!this.statement.isQuery) {
      const { columns, rows } = this.all(values);
      return { columns: () => columns, rows: rows.values() };
    }
    // Compiled anew: the tables may have other columns now.
    const columns = this.#prepare().columns().map(({ name }) => name);
    const rows = this.#readEach(this.#bind(values), columns.length);
    return { columns: () => columns, rows };
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
    // The garbage collector frees it.
  }

  #prepare(sql = this.statement.sql): ArrayStatement {
    const prepared = this.#db.prepare(sql) as unknown as ArrayStatement;
    prepared.setReturnArrays(true);
    prepared.setReadBigInts(!this.statement.reads);
    return prepared;
  }

  #columns(): string[] {
    return this.#prepared.columns().map(({ name }) => name);
  }

  #bind(values: readonly BoundValue[]): SqlValue[] {
    const bound = new Array<SqlValue>(values.length);
    for (let i = 0; i < values.length; i++) bound[i] = nativeValue(values[i]!);
    if (!this.#named) return bound;
    const named: Record<string, SqlValue> = {};
    for (const { text, index } of this.statement.parameters) {
      named[text] = bound[index - 1]!;
    }
    return [named as unknown as SqlValue];
  }

  // The iterate() of node:sqlite ends silently at an error after the first row,
  // as if the result were complete. So one more row follows the last one, with 1
  // in one more column. LIMIT -1 keeps the order of the query within UNION ALL.
  *#readEach(
    given: SqlValue[],
    width: number,
  ): Generator<SqlValue[], undefined> {
    const query = `SELECT * FROM (\n${this.statement.sql}\n)`;
    const nulls = "NULL, ".repeat(width);
    const statement = this.#prepare(
      `SELECT *, 0 FROM (${query} LIMIT -1) UNION ALL SELECT ${nulls}1`,
    );
    statement.setReadBigInts(true);
    const rows = statement.iterate(...given);
    let count = 0;
    try {
      while (true) {
        failure.clear();
        const { value: row, done } = rows.next();
        failure.raise();
        if (done) break;
        if (row.pop() === 1n) return;
        count++;
        yield exactIntegers([row])[0]!;
      }
    } finally {
      rows.return?.();
    }
    this.#prepare(`${query} LIMIT 1 OFFSET ${count}`).all(...given);
    throw new Error(`the query ended without an error after ${count} rows`);
  }

  #read(given: SqlValue[]): SqlValue[][] {
    // A statement that writes must not run twice.
    if (!this.statement.reads) {
      return exactIntegers(this.#prepared.all(...given));
    }
    try {
      const rows = this.#prepared.all(...given);
      // The one INTEGER that should be out of range but is not reported, because
      // its absolute value is no int64.
      if (!rows.some((row) => row.includes(smallestInteger))) return rows;
    } catch (error) {
      if (!isOutOfRange(error)) throw error;
    }
    // Only now: numbers are twice as fast to read, and larger INTEGERs are rare.
    failure.clear();
    this.#prepared.setReadBigInts(true);
    try {
      return exactIntegers(this.#prepared.all(...given));
    } finally {
      this.#prepared.setReadBigInts(false);
    }
  }

  #outcome(
    { changes, lastInsertRowid }: Record<keyof RunResult, number | bigint>,
  ): RunResult {
    return {
      changes: this.statement.changesRows ? Number(changes) : 0,
      lastInsertRowid: integer(BigInt(lastInsertRowid)),
    };
  }

  /** Throws the error of one of our functions, once the statement has ended. */
  #guard<T>(work: () => T): T {
    failure.clear();
    if (this.#undoable) this.#db.prepare(`SAVEPOINT ${savepoint}`).run();
    try {
      const result = work();
      failure.raise();
      return result;
    } catch (error) {
      this.#exec(`ROLLBACK TO ${savepoint}`);
      // The null that replaced its result may have caused an error of SQLite.
      failure.raise();
      throw error;
    } finally {
      this.#exec(`RELEASE ${savepoint}`);
    }
  }

  #exec(sql: string): void {
    // INSERT OR ROLLBACK may have ended the transaction.
    if (this.#undoable && this.#db.isTransaction) this.#db.exec(sql);
  }
}

const savepoint = "dnpc_statement";

const smallestInteger = -(2 ** 63);

/** With rows as arrays, which Deno's types lack. */
interface ArrayStatement extends Omit<StatementSync, "all" | "iterate"> {
  all(...values: SqlValue[]): SqlValue[][];
  iterate(...values: SqlValue[]): Iterator<SqlValue[], undefined>;
  setReturnArrays(on: boolean): void;
}

// node:sqlite binds every number as a REAL.
function nativeValue(value: BoundValue): SqlValue {
  if (typeof value === "number") {
    return Number.isSafeInteger(value) ? BigInt(value) : value;
  }
  return value instanceof Real ? value.value : value;
}

/** Rows with bigints, which become numbers if these are exact. */
function exactIntegers(rows: SqlValue[][]): SqlValue[][] {
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
