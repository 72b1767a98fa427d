import { tableText } from "../display/text/table.ts";

/** A row of a table of measurements. Undefined cells are left blank. */
export type Row = Readonly<Record<string, string | number | undefined>>;

/**
 * Formats rows as a text table, with columns in order of first appearance.
 * Numbers have three significant digits.
 */
export function table(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return tableText({
    columns: names.map((name) => ({
      name,
      align: rows.some((row) => typeof row[name] === "number")
        ? "right"
        : "left",
    })),
    rows: rows.map((row) => names.map((name) => cell(row[name]))),
    caption: "",
  }, { width: Infinity }).trimEnd();
}

function cell(value: Row[string]): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  if (!Number.isFinite(value)) return "-";
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
  return value.toPrecision(3);
}

/** Bytes in megabytes (1e6). */
export const megabytes = (bytes: number): number => bytes / 1e6;

/**
 * Growth of the time with the size: the exponent p in time = c * size^p, fitted
 * to the logarithms by least squares.
 */
export function exponent(
  points: readonly { size: number; seconds: number }[],
): number {
  const x = points.map(({ size }) => Math.log(size));
  const y = points.map(({ seconds }) => Math.log(seconds));
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const covariance = mean(x.map((value, i) => (value - mx) * (y[i]! - my)));
  const variance = mean(x.map((value) => (value - mx) ** 2));
  return covariance / variance;
}
