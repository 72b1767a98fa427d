// Over 300 lines: arrays that show as tables, what their methods keep of that, and
// the tables.

import { type ColumnKind, count, counted, formatColumn } from "./format.ts";
import { showAs } from "../notebook/jupyter.ts";
import { type Listing, listingHtml, listingText } from "./listing.ts";
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
  /** Columns to show only if `columns` names them. */
  hidden?: readonly string[];
  /** Columns whose text wraps instead of being cut. */
  whole?: readonly string[];
  /** The answer in words, above the table: a sentence a line. */
  heading?: string | undefined;
  /** Singular noun for a row: charts count tasks instead of spans. */
  noun?: string | undefined;
  /**
   * Rows that read as text in place of a table, with at most so many entries.
   * Undefined for rows that a `map` has changed: they show as a table.
   */
  listing?: (
    rows: readonly Partial<never>[],
    maxEntries: number,
  ) => Listing | undefined;
}

/**
 * Returns rows that a notebook cell displays as a table: numbers aligned to the
 * right, long text wrapped, times as clock times in UTC, the number of rows
 * below. The result is a new, ordinary array of the same rows.
 *
 * The rows of `db.query` and of every question show as tables by themselves, also
 * after `filter`, `map`, `slice`, `toSorted` and similar methods.
 * Use this for rows from elsewhere, for more rows, or for other columns.
 *
 * A table wider than 120 characters loses columns that are null in every row;
 * the omissions are listed below. In a notebook it scrolls. Hover over a time to
 * see it in Unix seconds.
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

/** Lets the array itself show as a table, and what its methods return. */
export function showReport<T>(
  rows: T[],
  options: QuestionRowsOptions = {},
): T[] {
  shownWith.set(rows, options);
  showAs(rows, () => {
    const listing = options.listing?.(rows as never[], maxEntries);
    if (listing) {
      return {
        "text/html": listingHtml(listing),
        "text/plain": listingText(listing, listingWidth),
      };
    }
    const columns = shownNames(namesOfRows(rows), options);
    const table = rowsTable(rows, columns, options);
    return { "text/html": tableHtml(table), "text/plain": tableText(table) };
  });
  return Object.defineProperties(rows, methods);
}

/** Maximum number of entries of a listing in a notebook. */
const maxEntries = 400;
/** Characters in a line of a listing, unless a terminal is wider or narrower. */
export const listingWidth = 80;

const shownWith = new WeakMap<object, QuestionRowsOptions>();

/** Says what each row is about, for charts: rows of any kind. */
export function withNoun<T extends object>(rows: T, noun?: string): T {
  shownWith.set(rows, { noun });
  return rows;
}

/** The options with which an array shows as a table. */
export const optionsOf = (
  rows: object,
): QuestionRowsOptions | undefined => shownWith.get(rows);

// Own methods, because a subclass of Array is not deeply equal to an array, and
// a constructor with another species makes every array of the process slower.
const methods: PropertyDescriptorMap = Object.fromEntries([
  // These return some of the rows, in some order.
  ..."filter slice splice toSorted toReversed toSpliced with concat"
    .split(" ").map((name) => method(name, sameRows)),
  // These make other rows.
  ...["map", "flatMap"].map((name) => method(name, otherRows)),
]);

function method(
  name: string,
  optionsFor: (made: unknown[], rows: unknown[]) => QuestionRowsOptions,
): [string, PropertyDescriptor] {
  const original: (...values: unknown[]) => unknown[] = Reflect.get(
    Array.prototype,
    name,
  );
  return [name, {
    value(this: unknown[], ...values: unknown[]) {
      const made = original.apply(this, values);
      return made.every(isRecord)
        ? showReport(made, optionsFor(made, this))
        : made;
    },
    configurable: true,
    writable: true,
  }];
}

const isRecord = (value: unknown) =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The sentences above a table may be wrong for some of its rows. */
function sameRows(_: unknown[], rows: unknown[]): QuestionRowsOptions {
  return { ...optionsOf(rows), heading: undefined };
}

/** A column keeps its meaning if its values are those of the rows it is from. */
function otherRows(made: unknown[], rows: unknown[]): QuestionRowsOptions {
  const { kinds = {}, limit, secondary, whole } = optionsOf(rows) ?? {};
  const isSame = (name: string) =>
    made.length === rows.length &&
    made.slice(0, 20).every((row, i) =>
      valueOf(row, name) === valueOf(rows[i], name)
    );
  return {
    limit,
    secondary,
    whole,
    kinds: Object.fromEntries(
      Object.entries(kinds).filter(([name]) => isSame(name)),
    ),
  };
}

/** The columns of a table: those asked for, or all that are not hidden. */
export const shownNames = (
  all: readonly string[],
  { columns, hidden = [] }: QuestionRowsOptions,
): readonly string[] => columns ?? all.filter((name) => !hidden.includes(name));

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
  const cells = shown.map((name) =>
    formatColumn(
      sample.map((row) => valueOf(row, name)),
      Object.hasOwn(kinds, name) ? kinds[name] : kindByName(name),
    )
  );
  const linesOf = (lines: readonly string[], between: string) =>
    isCut ? lines.toSpliced(first, 0, between) : lines;
  const body: (readonly string[])[] = sample.map((_, row) =>
    cells.map(({ texts }) => texts[row]!)
  );
  if (isCut) body.splice(first, 0, cells.map(() => ellipsis));
  const more = columns.length - shown.length;
  return {
    columns: shown.map((name, i): TextColumn => {
      const { texts, align, unit, titles } = cells[i]!;
      return {
        name,
        align,
        unit,
        titles: titles && linesOf(titles, ""),
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

/** The meaning of a column that nobody described: a user's own query. */
const kindByName = (name: string): ColumnKind | undefined =>
  /(?:^|[^a-z])(?:time|unix|start|end|first|last|began|ended)\b|_(?:time|unix)$/i
      .test(
        name,
      )
    ? "unix"
    : undefined;

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
  // A mark that no row has is an empty cell.
  const isUnmarked = text === "" && value !== "";
  return { same: isUnmarked ? "no" : unit ? `${text} ${unit}` : text };
}
