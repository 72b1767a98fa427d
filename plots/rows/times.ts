/**
 * The time that a value of a row stands for, in seconds, or NaN where it
 * stands for none. Numbers are seconds already. A Date becomes Unix seconds.
 * Text may be a number, or a date and time as SQLite writes it; without a zone
 * it is read as UTC, as SQLite's own functions do.
 */
export function seconds(value: unknown): number {
  if (typeof value === "number") return Number.isFinite(value) ? value : NaN;
  if (value == null) return NaN;
  if (typeof value === "bigint") return Number(value);
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
  return text.trim() === "" ? NaN : finite(Number(text));
}

const finite = (value: number) => Number.isFinite(value) ? value : NaN;
