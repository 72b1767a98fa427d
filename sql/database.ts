import type { ColumnTable } from "arquero";
import type { Sql } from "./sql_text.ts";
import type {
  Row,
  RowIterator,
  RunResult,
  SqlParameters,
  SqlValue,
} from "./values.ts";

/**
 * An open SQLite database. All calls are synchronous. SQL is plain text, with
 * `?` or `:name` for bound values, or the result of the tag {@linkcode sql}.
 *
 * Both engines have these functions beyond SQLite's own:
 *
 * - the aggregates `median(x)`, `percentile(x, p)` with p from 0 to 100,
 *   `stddev(x)` (of a sample; also `stddev_samp`, `stddev_pop`, `variance`,
 *   `var_samp`, `var_pop`), `regr_slope(y, x)`, `regr_intercept(y, x)`,
 *   `regr_r2(y, x)` and `corr(y, x)`. They ignore NULL. They are not window
 *   functions: `median(x) OVER (...)` is an error. docs/statistics.md has worked
 *   examples.
 * - SQLite's mathematical functions: `sqrt`, `ln`, `log`, `exp`, `pow`, `floor`
 *   and so on. They return NULL for a value that is not a number, and if the
 *   result is undefined.
 * - `text REGEXP pattern`, with JavaScript's regular expressions, and
 *   `regexp_extract(text, pattern)`: the first group of the pattern, or the
 *   whole match if it has none. A third argument selects the group by number (0
 *   is the whole match) or name.
 *
 * Temporary views can call them, the schema of a file cannot.
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * db.exec("CREATE TABLE line (text TEXT)");
 * db.run("INSERT INTO line VALUES (:text)", { text: "Task 5 took 2.5 s" });
 *
 * const rows = db.query<{ task: string }>(
 *   "SELECT regexp_extract(text, 'Task (\\d+)') AS task FROM line",
 * );
 * assert.equal(rows[0]?.task, "5");
 * ```
 */
export interface Database {
  /** The path of the file; undefined for a database in memory. */
  readonly path: string | undefined;
  /** Whether writing is refused. Temporary tables are allowed. */
  readonly readOnly: boolean;

  /**
   * Returns all rows of a query, as plain objects. A notebook displays the
   * array as a table.
   *
   * @throws {DatabaseError} an error of SQLite about the SQL or the values
   */
  query<T = Row>(sql: string | Sql, params?: SqlParameters): T[];

  /**
   * Returns all rows of a query, each as an array of its values: for many rows,
   * half the time of objects.
   *
   * @throws {DatabaseError} an error of SQLite about the SQL or the values
   */
  arrays(sql: string | Sql, params?: SqlParameters): SqlValue[][];

  /**
   * Iterates over the rows of a query, without holding more than one of them:
   * for more rows than fit into memory. For others, `query` takes half the time
   * with the native engine.
   *
   * The query runs on while the rows are read, until the last one, or until the
   * loop is left. If the tables change meanwhile, SQLite does not define which
   * rows follow.
   *
   * @throws {DatabaseError} an error of SQLite about the SQL or the values, at
   * once or at the row at which it occurs
   */
  iterate<T = Row>(sql: string | Sql, params?: SqlParameters): RowIterator<T>;

  /**
   * Returns the rows of a query as an [Arquero](https://idl.uw.edu/arquero/)
   * table.
   *
   * @throws {DatabaseError} an error of SQLite about the SQL or the values
   */
  table(sql: string | Sql, params?: SqlParameters): ColumnTable;

  /**
   * Runs one statement for its effect.
   *
   * @throws {DatabaseError} an error of SQLite about the SQL or the values
   */
  run(sql: string | Sql, params?: SqlParameters): RunResult;

  /**
   * Runs a script of any number of statements, without values. Statements before
   * an error stay in effect, unless the script is in a transaction.
   *
   * @throws {DatabaseError} with the statement that failed
   */
  exec(script: string): void;

  /**
   * Runs a function in a transaction, which is committed when it returns and
   * rolled back when it throws. Transactions nest; an inner one can be rolled
   * back alone.
   *
   * @returns the result of the function
   * @throws {TypeError} if the function returns a promise: the transaction would
   * end before the work. Await first, then write
   */
  transaction<T>(work: () => T): T;

  /**
   * Writes the database to a file, which any SQLite tool can open. An existing
   * file is replaced completely, or left unchanged on an error.
   *
   * @throws {DatabaseError} inside a transaction, and if the file cannot be
   * written
   */
  save(path: string | URL): void;

  /**
   * Attaches another database to read, so that one statement can read both.
   *
   * @param name of its schema: `SELECT * FROM name.task`
   * @param content the path of a file, or all the bytes of one. If somebody
   * changes the file meanwhile, what is read from it may be wrong
   * @returns detaches it when disposed, outside of transactions; undefined if it
   * cannot be attached: inside a transaction, by sql.js, and without Deno's
   * `--allow-all`
   */
  attach(name: string, content: Uint8Array | string): Disposable | undefined;

  /**
   * Registers an SQL function of the values in one row, or replaces it. It takes
   * as many arguments as `evaluate` has parameters; an INTEGER beyond 2^53 is
   * rounded. A returned number becomes a REAL, true a 1. If it throws, the
   * statement fails with that message.
   *
   * @throws {TypeError} for the name of a function that dnpc adds, and for
   * another number of arguments than before
   */
  define(
    name: string,
    evaluate: (
      ...values: (null | number | string | Uint8Array)[]
    ) => null | number | boolean | string,
  ): void;

  /** Closes the database. Closing it again does nothing. */
  close(): void;

  /** Closes the database at the end of a block, if declared with `using`. */
  [Symbol.dispose](): void;
}
