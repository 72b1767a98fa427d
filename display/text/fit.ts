import { visible } from "./untrusted.ts";
import { headOf, tailOf, widthOf } from "./width.ts";

// Table packages of npm cut or wrap every column alike. Here the meaning of a
// column decides what a narrow table loses, and the table says what it lost.

/** A table to show: every cell is text, and none is cut yet. */
export interface TextTable {
  columns: readonly TextColumn[];
  /** An array of cells per row, as long as `columns`. */
  rows: readonly (readonly string[])[];
  /** Text below the table, such as the number of rows. */
  caption?: string;
  /** Set if `showRows` can show what the table lacks; `rows` if it lacks some. */
  more?: { rows: boolean };
}

export interface TextColumn {
  name: string;
  /** Cells aligned to the right are never cut. */
  align: "left" | "right";
  unit?: string;
  /** Whether no row has a value. */
  isEmpty?: boolean;
  /** The value of every row, if it is enough to say it once. */
  same?: string;
  /** Columns of the highest rank are dropped first, those without never. */
  rank?: number;
  /** Whether text wraps instead of being cut. */
  isWhole?: boolean;
}

/** Stands for the rows left out between its neighbors. */
export const ellipsisRow: readonly string[] = Object.freeze(["⋮"]);

/** What fits, and the names of the columns that do not show. */
export interface Fitted {
  columns: FittedColumn[];
  empty: string[];
  same: [name: string, text: string][];
  dropped: string[];
}

/** A column that shows, its place in the table, and its width in characters. */
export interface FittedColumn {
  column: TextColumn;
  index: number;
  width: number;
}

/**
 * Fits a table into a width in characters. While a table is too wide, this
 * takes out columns without values, wraps headings, takes out columns with the
 * same value in every row, drops columns by rank, cuts text and, if
 * `dropLast`, drops the last columns.
 */
export function fit(
  table: TextTable,
  width: number,
  { dropLast = true } = {},
): Fitted {
  const fitted: Fitted = { columns: [], empty: [], same: [], dropped: [] };
  let left = table.columns.map((column, index) =>
    measureColumn(table, column, index)
  );
  const take = (isTaken: (column: TextColumn) => unknown): TextColumn[] => {
    const taken = left.filter(({ column }) => isTaken(column));
    // A table keeps at least one column.
    if (taken.length === left.length) return [];
    left = left.filter((column) => !taken.includes(column));
    return taken.map(({ column }) => column);
  };
  const isWide = (sizeOf: (column: Measured) => number) =>
    left.length > 1 && total(left.map(sizeOf)) > width;

  if (isWide(({ cells, heading }) => Math.max(cells, heading))) {
    fitted.empty = take(({ isEmpty }) => isEmpty).map(visibleName);
  }
  if (isWide(({ cells, part }) => Math.max(cells, part))) {
    fitted.same = take(({ same }) => same !== undefined)
      .map((column) => [visibleName(column), visible(column.same!)]);
  }
  const dropped = new Set<TextColumn>();
  const drop = (column: TextColumn) =>
    take((other) => other === column).forEach((taken) => dropped.add(taken));
  while (isWide(cutTo(comfortableText))) {
    const rank = Math.max(...left.map(({ column }) => column.rank ?? 0));
    if (rank === 0) break;
    drop(left.findLast(({ column }) => column.rank === rank)!.column);
  }
  while (dropLast && isWide(cutTo(minText))) drop(left.at(-1)!.column);
  fitted.dropped = table.columns.filter((column) => dropped.has(column))
    .map(visibleName);
  fitted.columns = share(left, width);
  return fitted;
}

const visibleName = ({ name }: TextColumn) => visible(name);

interface Measured {
  column: TextColumn;
  index: number;
  /** Width of the widest cell. */
  cells: number;
  /** Width of the heading on one line. */
  heading: number;
  /** Width of the widest part of the heading. */
  part: number;
  /** Width of the cells when text is cut to this width. */
  cut: (width: number) => number;
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
  const texts = rows.flatMap((row) =>
    row === ellipsisRow ? [] : row[index] ?? ""
  );
  // The rest of a very long text does not change the result.
  const widest = texts.reduce(
    (max, text) => Math.max(max, widthOf(visible(text.slice(0, 2 * maxCell)))),
    1,
  );
  const cells = column.align === "right" ? widest : Math.min(widest, maxCell);
  return {
    column,
    index,
    cells,
    heading: widthOf(heading),
    part: Math.max(...headingParts(heading).map((it) => widthOf(it.trim()))),
    cut: cutOf(column, texts, cells),
  };
}

function cutOf(
  { align, isWhole }: TextColumn,
  texts: readonly string[],
  cells: number,
): (width: number) => number {
  const values = texts.filter((text) => text !== "null" && text !== "");
  const areAll = (pattern: RegExp) =>
    values.length > 0 && values.every((text) => pattern.test(text));
  if (align === "right" || areAll(times)) return () => cells;
  if (areAll(ids)) {
    return (width) => width < cells ? Math.min(cells, minText) : cells;
  }
  // Whole text, such as lines of a log, matters most where it appears.
  const share = isWhole ? 3 : 1;
  return (width) => Math.min(cells, width > minText ? share * width : width);
}

/** A date and a time of day. */
const times = /^\d{4}-\d\d-\d\d[ T][\d:.,+Z -]{5,}$/;
/** A UUID or a hash: its first characters identify it. */
const ids = /^[\da-f-]{16,}$/i;

const gap = 2;
const total = (widths: readonly number[]) =>
  widths.reduce((sum, width) => sum + width, gap * (widths.length - 1));

const cutTo = (width: number) => ({ part, cut }: Measured) =>
  Math.max(part, cut(width));

/** Shares the width: evenly among cells, then among headings from the left. */
function share(columns: readonly Measured[], width: number): FittedColumn[] {
  const widthsAt = (text: number, headingOf: (column: Measured) => number) =>
    columns.map((it) => Math.max(cutTo(text)(it), headingOf(it)));
  const isRoomy = total(widthsAt(ampleText, ({ heading }) => heading)) <= width;
  const headingOf = ({ heading, part }: Measured) => isRoomy ? heading : part;
  let text = maxCell;
  while (text > minText && total(widthsAt(text, headingOf)) > width) text--;
  const widths = widthsAt(text, headingOf);
  let room = width - total(widths);
  return columns.map(({ column, index, heading }, i) => {
    const more = Math.max(0, heading - widths[i]!);
    if (more > room) return { column, index, width: widths[i]! };
    room -= more;
    return { column, index, width: widths[i]! + more };
  });
}

const maxHeading = 48;
const maxHeadingPart = 16;

/** A column's name and unit on one line. */
export function headingOf({ name, unit }: TextColumn): string {
  const line = visible(name);
  // SQLite names a column without a name by its whole expression.
  const short = widthOf(line) > maxHeading
    ? `${headOf(line, maxHeading - 11)}…${tailOf(line, 10)}`
    : line;
  return unit ? `${short} (${visible(unit)})` : short;
}

/** The parts between which a heading may wrap. */
export function headingParts(heading: string): string[] {
  return heading.split(/(?<=[_.,\s])(?!$)/u).flatMap((part) => {
    const parts: string[] = [];
    for (let rest = part; rest;) {
      const head = headOf(rest, maxHeadingPart) || rest;
      parts.push(head);
      rest = rest.slice(head.length);
    }
    return parts;
  });
}

/** The heading on lines that fit a width, as far as its parts do. */
export function headingLines(heading: string, width: number): string[] {
  const lines: string[] = [];
  for (const part of headingParts(heading)) {
    const longer = (lines.at(-1) ?? "") + part;
    if (lines.length && widthOf(longer.trimEnd()) <= width) {
      lines[lines.length - 1] = longer;
    } else lines.push(part);
  }
  return lines.map((line) => line.trimEnd());
}
