/**
 * The time in a value of a row, in seconds; NaN if it has none. Numbers are
 * seconds, unless they are so large that sums overflow. A Date becomes Unix
 * seconds. Text may be a number, or a date and time as SQLite writes it, in UTC
 * if there is no zone, as in SQLite's own functions.
 */
export function seconds(value: unknown): number {
  if (typeof value === "number") return possible(value);
  if (value == null) return NaN;
  if (typeof value === "bigint") return possible(Number(value));
  if (value instanceof Date) return +value / 1000;
  if (typeof value === "string") return secondsOfText(value);
  return NaN;
}

const dateTime =
  /^\s*(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?\s*$/i;

function secondsOfText(text: string): number {
  const parts = dateTime.exec(text);
  if (parts) {
    const [, date, time = "00:00", fraction = "", zone = "Z"] = parts;
    // Date has only milliseconds; the fraction is added in full.
    return Date.parse(`${date}T${time}${zone}`) / 1000 + Number(fraction);
  }
  return text.trim() === "" ? NaN : possible(Number(text));
}

// No clock shows these: sums of larger times overflow, and differences of smaller
// ones have more digits than can be written.
const maxSeconds = 1e100;
const minSeconds = 1e-60;

function possible(value: number): number {
  const size = Math.abs(value);
  return size < minSeconds ? 0 : size <= maxSeconds ? value : NaN;
}
