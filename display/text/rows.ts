import { type ColumnKind, count, formatColumn, unitOf } from "./format.ts";
import { showAs } from "../notebook/jupyter.ts";
import {
  ellipsisRow,
  tableHtml,
  tableText,
  type TextColumn,
  type TextTable,
} from "./table.ts";

export type { ColumnKind };
export { count };

/** Which rows and columns {@linkcode showRows} shows, and how. */
export interface ShowRowsOptions {
  /** Their names, in order. By default all that the rows have. */
  columns?: readonly string[];
  /**
   * At most so many rows: the first three quarters of them and the last quarter.
   * By default 20.
   */
  limit?: number;
  /**
   * What the numbers of columns are, by name: then they are shown with their
   * unit. Of others nothing is known, and they are shown as they are.
   */
  kinds?: Readonly<Record<string, ColumnKind>>;
}

/** What a question of the library knows of its own rows. */
export interface ReportOptions extends ShowRowsOptions {
  /** Columns left out where there is no room for all, the last one first. */
  secondary?: readonly string[];
  /** Columns whose text is shown whole, in several lines. */
  whole?: readonly string[];
}

/**
 * Rows that show themselves as a table when they are the result of a notebook
 * cell: numbers to the right, long text cut, and below how many rows there are.
 * The array is a new one, of the same rows, and an ordinary array else: what is
 * shown is no part of it.
 *
 * The rows of `db.query` and of every question do so by themselves. This shows
 * rows that were made in any other way; or more of them, or other columns.
 *
 * A table that is wider than some 120 characters gives up first the columns that
 * are null in every row, then cuts text; below it stands what is not there. The
 * whole of a text that was cut shows when the pointer rests on it.
 *
 * @returns the rows
 * @throws {RangeError} where limit is no number of rows, from 1
 *
 * @example
 * ```ts
 * import { openDatabase, showRows } from "dnpc/sql";
 * import { strict as assert } from "node:assert";
 *
 * using db = await openDatabase();
 * const squares = db.query<{ n: number }>(`
 *   SELECT value AS n FROM json_each('[1,2,3]')`)
 *   .map(({ n }) => ({ n, seconds: n / 8, bytes: 1e6 * n }));
 * // At the end of a cell, a table: "seconds (s)" and "1.00 MB" are in it.
 * const shown = showRows(squares, {
 *   kinds: { seconds: "seconds", bytes: "bytes" },
 *   limit: 100,
 * });
 * assert.deepEqual(shown, squares);
 * ```
 */
export function showRows<T extends object>(
  rows: Iterable<T>,
  options: ShowRowsOptions = {},
): T[] {
  checkLimit(options.limit);
  return showReport([...rows], options);
}

/**
 * The same, of the array itself: what is known of its columns says in which
 * units they are, and which may be left out.
 */
export function showReport<T>(rows: T[], options: ReportOptions = {}): T[] {
  const { columns = namesOf(rows) } = options;
  return showAs(rows, () => {
    const table = rowsTable(rows, columns, options);
    return { "text/html": tableHtml(table), "text/plain": tableText(table) };
  });
}

function checkLimit(limit = 1): void {
  if (!(limit >= 1)) {
    throw new RangeError(`limit is a number of rows, from 1, not ${limit}`);
  }
}

/** Rows need not be alike, but among a million the first ones tell. */
const namesOf = (rows: readonly unknown[]): string[] => [
  ...new Set(rows.slice(0, 20).flatMap((row) => Object.keys(row ?? {}))),
];

const mostColumns = 30;

/**
 * The table that stands for the rows: the first rows and the last, and what is
 * left out is said. With `all` there are all rows and columns in it.
 */
export function rowsTable<T>(
  rows: readonly T[],
  columns: readonly string[],
  options: ReportOptions & { all?: boolean } = {},
): TextTable {
  const { all = false, limit = 20 } = options;
  const most = all ? Infinity : Math.floor(limit);
  const shown = all ? columns : columns.slice(0, mostColumns);
  // A row left out would be as long as the sign that it is.
  const isCut = rows.length > most + 1;
  const last = Math.floor(most / 4);
  const first = most - last;
  const sample = isCut
    ? [...rows.slice(0, first), ...last ? rows.slice(-last) : []]
    : rows;
  const cells = shown.map((name) =>
    formatColumn(sample.map((row) => valueOf(row, name)), options.kinds?.[name])
  );
  const body: (readonly string[])[] = sample.map((_, row) =>
    cells.map(({ texts }) => texts[row]!)
  );
  if (isCut) body.splice(first, 0, ellipsisRow);
  const more = columns.length - shown.length;
  return {
    columns: shown.map((name, i) => ({
      ...{ name, align: cells[i]!.align },
      ...describe(name, options),
      ...all ? {} : alike(rows, name, cells[i]!.texts, options),
    })),
    rows: body,
    caption: `${count(rows.length)} row${rows.length === 1 ? "" : "s"}` +
      (isCut ? `, ${count(sample.length)} of them shown` : "") +
      (more > 0 ? `, ${more} more columns not shown` : ""),
    ...all ? {} : { more: { rows: isCut } },
  };
}

const valueOf = (row: unknown, name: string): unknown =>
  (row as Record<string, unknown> | null | undefined)?.[name];

function describe(
  name: string,
  { kinds = {}, secondary = [], whole = [] }: ReportOptions,
): Partial<TextColumn> {
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  const unit = kind && unitOf[kind];
  return {
    ...unit ? { unit } : {},
    rank: secondary.indexOf(name) + 1,
    isWhole: whole.includes(name),
  };
}

/** Whether all rows say the same, those too that are not shown. */
function alike(
  rows: readonly unknown[],
  name: string,
  texts: readonly string[],
  { secondary, kinds = {} }: ReportOptions,
): Partial<TextColumn> {
  const [value] = rows.slice(0, 1).map((row) => valueOf(row, name));
  const [text] = texts;
  // Most columns differ in what is shown, and the rest need not be looked at.
  if (text === undefined || texts.some((other) => other !== text)) return {};
  const isEmpty = value == null;
  // Of a query of one's own each column was asked for.
  if (!isEmpty && (secondary === undefined || rows.length < 2)) return {};
  const isSame = rows.every((row) =>
    isEmpty ? valueOf(row, name) == null : valueOf(row, name) === value
  );
  if (!isSame) return {};
  const unit = unitOf[kinds[name]!];
  return isEmpty ? { isEmpty } : { same: unit ? `${text} ${unit}` : text };
}
