/**
 * A value in a row. An INTEGER beyond ±2^53 is a bigint, any other INTEGER and
 * every REAL a number, a BLOB a copy of its bytes.
 */
export type SqlValue = null | number | bigint | string | Uint8Array;

/**
 * A value that can be bound to a parameter. A boolean becomes 1 or 0; a Date
 * Unix seconds, a REAL; a whole number up to 2^53 - 1 an INTEGER and any other
 * number a REAL; NaN and an invalid Date NULL. In text, a zero character, at
 * which SQLite would end the text, becomes U+2400 "␀", and half of a surrogate
 * pair, which is not Unicode, U+FFFD.
 */
export type SqlParameter =
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | Uint8Array;

/**
 * The values of a statement: an array for `?`, an object for `:name`, `$name`
 * and `@name`. A key of the object is the name with or without its mark.
 */
export type SqlParameters =
  | readonly SqlParameter[]
  | Readonly<Record<string, SqlParameter>>;

/**
 * A row as an object, by column name. If columns share a name, the last one
 * wins.
 */
export type Row = Record<string, SqlValue>;

/** Rows that are read one by one. */
export interface RowIterator<T> extends IteratorObject<T, undefined> {
  /** The names of their columns, in order. */
  readonly columns: readonly string[];
}

/** Result of `Database.run`. */
export interface RunResult {
  /** Rows inserted, updated or deleted. */
  changes: number;
  /** The rowid of the last row inserted through this database. */
  lastInsertRowid: number | bigint;
}
