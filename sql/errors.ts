import { messageOf } from "../display/text/format.ts";

/**
 * An error of the database: SQLite's own message, and the SQL that caused it.
 * It is the same on every engine.
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
  /** The name of the class. */
  override readonly name = "DatabaseError";
  /** The whole SQL text, if there is one. */
  readonly sql: string | undefined;
  /** The file that could not be used, if that caused the error. */
  readonly file: string | undefined;

  /**
   * Adds the SQL, shortened to one line, to SQLite's message; or names the
   * file, if the error is about the file and not about the SQL.
   */
  constructor(message: string, sql?: string, file?: string) {
    super(withCause(message, sql, file));
    this.sql = sql;
    this.file = file;
  }
}

function withCause(message: string, sql?: string, file?: string): string {
  if (file !== undefined) return `cannot use ${file}: ${message}`;
  return sql === undefined ? message : `${message}\nin: ${inOneLine(sql)}`;
}

const maxSqlCharacters = 300;

function inOneLine(sql: string): string {
  // Cut before collapsing white space: a script can be megabytes long.
  const line = sql.slice(0, 4 * maxSqlCharacters).replace(/\s+/g, " ").trim();
  return line.length > maxSqlCharacters
    ? `${line.slice(0, maxSqlCharacters - 1)}…`
    : line;
}

/**
 * Advice for an error about reading or writing a file; undefined for any other
 * error.
 *
 * @param message the message of SQLite
 */
export function adviceOn(
  message: string,
  { readOnly }: { readOnly: boolean },
): string | undefined {
  const found = fileErrors.find(({ sign }) => sign.test(message));
  return readOnly ? found?.readOnly ?? found?.advice : found?.advice;
}

/** The message of anything thrown, without the file that it is about. */
export function reasonOf(thrown: unknown): string {
  const message = messageOf(thrown);
  return thrown instanceof DatabaseError && thrown.file !== undefined
    ? message.replace(`cannot use ${thrown.file}: `, "")
    : message;
}

const again = "then do the same again: what was whole before is kept";

const fileErrors: readonly {
  sign: RegExp;
  advice: string;
  /** The advice if it was opened read-only. */
  readOnly?: string;
}[] = [
  {
    sign: /^database or disk is full/,
    advice: `Make room on its disk, or use a file on another, and ${again}`,
  },
  {
    sign: /^disk I\/O error/,
    advice: "Its disk is full or fails, or a limit on the size of files " +
      `(ulimit -f) is reached: make room, or use another file, and ${again}`,
  },
  {
    sign: /^database (?:table )?is locked/,
    advice: `Another program is using it: wait until that is done, ${again}`,
  },
  {
    sign: /^attempt to write a readonly database/,
    advice: "The file, its folder or its disk may not be written to: change " +
      "that, or use another file",
    readOnly: "It was opened with readOnly: open it without",
  },
  {
    sign: /^unable to open database file/,
    advice: "The file or its folder may not be read, or not be written to: " +
      "change that, or use another file",
  },
  {
    sign: /^(?:database disk image is malformed|file is not a database)/,
    advice: "It is damaged: use an earlier copy, or import into a new file",
  },
];
