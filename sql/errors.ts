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
 *   assert.equal(error.code, "SQLITE_ERROR");
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
   * The name of SQLite's primary result code, such as "SQLITE_BUSY" or
   * "SQLITE_CONSTRAINT"; "SQLITE_ERROR" if it has none for this error, such as
   * an unknown table. Undefined if dnpc itself refused.
   */
  readonly code: string | undefined;
  /** The message without the file and the SQL. */
  readonly reason: string;

  /**
   * Adds the SQL, shortened to one line, to SQLite's message; or names the
   * file, if the error is about the file and not about the SQL.
   */
  constructor(
    message: string,
    sql?: string,
    { file, code, reason = message }: {
      file?: string | undefined;
      code?: string | undefined;
      reason?: string;
    } = {},
  ) {
    super(withCause(message, sql, file));
    this.sql = sql;
    this.file = file;
    this.code = code;
    this.reason = reason;
  }
}

/** The error of a database that cannot be opened. */
export const cannotOpen = (
  name: string,
  reason: string,
  code?: string,
): DatabaseError =>
  new DatabaseError(`cannot open ${name}: ${reason}`, undefined, {
    code,
    reason,
  });

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

/** SQLite's primary result codes for errors, in their order from 1. */
const resultCodes =
  ("ERROR INTERNAL PERM ABORT BUSY LOCKED NOMEM READONLY INTERRUPT IOERR " +
    "CORRUPT NOTFOUND FULL CANTOPEN PROTOCOL EMPTY SCHEMA TOOBIG CONSTRAINT " +
    "MISMATCH MISUSE NOLFS AUTH FORMAT RANGE NOTADB")
    .split(" ").map((name) => `SQLITE_${name}`);

/** An error as engines throw it: node:sqlite sets `errcode`, and so do we. */
export const engineError = (message: string, code: string): Error =>
  Object.assign(new Error(message), { errcode: resultCodes.indexOf(code) + 1 });

/** The result code of an error of SQLite; undefined for any other. */
export function codeOf(thrown: unknown): string | undefined {
  if (thrown instanceof DatabaseError) return thrown.code;
  if (!(thrown instanceof Error && "errcode" in thrown)) return;
  // The lowest byte of an extended code, which sql.js lacks, is the primary one.
  return resultCodes[(Number(thrown.errcode) & 0xff) - 1];
}

/**
 * Advice for an error about reading or writing a file; undefined for any other
 * error.
 */
export function adviceOn(
  code: string | undefined,
  { readOnly }: { readOnly: boolean },
): string | undefined {
  const found = code === undefined ? undefined : fileErrors[code];
  return readOnly ? found?.readOnly ?? found?.advice : found?.advice;
}

/** The message of anything thrown, without the file and the SQL. */
export const reasonOf = (thrown: unknown): string =>
  thrown instanceof DatabaseError ? thrown.reason : messageOf(thrown);

const again = "then do the same again: what was whole before is kept";

interface FileError {
  advice: string;
  /** The advice if it was opened read-only. */
  readOnly?: string;
}

const locked: FileError = {
  advice: `Another program is using it: wait until that is done, ${again}`,
};

const damaged: FileError = {
  // SQLite has no code of its own for "unsafe use of median()".
  advice: "It is damaged, or its schema calls a function that no file may " +
    "call: use an earlier copy, or import into a new file",
};

const fileErrors: Record<string, FileError> = {
  SQLITE_FULL: {
    advice: `Make room on its disk, or use a file on another, and ${again}`,
  },
  SQLITE_IOERR: {
    advice: "Its disk is full or fails, or a limit on the size of files " +
      `(ulimit -f) is reached: make room, or use another file, and ${again}`,
  },
  SQLITE_BUSY: locked,
  SQLITE_LOCKED: locked,
  SQLITE_READONLY: {
    advice: "The file, its folder or its disk may not be written to: change " +
      "that, or use another file",
    readOnly: "It was opened with readOnly: open it without",
  },
  SQLITE_CANTOPEN: {
    advice: "The file or its folder may not be read, or not be written to: " +
      "change that, or use another file",
  },
  SQLITE_CORRUPT: damaged,
  SQLITE_NOTADB: damaged,
};
