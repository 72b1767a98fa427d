import { visible } from "./untrusted.ts";
import { headOf, tailOf, widthOf } from "./width.ts";

// Table packages of npm cut or wrap every column alike. Here the meaning of a
// column decides which ones a narrow table wraps or leaves out, and a note lists
// these.

/** A table to show, with every cell as full text. */
export interface TextTable {
  columns: readonly TextColumn[];
  /** An array of cells per row, as long as `columns`. */
  rows: readonly (readonly string[])[];
  /** Sentences above the table, one a line. */
  heading?: string | undefined;
  /** Text below the table, such as the number of rows. */
  caption?: string;
  /**
   * How to see what the table lacks: a column, the first one that is not shown,
   * or the rest of very long texts.
   */
  more?: (column: string | undefined, isCut: boolean) => string | undefined;
}

export interface TextColumn {
  name: string;
  /** Cells aligned to the right are never cut. */
  align: "left" | "right";
  unit?: string | undefined;
  /** More about each cell, which shows under the pointer. */
  titles?: readonly string[] | undefined;
  /** Whether no row has a value. */
  isEmpty?: boolean;
  /** The value of every row, if it is enough to say it once. */
  same?: string;
  /** Columns of the highest rank are dropped first, those without never. */
  rank?: number;
  /** Whether its text matters most, and gets the most room. */
  isWhole?: boolean | undefined;
}

/** A cell of the row that stands for the rows left out. */
export const ellipsis = "⋮";

/** A column and its widths in characters. */
interface Measured extends TextColumn {
  /** Its place in the table. */
  index: number;
  /** Width of the widest cell. */
  cells: number;
  /** Width of the heading on one line. */
  heading: number;
  /** Width of the widest part of the heading. */
  part: number;
  /** Width of the cells when text wraps at this width. */
  cut: (width: number) => number;
}

/** A column that shows, with this width. */
export type FittedColumn = Measured & { width: number };

/** The columns that show, and the others by the reason why they do not. */
export type Fitted = ReturnType<typeof fit>;

/**
 * Fits a table into a width in characters. While a table is too wide, this
 * takes out columns without values, wraps headings, takes out columns with the
 * same value in every row and, if it cannot scroll, drops columns by rank, wraps
 * text and drops the last columns.
 */
export function fit(
  table: TextTable,
  width: number,
  { canScroll = false } = {},
) {
  let left = table.columns.map((column, index) =>
    measureColumn(table, column, index)
  );
  // Takes columns out if all are too wide; a table keeps at least one.
  const take = (
    sizeOf: (column: Measured) => number,
    isTaken: (column: Measured) => unknown,
  ): Measured[] => {
    const rest = left.filter((column) => !isTaken(column));
    if (rest.length === 0 || total(left.map(sizeOf)) <= width) return [];
    const taken = left.filter(isTaken);
    left = rest;
    return taken;
  };
  const drop = (candidates: readonly Measured[], text: number): Measured[] =>
    candidates.flatMap((it) => take(cutTo(text), (column) => column === it));
  const empty = take(
    ({ cells, heading }) => Math.max(cells, heading),
    ({ isEmpty }) => isEmpty,
  );
  const same = take(
    ({ cells, part }) => Math.max(cells, part),
    ({ same }) => same !== undefined,
  );
  const byRank = left.toReversed().filter(({ rank }) => rank)
    .sort((a, b) => b.rank! - a.rank!);
  const dropped = canScroll ? [] : [
    ...drop(byRank, comfortableText),
    ...drop(left.toReversed(), minText),
  ].sort((a, b) => a.index - b.index);
  return { columns: share(left, width), empty, same, dropped };
}

const maxCell = 100;
/** Below this width of text, columns with a rank are dropped instead. */
const comfortableText = 20;
/** Below this width of text, the last columns are dropped instead. */
const minText = 12;
/** Below this width of text, headings wrap instead. */
const ampleText = 40;

function measureColumn(
  { rows }: TextTable,
  column: TextColumn,
  index: number,
): Measured {
  const heading = headingOf(column);
  const { align, isWhole } = column;
  const texts = rows.map((row) => row[index] ?? "");
  // The rest of a very long text does not change the result.
  const widest = texts.reduce(
    (max, text) => Math.max(max, widthOf(visible(text.slice(0, 2 * maxCell)))),
    1,
  );
  const cells = align === "right" ? widest : Math.min(widest, maxCell);
  const parts = heading.split(headingBreaks).map((it) => widthOf(it.trim()));
  const values = texts.filter((text) => !["null", "", ellipsis].includes(text));
  const areAll = (pattern: RegExp) =>
    values.length > 0 && values.every((text) => pattern.test(text));
  // Whole text, such as lines of a log, matters most where it appears, and JSON
  // least.
  const share = isWhole ? 3 : areAll(json) ? 0.6 : 1;
  return {
    ...column,
    index,
    cells,
    heading: widthOf(heading),
    part: Math.min(maxHeadingPart, parts.reduce((a, b) => Math.max(a, b), 0)),
    cut: align === "right" || areAll(times) ? () => cells : (width) =>
      Math.min(
        cells,
        width > minText ? Math.max(minText, Math.round(share * width)) : width,
      ),
  };
}

/** A date and a time of day. */
const times = /^\d{4}-\d\d-\d\d[ T][\d:.,+Z -]{5,}$/;

const json = /^\s*[[{]/;

const gap = 2;
const total = (widths: readonly number[]) =>
  widths.reduce((sum, width) => sum + width, gap * (widths.length - 1));

const cutTo = (width: number) => ({ part, cut }: Measured) =>
  Math.max(part, cut(width));

/** Shares the width: evenly among cells, then among headings from the left. */
function share(columns: readonly Measured[], width: number): FittedColumn[] {
  const widthsAt = (text: number, isRoomy: boolean) =>
    columns.map((it) => Math.max(cutTo(text)(it), isRoomy ? it.heading : 0));
  const isRoomy = total(widthsAt(ampleText, true)) <= width;
  let text = maxCell;
  while (text > minText && total(widthsAt(text, isRoomy)) > width) text--;
  const widths = widthsAt(text, isRoomy);
  let room = width - total(widths);
  return columns.map((column, i) => {
    const more = Math.max(0, column.heading - widths[i]!);
    const width = widths[i]! + (more > room ? 0 : more);
    room -= width - widths[i]!;
    return { ...column, width };
  });
}

const maxHeading = 48;
const maxHeadingPart = 16;

/** Where a heading may wrap. */
export const headingBreaks = /(?<=[_.,\s])(?!$)/u;

/** A column's name and unit on one line. */
export function headingOf({ name, unit }: TextColumn): string {
  const line = visible(name);
  // SQLite names a column without a name by its whole expression.
  const short = widthOf(line) > maxHeading
    ? `${headOf(line, maxHeading - 11)}…${tailOf(line, 10)}`
    : line;
  return unit ? `${short} (${visible(unit)})` : short;
}
