import { showAs } from "./jupyter.ts";
import { ellipsisRow, tableHtml, tableText, type TextTable } from "./table.ts";

/**
 * Lets an array of rows show itself as a table when it is the result of a
 * notebook cell: the first rows and the last ones, numbers to the right, and
 * how many there are. The array itself stays as it is.
 */
export function showRows<T>(
  rows: T[],
  columns: readonly string[] = Object.keys((rows[0] ?? {}) as object),
): T[] {
  return showAs(rows, () => {
    const table = rowsTable(rows, columns);
    return { "text/html": tableHtml(table), "text/plain": tableText(table) };
  });
}

const firstRows = 15;
const lastRows = 5;
const mostColumns = 30;
const mostCharacters = 100;

/**
 * The table that stands for the rows: what is long is cut, and said so. With
 * `all` there are all rows and columns in it.
 */
export function rowsTable<T>(
  rows: readonly T[],
  columns: readonly string[],
  { all = false } = {},
): TextTable {
  const shown = all ? columns : columns.slice(0, mostColumns);
  const cut = !all && rows.length > firstRows + lastRows + 1;
  const sample = cut
    ? [...rows.slice(0, firstRows), ...rows.slice(-lastRows)]
    : rows;
  const cells = shown.map((name) =>
    formatColumn(
      sample.map((row) => (row as Record<string, unknown> | null)?.[name]),
    )
  );
  const body: (readonly string[])[] = sample.map((_, row) =>
    cells.map((column) => column.texts[row]!)
  );
  if (cut) body.splice(firstRows, 0, ellipsisRow);
  const parts = [`${count(rows.length)} row${rows.length === 1 ? "" : "s"}`];
  if (columns.length > shown.length) {
    parts.push(`${columns.length - shown.length} more columns not shown`);
  }
  return {
    columns: shown.map((name, i) => ({ name, align: cells[i]!.align })),
    rows: body,
    caption: parts.join(", "),
  };
}

/** A count for reading: 1234567 is "1,234,567". */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

function formatColumn(
  values: readonly unknown[],
): { texts: string[]; align: "left" | "right" } {
  const numbers = values.filter((value) => typeof value === "number");
  const decimals = numbers.reduce(
    (most, value) => Math.max(most, decimalsOf(value)),
    0,
  );
  // A column keeps one number of decimals, so that the points line up. Values
  // too small for six decimals keep their own precision.
  const smallest = numbers.reduce(
    (least, value) => value === 0 ? least : Math.min(least, Math.abs(value)),
    Infinity,
  );
  const fixed = decimals <= 6 || smallest >= 1e-3;
  const formatNumber = (value: number) =>
    fixed && Math.abs(value) < 1e15
      ? value.toFixed(Math.min(decimals, 6))
      : String(Number(value.toPrecision(6)));
  const isNumeric = (value: unknown) =>
    typeof value === "number" || typeof value === "bigint";
  const known = values.filter((value) => value != null);
  return {
    texts: values.map((value) =>
      typeof value === "number" ? formatNumber(value) : formatCell(value)
    ),
    align: known.length > 0 && known.every(isNumeric) ? "right" : "left",
  };
}

function decimalsOf(value: number): number {
  if (!Number.isFinite(value)) return 0;
  const [mantissa = "", exponent = "0"] = String(value).split("e");
  const point = mantissa.indexOf(".");
  const own = point < 0 ? 0 : mantissa.length - point - 1;
  return Math.max(0, own - Number(exponent));
}

function formatCell(value: unknown): string {
  if (value == null) return "null";
  if (value instanceof Uint8Array) return `<${count(value.length)} bytes>`;
  if (value instanceof Date) {
    return Number.isNaN(+value) ? "invalid date" : value.toISOString();
  }
  const text = typeof value === "object"
    ? JSON.stringify(value) ?? String(value)
    : String(value);
  return text.length > mostCharacters
    ? text.slice(0, mostCharacters - 1) + "…"
    : text;
}
