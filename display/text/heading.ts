import { headOf, tailOf, visible, widthOf } from "./visible.ts";
import type { TextColumn } from "./text_table.ts";

/** A column's name, and behind it the unit of its numbers. */
export function headingOf({ name, unit }: TextColumn): string {
  const line = visible(name);
  // SQLite names a column without a name by all of its expression.
  const short = widthOf(line) > longest
    ? `${headOf(line, longest - 11)}…${tailOf(line, 10)}`
    : line;
  return unit ? `${short} (${visible(unit)})` : short;
}

const longest = 48;

/** Where a heading may go on in another line: no piece is long. */
export function piecesOf(heading: string): string[] {
  return heading.split(/(?<=[_.,\s])(?!$)/u).flatMap((piece) => {
    const pieces: string[] = [];
    for (let rest = piece; rest;) {
      const head = headOf(rest, longestPiece) || rest;
      pieces.push(head);
      rest = rest.slice(head.length);
    }
    return pieces;
  });
}

const longestPiece = 16;

/** The heading in lines that are no wider than that, where pieces allow it. */
export function linesOf(heading: string, width: number): string[] {
  const lines: string[] = [];
  for (const piece of piecesOf(heading)) {
    const longer = (lines.at(-1) ?? "") + piece;
    if (lines.length && widthOf(longer.trimEnd()) <= width) {
      lines[lines.length - 1] = longer;
    } else lines.push(piece);
  }
  return lines.map((line) => line.trimEnd());
}
