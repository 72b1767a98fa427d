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
 * The table as HTML, all text escaped. It takes the width of its place and
 * scrolls within it. Styles are inline because an untrusted notebook strips
 * style sheets.
 */
export function tableHtml(
  table: TextTable,
  { width = 112 }: FitOptions = {},
): string {
  const fitted = fit(table, width, { canScroll: true });
  const head = fitted.columns.map((column) => {
    // A browser would also break a date.
    const parts = headingOf(column).split(headingBreaks).map((part) =>
      `<span style="white-space:nowrap">${escapeMarkup(part)}</span>`
    );
    return `<th style="${styleOf(column)}">${parts.join("<wbr>")}</th>`;
  });
  const body = table.rows.map((row, i) =>
    `<tr>${
      fitted.columns.map((column) => cellHtml(row, column, i)).join("")
    }</tr>`
  );
  const isCut = table.rows.some((row) =>
    row.some((text) => text.length > maxCharacters)
  );
  const below = [...captionOf(table), ...notesOf(table, fitted, isCut)]
    .map(escapeMarkup).join("<br>");
  const above = table.heading
    ? `<p>${linesOf(table.heading).map(escapeMarkup).join("<br>")}</p>`
    : "";
  return `${above}<div style="overflow-x:auto">` +
    '<table style="font-variant-numeric:tabular-nums;margin:0"><thead><tr>' +
    `${head.join("")}</tr></thead><tbody>${body.join("\n")}</tbody></table>` +
    "</div>" + (below ? `<p><small>${below}</small></p>` : "");
}

/** The lines of a text, wrapped to a width. */
export const linesOf = (text: string, width = Infinity): string[] =>
  text.split("\n").flatMap((line) => wrap(visible(line), width));

const styleOf = ({ align }: TextColumn) =>
  `text-align:${align};vertical-align:top`;

const lineBreak = /\r?\n/;

/** Cells up to this width never wrap. */
const shortText = 40;

/** A log may hold texts of any length. */
const maxCharacters = 10_000;

function cellHtml(
  row: readonly string[],
  column: FittedColumn,
  line: number,
): string {
  const { align, index, titles } = column;
  const text = row[index] ?? "";
  const all = text.length > maxCharacters
    ? `${text.slice(0, maxCharacters)}…`
    : text;
  const isLong = align === "left" && all.length > shortText;
  // A path or an identifier breaks after a separator.
  const shown = (isLong ? all.split(lineBreak) : [all]).map((line) =>
    visible(line).split(breaks).map(escapeMarkup).join(isLong ? "<wbr>" : "")
  ).join("<br>");
  const title = titles?.[line];
  const start = `<td style="${styleOf(column)}` +
    (align === "right" || widthOf(visible(all.slice(0, 100))) <= shortText
      ? ";white-space:nowrap"
      : "") +
    `"${title ? ` title="${escapeMarkup(title)}"` : ""}>`;
  return isLong
    ? `${start}<div style="min-width:24ch;max-width:72ch;` +
      `overflow-wrap:anywhere;white-space:pre-wrap">${shown}</div></td>`
    : `${start}${shown}</td>`;
}

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
  let isCut = false;
  const body = table.rows.flatMap((row) =>
    block(columns.map((column) => {
      const cell = cellLines(row[column.index] ?? "", column);
      isCut ||= cell.isCut;
      return cell.lines;
    }))
  );
  return [
    ...table.heading ? [...linesOf(table.heading, width), ""] : [],
    ...block(
      columns.map((column) =>
        wrap(headingOf(column), column.width, headingBreaks)
      ),
      true,
    ),
    line(columns.map(({ width }) => "─".repeat(width))),
    ...body,
    ...captionOf(table),
    ...notesOf(table, fitted, isCut).flatMap((note) => wrap(note, width)),
  ].join("\n");
}

/** Limit for text that wraps. */
const maxLines = 40;

/** Limit for JSON, which is shortened sensibly. */
const maxJsonLines = 3;

function cellLines(
  text: string,
  { align, width }: FittedColumn,
): { lines: string[]; isCut: boolean } {
  if (align === "right") return { lines: [visible(text)], isCut: false };
  const shown = text.slice(0, maxCharacters);
  // A short name stays on one line whatever it contains.
  const isLong = shown.length > shortText;
  const lines = (isLong ? shown.trimEnd().split(lineBreak) : [shown])
    .flatMap((line) => wrapText(visible(line), width));
  const isJson = /^\s*[[{]/.test(text);
  if (lines.length <= (isJson ? maxJsonLines : maxLines)) {
    return { lines, isCut: text.length > maxCharacters };
  }
  const kept = isJson
    ? wrapText(shorten(text, maxJsonLines * width), width)
    : [...lines.slice(0, maxLines), "…"];
  return { lines: kept, isCut: true };
}

/** Breaks text at spaces, and identifiers and paths after a separator. */
const wrapText = (text: string, width: number): string[] =>
  wrap(text, width).length === 1 ? [text] : wrap(text, width, breaks);

/** Where text may break: after spaces and separators. */
const breaks = /(?<=\s|,|[\w)\]][/._:=-](?=\w))/;

/** Never wrapped: it may contain a path to copy. */
const captionOf = ({ caption }: TextTable): string[] =>
  caption ? [visible(caption)] : [];

/** Omissions, below a table. */
function notesOf(
  { more }: TextTable,
  { empty, same, dropped }: Fitted,
  isCut: boolean,
): string[] {
  const constants = same.map(({ name, same }) =>
    `${name} ${shorten(same!, 100)}`
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
