import {
  type ColumnKind,
  count,
  counted,
  formatColumn,
  unitOf,
} from "./format.ts";
import { showAs } from "../notebook/jupyter.ts";
import {
  ellipsis,
  tableHtml,
  tableText,
  type TextColumn,
  type TextTable,
} from "./table.ts";

export type { ColumnKind };
export { count };

/** Options of {@linkcode showRows}. */
export interface ShowRowsOptions {
  /** Names of the columns, in order. By default all. */
  columns?: readonly string[];
  /**
   * Maximum number of rows, three quarters of them from the start and a quarter
   * from the end. By default 20.
   */
  limit?: number;
  /** Kinds of numeric columns by name, which determine units and formats. */
  kinds?: Readonly<Record<string, ColumnKind>>;
}

/** Facts that a question gives about its rows. */
export interface QuestionRowsOptions extends ShowRowsOptions {
  /** Columns to drop first from a wide table, beginning with the last. */
  secondary?: readonly string[];
  /** Columns whose text wraps instead of being cut. */
  whole?: readonly string[];
  /** The answer in words, above the table: a sentence a line. */
  heading?: string;
}

/**
 * Returns rows that a notebook cell displays as a table: numbers aligned to the
 * right, long text cut, the number of rows below. The result is a new, ordinary
 * array of the same rows.
 *
 * The rows of `db.query` and of every question show as tables by themselves.
 * Use this for rows from elsewhere, for more rows, or for other columns.
 *
 * A table wider than 120 characters first loses columns that are null in every
 * row, then text is cut; the omissions are listed below. Hover over cut text to
 * see all of it.
 *
 * @returns the rows
 * @throws {RangeError} if limit is not at least 1
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
 * // As the last line of a cell: a table with "seconds (s)" and "1.00 MB".
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
  const { limit = 1 } = options;
  if (!(limit >= 1)) {
    throw new RangeError(`limit must be at least 1, not ${limit}`);
  }
  return showReport([...rows], options);
}

/** Lets the array itself show as a table. */
export function showReport<T>(
  rows: T[],
  options: QuestionRowsOptions = {},
): T[] {
  const { columns = namesOfRows(rows) } = options;
  shownWith.set(rows, options);
  return showAs(rows, () => {
    const table = rowsTable(rows, columns, options);
    return { "text/html": tableHtml(table), "text/plain": tableText(table) };
  });
}

const shownWith = new WeakMap<object, QuestionRowsOptions>();

/** The options with which an array shows as a table. */
export const optionsOf = (
  rows: readonly unknown[],
): QuestionRowsOptions | undefined => shownWith.get(rows);

/** Column names of the first rows: rows may differ. */
const namesOfRows = (rows: readonly unknown[]): string[] => [
  ...new Set(rows.slice(0, 20).flatMap((row) => Object.keys(row ?? {}))),
];

const maxColumns = 30;

/** The table of the first and last rows, or with `all` of all rows and columns. */
export function rowsTable<T>(
  rows: readonly T[],
  columns: readonly string[],
  options: QuestionRowsOptions & { all?: boolean } = {},
): TextTable {
  const { all = false, limit = 20 } = options;
  const max = all ? Infinity : Math.floor(limit);
  const shown = all ? columns : columns.slice(0, maxColumns);
  // The ellipsis takes a line itself: a single row is never left out.
  const isCut = rows.length > max + 1;
  const last = Math.floor(max / 4);
  const first = max - last;
  const sample = isCut
    ? [...rows.slice(0, first), ...last ? rows.slice(-last) : []]
    : rows;
  const { kinds = {}, secondary, whole, heading } = options;
  const kindOf = (name: string) =>
    Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  const cells = shown.map((name) =>
    formatColumn(sample.map((row) => valueOf(row, name)), kindOf(name))
  );
  const body: (readonly string[])[] = sample.map((_, row) =>
    cells.map(({ texts }) => texts[row]!)
  );
  if (isCut) body.splice(first, 0, cells.map(() => ellipsis));
  const more = columns.length - shown.length;
  return {
    columns: shown.map((name, i): TextColumn => {
      const { texts, align } = cells[i]!;
      const kind = kindOf(name);
      const unit = kind && unitOf[kind];
      return {
        name,
        align,
        unit,
        rank: (secondary ?? []).indexOf(name) + 1,
        isWhole: whole?.includes(name),
        ...alike(rows, name, texts, unit, secondary !== undefined),
      };
    }),
    rows: body,
    heading: all ? heading : firstLines(heading),
    caption: counted(rows.length, "row") +
      (isCut ? `, ${count(sample.length)} of them shown` : "") +
      (more > 0 ? `, ${more} more columns not shown` : ""),
    more: all ? undefined : (column) => {
      const wanted = [
        ...isCut ? ["limit: 100"] : [],
        ...column ? [`columns: [${JSON.stringify(column)}, …]`] : [],
      ].join(", ");
      return wanted && `showRows(rows, { ${wanted} }) of dnpc/sql`;
    },
  };
}

/** A question about many runs has a sentence for each. */
const maxSentences = 10;

function firstLines(heading: string | undefined): string | undefined {
  const lines = heading?.split("\n") ?? [];
  const more = lines.length - maxSentences;
  if (more <= 1) return heading;
  return [...lines.slice(0, maxSentences), `and ${count(more)} more sentences`]
    .join("\n");
}

const valueOf = (row: unknown, name: string): unknown =>
  (row as Record<string, unknown> | null | undefined)?.[name];

/** Whether a column has one value in all rows, shown or not. */
function alike(
  rows: readonly unknown[],
  name: string,
  texts: readonly string[],
  unit: string | undefined,
  isAnswer: boolean,
): Partial<TextColumn> {
  const [text] = texts;
  // Most columns differ within the shown rows.
  if (text === undefined || texts.some((other) => other !== text)) return {};
  const value = valueOf(rows[0], name);
  if (value == null) {
    return { isEmpty: rows.every((row) => valueOf(row, name) == null) };
  }
  // A user's own query asked for each of its columns.
  if (!isAnswer || rows.length < 2) return {};
  if (rows.some((row) => valueOf(row, name) !== value)) return {};
  return { same: unit ? `${text} ${unit}` : text };
}
