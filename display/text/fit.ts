import { headingOf, piecesOf } from "./heading.ts";
import { ellipsisRow, type TextColumn, type TextTable } from "./text_table.ts";
import { visible, widthOf } from "./visible.ts";

/** A column that is shown, and how wide: in characters. */
export interface FittedColumn {
  column: TextColumn;
  /** Which one of the table it is, from 0. */
  index: number;
  width: number;
}

/** What of a table is shown in a width, and what is not. */
export interface Fitted {
  columns: FittedColumn[];
  /** Names of columns that have no value in any row. */
  empty: string[];
  /** Columns that say the same in every row, and what. */
  same: [name: string, text: string][];
  /** Names of columns that there was no room for. */
  without: string[];
}

/**
 * Chooses what of a table is shown in so many characters, spaces between the
 * columns included. A table that fits is shown as it is. Of another one, until
 * it fits: columns without any value are taken out, headings go on in another
 * line, columns that say the same in every row are taken out, then those that
 * rank low; text is cut; and if `leaveOut`, the last columns are left out.
 */
export function fit(
  table: TextTable,
  width: number,
  { leaveOut = true } = {},
): Fitted {
  const fitted: Fitted = { columns: [], empty: [], same: [], without: [] };
  let left = table.columns.map((column, index) =>
    measure(table, column, index)
  );
  const takeOut = (taken: Measured[]) => {
    left = left.filter((column) => !taken.includes(column));
    return taken.map(({ column }) => visible(column.name));
  };
  const isWide = (sizeOf: (column: Measured) => number) =>
    left.length > 1 && total(left.map(sizeOf)) > width;

  if (isWide(inOneLine)) {
    const empty = left.filter(({ column }) => column.isEmpty);
    if (empty.length < left.length) fitted.empty = takeOut(empty);
  }
  if (isWide(needed)) {
    const same = left.filter(({ column }) => column.same !== undefined);
    if (same.length < left.length) {
      const texts = same.map(({ column }) => visible(column.same!));
      fitted.same = takeOut(same).map((name, i) => [name, texts[i]!]);
    }
  }
  while (isWide(comfortable)) {
    const rank = Math.max(...left.map(({ column }) => column.rank ?? 0));
    if (rank === 0) break;
    const lowest = left.findLast(({ column }) => column.rank === rank)!;
    fitted.without.unshift(...takeOut([lowest]));
  }
  while (leaveOut && isWide(least)) {
    fitted.without.unshift(...takeOut([left.at(-1)!]));
  }
  const inOrder = new Map(
    table.columns.map(({ name }, i) => [visible(name), i]),
  );
  fitted.without.sort((a, b) => inOrder.get(a)! - inOrder.get(b)!);
  fitted.columns = share(left, width);
  return fitted;
}

interface Measured {
  column: TextColumn;
  index: number;
  /** The widest cell. */
  cells: number;
  /** The heading in one line. */
  heading: number;
  /** The widest piece of the heading. */
  piece: number;
  /** The width below which the cells are not cut, where text is cut to one. */
  least: (width: number) => number;
}

/** No cell is wider. */
const widestCell = 100;
/** What text is not cut below for a column that might be left out. */
const comfortableText = 20;
/** What text is not cut below. */
const leastText = 12;
/** What text is not cut below for the sake of a heading in one line. */
const ampleText = 40;

function measure(
  { rows }: TextTable,
  column: TextColumn,
  index: number,
): Measured {
  const heading = headingOf(column);
  const texts = rows.flatMap((row) =>
    row === ellipsisRow ? [] : row[index] ?? ""
  );
  const widest = texts.reduce(
    (most, text) => Math.max(most, cellWidth(text)),
    1,
  );
  const cells = column.align === "right"
    ? widest
    : Math.min(widest, widestCell);
  return {
    ...{ column, index, cells },
    heading: widthOf(heading),
    piece: Math.max(...piecesOf(heading).map((piece) => widthOf(piece.trim()))),
    least: leastOf(column, texts, cells),
  };
}

// However long a text is, what is beyond the widest cell is not looked at.
const cellWidth = (text: string) =>
  widthOf(visible(text.slice(0, 2 * widestCell)));

function leastOf(
  { align, isWhole }: TextColumn,
  texts: readonly string[],
  cells: number,
): (width: number) => number {
  const said = texts.filter((text) => text !== "null" && text !== "");
  const areAll = (pattern: RegExp) =>
    said.length > 0 && said.every((text) => pattern.test(text));
  if (align === "right" || areAll(times)) return () => cells;
  if (areAll(ids)) {
    return (width) => width < cells ? Math.min(cells, leastText) : cells;
  }
  // Lines of a log are what is asked for, where they are.
  const share = isWhole ? 3 : 1;
  return (width) => Math.min(cells, width > leastText ? share * width : width);
}

/** A date and a time of day. */
const times = /^\d{4}-\d\d-\d\d[ T][\d:.,+Z -]{5,}$/;
/** A UUID or a hash: its first characters tell it from others. */
const ids = /^[\da-f-]{16,}$/i;

const gap = 2;
const total = (widths: readonly number[]) =>
  widths.reduce((sum, width) => sum + width, gap * (widths.length - 1));

const inOneLine = ({ cells, heading }: Measured) => Math.max(cells, heading);
const needed = ({ cells, piece }: Measured) => Math.max(cells, piece);
const cutTo = (width: number) => ({ piece, least }: Measured) =>
  Math.max(piece, least(width));
const comfortable = cutTo(comfortableText);
const least = cutTo(leastText);

/** Shares out the width: to cells evenly, then to headings from the left. */
function share(columns: readonly Measured[], width: number): FittedColumn[] {
  const fits = (most: number, sizeOf: (column: Measured) => number) =>
    total(
      columns.map((column) => Math.max(cutTo(most)(column), sizeOf(column))),
    ) <=
      width;
  const whole = fits(ampleText, ({ heading }) => heading);
  const sizeOf = ({ heading, piece }: Measured) => whole ? heading : piece;
  let most = widestCell;
  while (most > leastText && !fits(most, sizeOf)) most--;
  const widths = columns.map((column) =>
    Math.max(cutTo(most)(column), sizeOf(column))
  );
  let room = width - total(widths);
  return columns.map(({ column, index, heading }, i) => {
    const more = Math.max(0, heading - widths[i]!);
    const isRoom = more <= room;
    if (isRoom) room -= more;
    return { column, index, width: widths[i]! + (isRoom ? more : 0) };
  });
}
