/** A row of a table of measurements. Undefined cells are left blank. */
export type Row = Readonly<Record<string, string | number | undefined>>;

/**
 * Formats rows as a table in Markdown, with columns in order of first
 * appearance. Spaces around a name tell columns with the same header apart.
 * Numbers have three significant digits, and at most three decimals below 0.01.
 *
 * @param title the header of the column named ""
 */
export function table(title: string, rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const isNumber = names.map((name) =>
    rows.some((row) => typeof row[name] === "number")
  );
  const header = names.map((name) => name.trim() || title);
  const cells = [header, ...rows.map((row) => names.map((n) => cell(row[n])))];
  const widths = names.map((_, i) =>
    Math.max(3, ...cells.map((row) => row[i]!.length))
  );
  const lines = cells.map((row) =>
    row.map((text, i) =>
      isNumber[i] ? text.padStart(widths[i]!) : text.padEnd(widths[i]!)
    )
  );
  const rule = widths.map((width, i) =>
    isNumber[i] ? `${"-".repeat(width - 1)}:` : "-".repeat(width)
  );
  return lines.toSpliced(1, 0, rule)
    .map((line) => `| ${line.join(" | ")} |\n`).join("");
}

function cell(value: Row[string]): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  if (!Number.isFinite(value)) return "-";
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
  return Math.abs(value) < 0.01 ? value.toFixed(3) : value.toPrecision(3);
}

/** Bytes in megabytes (1e6). */
export const megabytes = (bytes: number): number => bytes / 1e6;
