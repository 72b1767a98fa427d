import { type ColumnTable, isColumnTable, type Rows } from "./channels.ts";

/** Rows that can be read again, and what their columns are called. */
export interface NamedRows {
  rows: readonly object[] | ColumnTable;
  /** The names of the columns; none, if the rows are arrays or there are none. */
  names: string[];
  /** How many columns there are. */
  width: number;
}

/**
 * What the columns of rows are called, by the first of them. What can be read
 * once alone, such as `db.iterate(...)`, is held.
 */
export function columnNamesOf(rows: Rows): NamedRows {
  if (isColumnTable(rows)) {
    const names = rows.columnNames();
    return { rows, names, width: names.length };
  }
  // What is no iterable is told of by what reads it.
  if (rows == null || typeof rows[Symbol.iterator] !== "function") {
    return { rows: rows as never, names: [], width: 0 };
  }
  const held = Array.isArray(rows) ? rows as object[] : [...rows];
  const first = held[0];
  if (Array.isArray(first)) {
    return { rows: held, names: [], width: first.length };
  }
  const names = first !== null && typeof first === "object"
    ? Object.keys(first)
    : [];
  return { rows: held, names, width: names.length };
}

/** The first of some names that the rows have. */
export function firstName(
  { names }: Pick<NamedRows, "names">,
  ...wanted: string[]
): string | undefined {
  return wanted.find((name) => names.includes(name));
}
