/**
 * The time that a value of a row stands for, in seconds, or NaN where it
 * stands for none. Numbers are seconds already, unless they are so large that
 * no sum of them is a number. A Date becomes Unix seconds. Text may be a number,
 * or a date and time as SQLite writes it; without a zone it is read as UTC, as
 * SQLite's own functions do.
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
    // Date keeps milliseconds only; the fraction is added as it was written.
    return Date.parse(`${date}T${time}${zone}`) / 1000 + Number(fraction);
  }
  return text.trim() === "" ? NaN : possible(Number(text));
}

// Clocks tell neither. A sum of such times is no number, and the difference of
// such parts of a second has more digits than can be written.
const farthest = 1e100;
const least = 1e-60;

function possible(value: number): number {
  const size = Math.abs(value);
  return size < least ? 0 : size <= farthest ? value : NaN;
}
