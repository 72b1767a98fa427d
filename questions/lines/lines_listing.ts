import { basename } from "node:path";
import { count } from "../../display/text/format.ts";
import type {
  Listing,
  ListingEntry,
  ListingSection,
} from "../../display/text/listing.ts";

/** A line of a source: a row of `lines`. */
export interface SourceLine {
  /** The event that it belongs to; null for a line asked for by its place. */
  event_id: number | null;
  /** Path of the source at the time of the import. */
  path: string | null;
  /** The line there, from 1; the rowid in a database. */
  line: number | null;
  /** 1 for the line that was asked for, 0 for its context. */
  is_event: number;
  /** The line without its end; the beginning of a very long one. */
  text: string | null;
  /**
   * The lines that continue the event's, folded: "ValueError: disk full (4 more
   * lines)". Null in context, and if there are none.
   */
  more: string | null;
  /** The table, if the source is a database. */
  table: string | null;
  /** Reason for a missing text; null if there is one. */
  problem: string | null;
}

/** Lines as text, under the path of their file; context gives way to them. */
export function linesListing(
  rows: readonly Partial<SourceLine>[],
  max: number,
): Listing | undefined {
  if (!rows.every(isLine)) return undefined;
  const asked = rows.reduce((sum, { is_event }) => sum + is_event, 0);
  const contextRoom = Math.max(0, max - asked);
  const isShort = rows.length <= max;
  // Lines that were asked for are all there; the nearest context fits.
  const perLine = isShort ? Infinity : Math.floor(contextRoom / (2 * asked));
  const shown = isShort ? rows : nearest(rows, perLine);
  const sections: (ListingSection & { entries: ListingEntry[] })[] = [];
  let before: SourceLine | undefined;
  for (const row of shown) {
    const { path, line } = row;
    if (before === undefined || before.path !== path) {
      sections.push({
        heading: path ?? "no file",
        lines: [],
        isRaw: true,
        entries: [],
      });
    } else if (line !== before.line! + 1) {
      sections.at(-1)!.entries.push({ cells: ["", "⋮"], text: "" });
    }
    sections.at(-1)!.entries.push(lineEntry(row));
    before = row;
  }
  const leftOut = rows.length - shown.length;
  return {
    sections,
    caption: leftOut > 0
      ? `${count(leftOut)} more lines of context are not shown`
      : rows.length === 0
      ? "No lines."
      : undefined,
  };
}

const isLine = (row: Partial<SourceLine>): row is SourceLine =>
  row?.path !== undefined && row.line !== undefined &&
  row.text !== undefined && row.is_event !== undefined;

/** The rows at most so far from one that was asked for. */
function nearest(rows: readonly SourceLine[], distance: number): SourceLine[] {
  const kept = new Set(
    rows.flatMap(({ is_event }, at) =>
      is_event
        ? Array.from({ length: 2 * distance + 1 }, (_, i) => at + i - distance)
        : []
    ),
  );
  return rows.filter((_, i) => kept.has(i));
}

function lineEntry(row: SourceLine): ListingEntry {
  const { line, is_event, text, table, problem, path } = row;
  return {
    cells: [is_event ? "▸" : "", line === null ? "" : String(line)],
    text: text ?? problem ??
      `row ${line} of the table ${table} in ${basename(path ?? "")}`,
    isMarked: is_event === 1,
  };
}
