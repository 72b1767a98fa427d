// Over 300 lines: one class, whose methods share statements and transactions.

import type { ColumnTable } from "arquero";
import { counted, messageOf } from "../display/text/format.ts";
import { showReport } from "../display/text/rows.ts";
import { throwIfInterrupted } from "../display/interrupt.ts";
import { withShortStack } from "../display/notebook/jupyter.ts";
import { stoppable } from "../display/notebook/stop_button.ts";
import type { Database } from "./database.ts";
import {
  type Cursor,
  type Engine,
  type Prepared,
  refuseWriting,
} from "./engines/engine.ts";
import { adviceOn, codeOf, DatabaseError } from "./errors.ts";
import { saveFile, withoutWriteAheadLog } from "./files.ts";
import { definedNames, functionNames } from "./functions/mod.ts";
import type { ScalarFunction } from "./functions/values.ts";
import { tableOf } from "./materialized.ts";
import { bindParameters, type BoundValue } from "./parameters.ts";
import {
  type Result,
  rowMaker,
  rowTable,
  shareTexts,
  withDistinctNames,
} from "./rows.ts";
import { checkSchema } from "./schema.ts";
import { oneStatement, splitScript, type Statement } from "./statement.ts";
import { Sql, textAndValues } from "./sql_text.ts";
import { sql } from "./template.ts";
import { hintOnName } from "./unknown_names.ts";
import type {
  Row,
  RowIterator,
  RunResult,
  SqlParameters,
  SqlValue,
} from "./values.ts";

/** A database on an engine. */
export class Connection implements Database {
  readonly path: string | undefined;
  readonly readOnly: boolean;
  /** Whether the engine reads and writes the file at the path itself. */
  readonly #onDisk: boolean;
  readonly #engine: Engine;
  /** The most recent statements, so that a loop compiles its SQL once. */
  #cache = new Map<string, Prepared>();
  /** Number of arguments of each function that define() registered. */
  readonly #defined = new Map<string, number>();
  #depth = 0;
  #open = true;
  /** Whether a call of the engine has not returned. */
  #inEngine = false;
  /** The statement that is running. */
  #running: Prepared | undefined;
  #wasBroken = false;

  constructor(
    engine: Engine,
    { path, readOnly = false, onDisk = false }: {
      path?: string;
      readOnly?: boolean;
      onDisk?: boolean;
    } = {},
  ) {
    this.#engine = engine;
    this.path = path;
    this.readOnly = readOnly;
    this.#onDisk = onDisk;
  }

  query<T = Row>(sql: string | Sql, params?: SqlParameters): T[] {
    const result = this.#all(sql, params);
    shareTexts(result);
    const { columns, rows } = result;
    const make = rowMaker(columns);
    // In place, so that memory holds each row once.
    const made = rows as unknown as T[];
    for (let i = 0; i < rows.length; i++) made[i] = make(rows[i]!) as T;
    const noun = sql instanceof Sql ? sql.noun : undefined;
    return showReport(made, { columns, noun });
  }

  arrays(sql: string | Sql, params?: SqlParameters): SqlValue[][] {
    return this.#all(sql, params).rows;
  }

  iterate<T = Row>(
    sql: string | Sql,
    params?: SqlParameters,
  ): RowIterator<T> {
    return this.#atOneMoment(sql, () => this.#iterate(sql, params));
  }

  #iterate<T>(
    sql: string | Sql,
    params: SqlParameters | undefined,
  ): RowIterator<T> {
    const rows = this.#rows<T>(this.#take(sql, params));
    const columns = rows.next().value as readonly string[];
    return Object.assign(rows as Generator<T, undefined>, { columns });
  }

  /** Yields the names of the columns once the first row is read, then the rows. */
  *#rows<T>(taken: Taken): Generator<readonly string[] | T, undefined> {
    const { text, prepared, values } = taken;
    let cursor: Cursor | undefined;
    const read = () =>
      this.#attempt(text, () => (cursor ??= prepared.each(values)).rows.next());
    try {
      let next = read();
      const { columns } = withDistinctNames({
        columns: cursor!.columns(),
        rows: [],
      });
      yield columns;
      const make = rowMaker(columns);
      while (!next.done) {
        yield make(next.value) as T;
        this.#checkOpen(text);
        next = read();
      }
    } catch (error) {
      throw withShortStack(error);
    } finally {
      cursor?.rows.return?.();
      this.#giveBack(taken);
    }
  }

  table(sql: string | Sql, params?: SqlParameters): ColumnTable {
    return rowTable(this.#all(sql, params));
  }

  run(sql: string | Sql, params?: SqlParameters): RunResult {
    return this.#execute(sql, params, (one, values) => one.run(values));
  }

  exec(script: string): void {
    this.#checkOpen(script);
    for (const statement of splitScript(script)) {
      const values = bindParameters(statement, []);
      const prepared = this.#prepare(statement, statement.sql);
      try {
        this.#attempt(statement.sql, () => prepared.run(values));
      } finally {
        prepared.free();
      }
      if (statement.changesSchema) this.#clearCache();
    }
  }

  transaction<T>(work: () => T): T {
    return this.#stoppable(
      () => this.#transaction(work),
      () => this.#afterStop(),
    );
  }

  #stoppable<T>(work: () => T, afterStop: () => void): T {
    return this.#depth > 0 ? work() : stoppable(work, afterStop);
  }

  #transaction<T>(work: () => T): T {
    const name = `dnpc_${this.#depth}`;
    const nested = !this.#begin(name);
    this.#depth++;
    try {
      const result = refusePromise(work());
      throwIfInterrupted();
      this.exec(nested ? `RELEASE ${name}` : "COMMIT");
      return result;
    } catch (error) {
      this.#undo(nested ? `ROLLBACK TO ${name}; RELEASE ${name}` : "ROLLBACK");
      throw error;
    } finally {
      this.#depth--;
    }
  }

  save(path: string | URL): void {
    this.#checkOpen();
    if (this.#begin()) {
      this.exec("COMMIT");
    } else {
      throw new DatabaseError(
        "a database cannot be saved inside a transaction: " +
          "save it when the transaction has ended",
      );
    }
    const own = this.#onDisk ? this.path : undefined;
    saveFile(path, own, () => this.#engine.serialize());
  }

  attach(name: string, content: Uint8Array | string): Disposable | undefined {
    this.#checkOpen();
    const detach = `DETACH ${sql.id(name).text}`;
    // The Stop button of a notebook skips disposal.
    this.#undo(detach);
    // node:sqlite finalizes all statements.
    this.#clearCache();
    const isAttached = this.#attempt(
      `ATTACH ${sql.id(name).text}`,
      () =>
        this.#engine.attach(
          name,
          typeof content === "string" ? content : withoutWriteAheadLog(content),
        ),
    );
    return isAttached
      ? { [Symbol.dispose]: () => this.exec(detach) }
      : undefined;
  }

  define(name: string, evaluate: ScalarFunction["evaluate"]): void {
    this.#checkOpen();
    const arity = evaluate.length;
    const word = name.toUpperCase();
    if (functionNames.has(word)) {
      throw new TypeError(
        `${name}() is a function that dnpc adds to SQL: choose another name`,
      );
    }
    const known = this.#defined.get(word) ?? arity;
    // sql.js would crash.
    if (known !== arity) {
      throw new TypeError(
        `${name}() was defined with ${
          counted(known, "argument")
        }, and now has ` +
          `${arity}: choose another name, or the same number of arguments`,
      );
    }
    this.#defined.set(word, arity);
    definedNames.add(word);
    this.#engine.define({ name: word, arity, evaluate });
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#clearCache();
    this.#engine.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Rolls back work that the Stop button of a notebook interrupted. */
  #afterStop(): void {
    this.#depth = 0;
    if (!this.#open) return;
    if (this.#inEngine && this.#engine.abandon) {
      this.#engine.abandon();
      this.#open = false;
      this.#wasBroken = true;
    } else {
      this.#inEngine = false;
      this.#undo("ROLLBACK");
    }
  }

  /**
   * Does the same for a query. Since it writes only temporary tables, ending its
   * statement is enough, unless SQLite cannot commit afterwards.
   */
  #afterStopOfQuery(): void {
    if (!this.#open) return;
    try {
      this.#running?.free();
      this.#undo("ROLLBACK");
      this.exec("BEGIN; COMMIT");
    } catch {
      this.#inEngine = true;
      this.#afterStop();
    }
  }

  #all(sql: string | Sql, params?: SqlParameters): Result {
    return withDistinctNames(
      this.#execute(sql, params, (one, values) => one.all(values)),
    );
  }

  #execute<T>(
    sql: string | Sql,
    params: SqlParameters | undefined,
    work: (prepared: Prepared, values: readonly BoundValue[]) => T,
  ): T {
    return this.#atOneMoment(sql, () => {
      const taken = this.#take(sql, params);
      const { text, prepared, values } = taken;
      try {
        this.#running = prepared;
        const result = this.#attempt(text, () => work(prepared, values));
        this.#running = undefined;
        this.#giveBack(taken);
        return result;
      } catch (error) {
        this.#running = undefined;
        prepared.free();
        throw withShortStack(error);
      }
    });
  }

  /**
   * Runs a statement in one transaction with the computation of the tables that
   * it needs: no other program can change anything in between.
   */
  #atOneMoment<T>(sql: string | Sql, work: () => T): T {
    if (!(sql instanceof Sql) || sql.materialized.size === 0) return work();
    this.#checkOpen(sql.text);
    return this.#stoppable(() => {
      // Takes no lock for writing, unlike transaction().
      this.exec("SAVEPOINT dnpc_moment");
      try {
        const result = work();
        this.exec("RELEASE dnpc_moment");
        return result;
      } catch (error) {
        this.#undo("ROLLBACK TO dnpc_moment; RELEASE dnpc_moment");
        throw error;
      }
    }, () => this.#afterStopOfQuery());
  }

  /**
   * A compiled statement and its values. It is out of the cache while it runs: a
   * function or a loop over rows may run the same SQL meanwhile.
   */
  #take(sql: string | Sql, params: SqlParameters | undefined): Taken {
    let prepared: Prepared | undefined;
    try {
      throwIfInterrupted();
      const { text: written, values: given } = textAndValues(sql, params);
      this.#checkOpen(written);
      if (sql instanceof Sql) {
        if (sql.needsSchema) checkSchema(this);
        for (const check of sql.checks) check(this);
      }
      const text = sql instanceof Sql
        ? sql.withTables((query) => tableOf(this, query))
        : written;
      prepared = this.#cache.get(text) ??
        this.#prepare(oneStatement(text), text);
      this.#cache.delete(text);
      const values = bindParameters(prepared.statement, given);
      return { text, prepared, values, cache: this.#cache };
    } catch (error) {
      prepared?.free();
      throw withShortStack(error);
    }
  }

  /** Puts a statement back, unless the tables changed while it ran. */
  #giveBack({ text, prepared, cache }: Taken): void {
    if (!this.#open) return;
    if (prepared.statement.changesSchema) this.#clearCache();
    if (cache !== this.#cache) return prepared.free();
    const isFull = this.#cache.size === maxStatements;
    const [oldest = text] = this.#cache.keys();
    const dropped = isFull && !this.#cache.has(text) ? oldest : text;
    this.#cache.get(dropped)?.free();
    this.#cache.delete(dropped);
    this.#cache.set(text, prepared);
  }

  #clearCache(): void {
    for (const prepared of this.#cache.values()) prepared.free();
    this.#cache = new Map();
  }

  #prepare(statement: Statement, sql: string): Prepared {
    return this.#attempt(sql, () => {
      // SQLite itself refuses to change a file that is read-only, but VACUUM INTO
      // would write another.
      const copies = statement.words.has("VACUUM");
      if (this.readOnly && (!this.#onDisk || copies)) {
        refuseWriting(this.#engine, statement);
      }
      return this.#engine.prepare(statement);
    });
  }

  /** Begins a transaction, or within one a savepoint, if it has a name. */
  #begin(savepoint?: string): boolean {
    try {
      this.#beginNow();
      return true;
    } catch (error) {
      // Within the user's own BEGIN, the only cause without a code of its own.
      if (codeOf(error) !== "SQLITE_ERROR") throw error;
      if (savepoint !== undefined) this.exec(`SAVEPOINT ${savepoint}`);
      return false;
    }
  }

  // Takes the write lock of a file at once: if two programs read first and want
  // to write later, neither can wait for the other.
  #beginNow(): void {
    if (!this.#onDisk || this.readOnly) return this.exec("BEGIN");
    try {
      this.exec("BEGIN IMMEDIATE");
    } catch (error) {
      if (codeOf(error) !== "SQLITE_READONLY") throw error;
      this.exec("BEGIN");
    }
  }

  #undo(script: string): void {
    try {
      this.exec(script);
    } catch {
      // SQLite has rolled back itself, or the database is closed: the original
      // error says more.
    }
  }

  /** Turns anything that an engine throws into a DatabaseError. */
  #attempt<T>(sql: string, work: () => T): T {
    try {
      this.#inEngine = true;
      return work();
    } catch (error) {
      this.#inEngine = false;
      const message = messageOf(error);
      const code = codeOf(error) ?? "SQLITE_ERROR";
      const advice = adviceOn(code, this);
      if (advice !== undefined && this.path !== undefined) {
        const file = this.path;
        throw new DatabaseError(`${message}. ${advice}`, sql, { file, code });
      }
      const hint = hintOnName(this, message, sql);
      throw new DatabaseError(message + hint, sql, { code });
    } finally {
      this.#inEngine = false;
    }
  }

  #checkOpen(sql?: string): void {
    if (this.#open) return;
    if (this.#wasBroken) throw new DatabaseError(broken);
    const name = this.path === undefined ? "" : ` ${this.path}`;
    throw new DatabaseError(`the database${name} is closed`, sql);
  }
}

/** A statement that runs, with the cache that it is from. */
interface Taken {
  text: string;
  prepared: Prepared;
  values: readonly BoundValue[];
  cache: Map<string, Prepared>;
}

const maxStatements = 64;

const broken =
  "this database in memory was stopped in the middle of writing, and is lost: " +
  "open another, and import again. One in a file stays whole";

function refusePromise<T>(result: T): T {
  const then = (result as { then?: unknown } | null | undefined)?.then;
  if (typeof then !== "function") return result;
  // Its outcome does not matter any more.
  Promise.resolve(result).catch(() => {});
  throw new TypeError(
    "transaction() takes a function that returns no promise: the transaction " +
      "would end before the work. Await first, and write then",
  );
}
