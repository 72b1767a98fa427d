import {
  ellipsis,
  fit,
  type Fitted,
  type FittedColumn,
  headingBreaks,
  headingOf,
  type TextColumn,
  type TextTable,
} from "./fit.ts";
import { shorten } from "./shorten.ts";
import { escapeMarkup, visible } from "./untrusted.ts";
import { widthOf, wrap } from "./width.ts";

export { ellipsis, type TextColumn, type TextTable };

interface FitOptions {
  /** Maximum width in characters. By default 120 as text, 112 as HTML. */
  width?: number;
}

/**
 * The table as HTML, all text escaped. Text that is cut is whole in the title
 * of its cell. Styles are inline because an untrusted notebook strips style
 * sheets.
 */
export function tableHtml(
  table: TextTable,
  { width = 112 }: FitOptions = {},
): string {
  // A browser can scroll: no column is dropped for its width alone.
  const fitted = fit(table, width, { dropLast: false });
  const head = fitted.columns.map((column) => {
    const parts = headingOf(column).split(headingBreaks).map(escapeMarkup);
    return `<th style="${styleOf(column)}">${parts.join("<wbr>")}</th>`;
  });
  const body = table.rows.map((row) =>
    `<tr>${fitted.columns.map((column) => cellHtml(row, column)).join("")}</tr>`
  );
  const below = [...captionOf(table), ...notesOf(table, fitted)]
    .map(escapeMarkup).join("<br>");
  const above = table.heading
    ? `<p>${linesOf(table.heading).map(escapeMarkup).join("<br>")}</p>`
    : "";
  return `${above}<table style="font-variant-numeric:tabular-nums"><thead><tr>` +
    `${head.join("")}</tr></thead><tbody>${body.join("\n")}</tbody></table>` +
    (below ? `<p><small>${below}</small></p>` : "");
}

/** The lines of a text, wrapped to a width. */
export const linesOf = (text: string, width = Infinity): string[] =>
  text.split("\n").flatMap((line) => wrap(visible(line), width));

const styleOf = ({ align }: TextColumn) => `text-align:${align}`;

/** Cells up to this width never wrap. */
const shortText = 40;

/** A log may hold texts of any length. */
const maxCharacters = 2000;

function cellHtml(row: readonly string[], column: FittedColumn): string {
  const { align, index, isWhole, width } = column;
  const style = styleOf(column);
  const text = row[index] ?? "";
  const all = text.length > maxCharacters
    ? `${text.slice(0, maxCharacters)}…`
    : text;
  const shown = isWhole ? visible(all) : fitText(text, column);
  const title = shown === visible(text) ? "" : ` title="${cellTitle(all)}"`;
  const wrap = isWhole
    ? ";overflow-wrap:anywhere"
    : align === "right" || width <= shortText
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
  const { columns } = fitted;
  const line = (cells: readonly string[]) =>
    columns.map(({ align, width }, i) => {
      const padding = " ".repeat(Math.max(0, width - widthOf(cells[i]!)));
      return align === "right" ? padding + cells[i]! : cells[i]! + padding;
    }).join("  ").trimEnd();
  // The lines of a row whose cells may take several.
  const block = (cells: readonly (readonly string[])[], isHeading = false) => {
    const height = cells.reduce((max, { length }) => Math.max(max, length), 0);
    return Array.from({ length: height }, (_, i) =>
      line(
        cells.map((lines) =>
          lines[isHeading ? i - height + lines.length : i] ?? ""
        ),
      ));
  };
  return [
    ...table.heading ? [...linesOf(table.heading, width), ""] : [],
    ...block(
      columns.map((column) =>
        wrap(headingOf(column), column.width, headingBreaks)
      ),
      true,
    ),
    line(columns.map(({ width }) => "─".repeat(width))),
    ...table.rows.flatMap((row) =>
      block(
        columns.map((column) => cellLines(row[column.index] ?? "", column)),
      )
    ),
    ...captionOf(table),
    ...notesOf(table, fitted).flatMap((note) => wrap(note, width)),
  ].join("\n");
}

/** Limit for text that wraps. */
const maxLines = 10;

function cellLines(text: string, column: FittedColumn): string[] {
  if (!column.isWhole) return [fitText(text, column)];
  const { width } = column;
  const lines = wrap(visible(text.slice(0, maxCharacters)), width);
  if (lines.length <= maxLines) return lines;
  const rest = lines.slice(maxLines - 1).join(" ");
  return [...lines.slice(0, maxLines - 1), shorten(rest, width)];
}

const fitText = (text: string, { align, width }: FittedColumn) =>
  align === "right" ? visible(text) : shorten(text, width);

/** Never wrapped: it may contain a path to copy. */
const captionOf = ({ caption }: TextTable): string[] =>
  caption ? [visible(caption)] : [];

/** Omissions, below a table. */
function notesOf(
  { more }: TextTable,
  { columns, empty, same, dropped }: Fitted,
): string[] {
  const constants = same.map(({ name, same }) =>
    `${name} ${shorten(same!, 100)}`
  );
  const isCut = columns.some(({ align, isWhole, cells, width }) =>
    align === "left" && !isWhole && cells > width
  );
  const hint = more?.(dropped[0]?.name, isCut);
  return [
    ...constants.length ? [`in every row: ${constants.join(", ")}`] : [],
    ...empty.length ? [`no values: ${listOf(empty)}`] : [],
    ...dropped.length ? [`not shown: ${listOf(dropped)}`] : [],
    ...hint ? [`for more: ${hint}`] : [],
  ].map(visible);
}

/** As many names as fit on a line. */
function listOf(columns: readonly TextColumn[]): string {
  const shown: string[] = [];
  for (let room = 90; shown.length < columns.length;) {
    const name = shorten(columns[shown.length]!.name, 40);
    room -= widthOf(name) + 2;
    if (room < 0) break;
    shown.push(name);
  }
  const more = columns.length - shown.length;
  return shown.join(", ") + (more ? ` and ${more} more` : "");
}
