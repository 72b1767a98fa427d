import {
  ellipsisRow,
  fit,
  type Fitted,
  type FittedColumn,
  headingLines,
  headingOf,
  headingParts,
  type TextColumn,
  type TextTable,
} from "./fit.ts";
import { shorten } from "./shorten.ts";
import { escapeMarkup, visible } from "./untrusted.ts";
import { widthOf, wrap } from "./width.ts";

export { ellipsisRow, type TextColumn, type TextTable };

interface FitOptions {
  /** Maximum width in characters. By default 120 as text, 112 as HTML. */
  width?: number;
}

/**
 * The table as HTML, all text escaped. A cell with fitText text has the whole text
 * as its title. Styles are inline because an untrusted notebook strips style
 * sheets.
 */
export function tableHtml(
  table: TextTable,
  { width = 112 }: FitOptions = {},
): string {
  // A browser can scroll: no column is dropped for its width alone.
  const fitted = fit(table, width, { dropLast: false });
  const head = fitted.columns.map(({ column }) =>
    `<th style="${styleOf(column)}">${headingHtml(column)}</th>`
  );
  const body = table.rows.map((row) =>
    `<tr>${fitted.columns.map((column) => cellHtml(row, column)).join("")}</tr>`
  );
  const below = notesOf(table, fitted).map(visible).map(escapeMarkup).join(
    "<br>",
  );
  return `<table style="font-variant-numeric:tabular-nums"><thead><tr>` +
    `${head.join("")}</tr></thead><tbody>${body.join("\n")}</tbody></table>` +
    (below ? `<p><small>${below}</small></p>` : "");
}

const styleOf = ({ align }: TextColumn) => `text-align:${align}`;

/** Cells up to this width never wrap. */
const shortText = 40;

const headingHtml = (column: TextColumn) =>
  headingParts(headingOf(column)).map(escapeMarkup).join("<wbr>");

/** A log may hold texts of any length. */
const maxCharacters = 2000;

function cellHtml(
  row: readonly string[],
  { column, index, width }: FittedColumn,
): string {
  const style = styleOf(column);
  if (row === ellipsisRow) return `<td style="${style}">⋮</td>`;
  const text = row[index] ?? "";
  const all = text.length > maxCharacters
    ? `${text.slice(0, maxCharacters)}…`
    : text;
  const shown = column.isWhole ? visible(all) : fitText(text, column, width);
  const title = shown === visible(text) ? "" : ` title="${cellTitle(all)}"`;
  const wrap = column.isWhole
    ? ";overflow-wrap:anywhere"
    : column.align === "right" || width <= shortText
    ? ";white-space:nowrap"
    : "";
  return `<td style="${style}${wrap}"${title}>${escapeMarkup(shown)}</td>`;
}

// A title keeps line breaks.
const cellTitle = (text: string) =>
  escapeMarkup(text.split(/\r?\n/).map(visible).join("\n"));

/** The table as text for a terminal. Columns that do not fit are named below. */
export function tableText(
  table: TextTable,
  { width = 120 }: FitOptions = {},
): string {
  const fitted = fit(table, width);
  const line = (cells: readonly string[]) =>
    fitted.columns.map(({ column, width }, i) => {
      const padding = " ".repeat(Math.max(0, width - widthOf(cells[i]!)));
      return column.align === "right"
        ? padding + cells[i]!
        : cells[i]! + padding;
    }).join("  ").trimEnd();
  const headings = fitted.columns.map(({ column, width }) =>
    headingLines(headingOf(column), width)
  );
  const height = Math.max(0, ...headings.map(({ length }) => length));
  return [
    ...Array.from(
      { length: height },
      (_, i) =>
        line(headings.map((lines) => lines[i - height + lines.length] ?? "")),
    ),
    line(fitted.columns.map(({ width }) => "─".repeat(width))),
    ...table.rows.flatMap((row) => {
      const cells = fitted.columns.map(({ column, index, width }) =>
        row === ellipsisRow ? ["⋮"] : cellLines(row[index] ?? "", column, width)
      );
      const height = Math.max(1, ...cells.map(({ length }) => length));
      return Array.from(
        { length: height },
        (_, i) => line(cells.map((lines) => lines[i] ?? "")),
      );
    }),
    ...notesOf(table, fitted).map(visible),
  ].join("\n");
}

/** Limit for text that wraps. */
const maxLines = 10;

function cellLines(
  text: string,
  column: TextColumn,
  width: number,
): string[] {
  if (!column.isWhole) return [fitText(text, column, width)];
  const lines = wrap(visible(text.slice(0, maxCharacters)), width);
  if (lines.length <= maxLines) return lines;
  const rest = lines.slice(maxLines - 1).join(" ");
  return [...lines.slice(0, maxLines - 1), shorten(rest, width)];
}

const fitText = (text: string, { align }: TextColumn, width: number) =>
  align === "right" ? visible(text) : shorten(text, width);

/** The lines below a table. */
function notesOf(
  { caption, more }: TextTable,
  { empty, same, dropped }: Fitted,
): string[] {
  const constants = same.map(([name, text]) => `${name} ${shorten(text, 100)}`);
  return [
    ...caption ? [caption] : [],
    ...constants.length ? [`in every row: ${constants.join(", ")}`] : [],
    ...empty.length ? [`no values: ${listOf(empty)}`] : [],
    ...dropped.length ? [`not shown: ${listOf(dropped)}`] : [],
    ...more ? showRowsHint(more.rows, dropped) : [],
  ];
}

/** As many names as fit on a line. */
function listOf(names: readonly string[]): string {
  const shown: string[] = [];
  for (let room = 90; shown.length < names.length;) {
    const name = shorten(names[shown.length]!, 40);
    room -= widthOf(name) + 2;
    if (room < 0) break;
    shown.push(name);
  }
  const more = names.length - shown.length;
  return shown.join(", ") + (more ? ` and ${more} more` : "");
}

function showRowsHint(rows: boolean, [column]: readonly string[]): string[] {
  const options = [
    ...rows ? ["limit: 100"] : [],
    ...column === undefined ? [] : [`columns: [${JSON.stringify(column)}, …]`],
  ];
  if (options.length === 0) return [];
  return [`for more: showRows(rows, { ${options.join(", ")} }) of dnpc/sql`];
}
