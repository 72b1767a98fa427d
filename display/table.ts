import { escapeMarkup } from "./escape.ts";

/** A table ready to be shown: every cell is text already. */
export interface TextTable {
  columns: readonly TextColumn[];
  /** One array of cells a row, as long as `columns`. */
  rows: readonly (readonly string[])[];
  /** What stands below: how many rows there are, what was left out. */
  caption?: string;
}

/** A column's heading, and the side that its cells keep to. */
export interface TextColumn {
  name: string;
  align: "left" | "right";
}

/** A row that stands for the rows left out between its neighbours. */
export const ellipsisRow: readonly string[] = Object.freeze(["⋮"]);

/**
 * The table as HTML. All of its text is escaped. The style is inline because
 * a notebook that is not trusted strips style sheets.
 */
export function tableHtml({ columns, rows, caption }: TextTable): string {
  const cell = (tag: string, text: string, align: string) =>
    `<${tag} style="text-align:${align}">${escapeMarkup(text)}</${tag}>`;
  const head = columns.map(({ name, align }) => cell("th", name, align));
  const body = rows.map((row) => {
    const cells = columns.map(({ align }, i) =>
      row === ellipsisRow
        ? cell("td", "⋮", align)
        : cell("td", row[i] ?? "", align)
    );
    return `<tr>${cells.join("")}</tr>`;
  });
  return `<table><thead><tr>${head.join("")}</tr></thead>` +
    `<tbody>${body.join("\n")}</tbody></table>` +
    (caption ? `<p><small>${escapeMarkup(caption)}</small></p>` : "");
}

/** The table as text for a terminal, its columns lined up by spaces. */
export function tableText({ columns, rows, caption }: TextTable): string {
  const cellOf = (row: readonly string[], i: number) =>
    row === ellipsisRow ? "⋮" : printable(row[i] ?? "");
  const widths = columns.map(({ name }, i) =>
    rows.reduce(
      (width, row) => Math.max(width, characters(cellOf(row, i))),
      characters(printable(name)),
    )
  );
  const line = (cells: string[]) =>
    cells.map((text, i) => {
      const padding = " ".repeat(widths[i]! - characters(text));
      return columns[i]!.align === "right" ? padding + text : text + padding;
    }).join("  ").trimEnd();
  return [
    line(columns.map(({ name }) => printable(name))),
    line(widths.map((width) => "─".repeat(width))),
    ...rows.map((row) => line(columns.map((_, i) => cellOf(row, i)))),
    ...(caption ? [caption] : []),
  ].join("\n");
}

const characters = (text: string) => [...text].length;

// What a log says must not move the cursor or change the colours of somebody's
// terminal.
const printable = (text: string) =>
  // deno-lint-ignore no-control-regex
  text.replace(/[\0-\x1f\x7f-\x9f]/g, "\ufffd");
