/**
 * What went wrong in the database: SQLite's own message, and the SQL that it
 * was about. The same on every engine.
 *
 * @example
 * ```ts
 * import { DatabaseError, openDatabase } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * assert.throws(() => db.query("SELECT colour"), (error) => {
 *   assert.ok(error instanceof DatabaseError);
 *   assert.equal(error.message, "no such column: colour\nin: SELECT colour");
 *   assert.equal(error.sql, "SELECT colour");
 *   return true;
 * });
 * ```
 */
export class DatabaseError extends Error {
  /** The name of the class, for a log or a notebook. */
  override readonly name = "DatabaseError";
  /** The whole SQL text, where there is one. */
  readonly sql: string | undefined;

  /** The file that could not be used, where that is what went wrong. */
  readonly file: string | undefined;

  /**
   * Adds the SQL, shortened to one line, to what SQLite said; or names the
   * file, if the error is about that and not about the SQL.
   */
  constructor(message: string, sql?: string, file?: string) {
    super(told(message, sql, file));
    this.sql = sql;
    this.file = file;
  }
}

function told(message: string, sql?: string, file?: string): string {
  if (file !== undefined) return `cannot use ${file}: ${message}`;
  return sql === undefined ? message : `${message}\nin: ${inOneLine(sql)}`;
}

const mostCharacters = 300;

function inOneLine(sql: string): string {
  // Cut before the white space is folded: a script can be megabytes long.
  const line = sql.slice(0, 4 * mostCharacters).replace(/\s+/g, " ").trim();
  return line.length > mostCharacters
    ? `${line.slice(0, mostCharacters - 1)}…`
    : line;
}

/** The message of whatever was thrown: sql.js throws bare strings too. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
