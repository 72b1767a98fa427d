import { escapeMarkup } from "./escape.ts";
import { fit, type Fitted, type FittedColumn } from "./fit.ts";
import { headingOf, linesOf, piecesOf } from "./heading.ts";
import { shorten } from "./shorten.ts";
import { ellipsisRow, type TextColumn, type TextTable } from "./text_table.ts";
import { visible, widthOf, wrap } from "./visible.ts";

export { ellipsisRow, type TextColumn, type TextTable };

/** How wide text is, in characters. */
const terminalWidth = 120;
/** In a browser: some 850 pixels in JupyterLab, where letters are wide. */
const pageWidth = 112;

/** How a table is made to fit. */
export interface FitOptions {
  /** How wide it may be, in characters. By default 120, and 112 as HTML. */
  width?: number;
}

/**
 * The table as HTML. All of its text is escaped. Of text that was cut, the
 * whole is the title of its cell. The style is inline because a notebook that
 * is not trusted strips style sheets.
 */
export function tableHtml(
  table: TextTable,
  { width = pageWidth }: FitOptions = {},
): string {
  // A browser can scroll, so that no column is left out for its width alone.
  const fitted = fit(table, width, { leaveOut: false });
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

/** Text that is longer may go on in another line, if a browser wants it. */
const shortText = 40;

const headingHtml = (column: TextColumn) =>
  piecesOf(headingOf(column)).map(escapeMarkup).join("<wbr>");

/** No more of a text is in the page, for a log may hold any. */
const mostCharacters = 2000;

function cellHtml(
  row: readonly string[],
  { column, index, width }: FittedColumn,
): string {
  const style = styleOf(column);
  if (row === ellipsisRow) return `<td style="${style}">⋮</td>`;
  const text = row[index] ?? "";
  const all = text.length > mostCharacters
    ? `${text.slice(0, mostCharacters)}…`
    : text;
  const shown = column.isWhole ? visible(all) : cut(text, column, width);
  const title = shown === visible(text) ? "" : ` title="${titleOf(all)}"`;
  const wrap = column.isWhole
    ? ";overflow-wrap:anywhere"
    : column.align === "right" || width <= shortText
    ? ";white-space:nowrap"
    : "";
  return `<td style="${style}${wrap}"${title}>${escapeMarkup(shown)}</td>`;
}

// Lines stay lines in a title.
const titleOf = (text: string) =>
  escapeMarkup(text.split(/\r?\n/).map(visible).join("\n"));

/**
 * The table as text for a terminal, its columns lined up by spaces. Columns
 * that there is no room for are left out, and named below.
 */
export function tableText(
  table: TextTable,
  { width = terminalWidth }: FitOptions = {},
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
    linesOf(headingOf(column), width)
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

/** Of text that is shown whole no more lines, for it may be endless. */
const mostLines = 10;

function cellLines(
  text: string,
  column: TextColumn,
  width: number,
): string[] {
  if (!column.isWhole) return [cut(text, column, width)];
  const lines = wrap(visible(text.slice(0, mostCharacters)), width);
  if (lines.length <= mostLines) return lines;
  const rest = lines.slice(mostLines - 1).join(" ");
  return [...lines.slice(0, mostLines - 1), shorten(rest, width)];
}

const cut = (text: string, { align }: TextColumn, width: number) =>
  align === "right" ? visible(text) : shorten(text, width);

/** What is said below a table, a line each. */
function notesOf(
  { caption, more }: TextTable,
  { empty, same, without }: Fitted,
): string[] {
  const said = same.map(([name, text]) => `${name} ${shorten(text, 100)}`);
  return [
    ...caption ? [caption] : [],
    ...said.length ? [`in every row: ${said.join(", ")}`] : [],
    ...empty.length ? [`no values: ${listOf(empty)}`] : [],
    ...without.length ? [`not shown: ${listOf(without)}`] : [],
    ...more ? hint(more.rows, without) : [],
  ];
}

/** As many names as there is room for in a line. */
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

function hint(rows: boolean, [column]: readonly string[]): string[] {
  const options = [
    ...rows ? ["limit: 100"] : [],
    ...column === undefined ? [] : [`columns: [${JSON.stringify(column)}, …]`],
  ];
  if (options.length === 0) return [];
  return [`for more: showRows(rows, { ${options.join(", ")} }) of dnpc/sql`];
}
