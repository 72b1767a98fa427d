/**
 * What the numbers of a column are, where that is known: then they are shown
 * with their unit. Seconds, Unix seconds, a share of 1 as a percentage, bytes as
 * kB, MB or GB, a count by thousands, a ratio; a mark is a dot for 1, and
 * nothing for 0.
 */
export type ColumnKind =
  | "seconds"
  | "unix"
  | "share"
  | "bytes"
  | "count"
  | "ratio"
  | "mark";

/** The unit that belongs into the heading. */
export const unitOf: Readonly<Partial<Record<ColumnKind, string>>> = {
  seconds: "s",
  unix: "Unix s",
  share: "%",
};

/** How each value of a column is written: all of them, for they line up. */
export function formatColumn(
  values: readonly unknown[],
  kind?: ColumnKind,
): { texts: string[]; align: "left" | "right" } {
  const numbers = values.filter((value) => typeof value === "number");
  const format = kind ? formats[kind](numbers) : asItIs(numbers);
  const known = values.filter((value) => value != null);
  return {
    texts: values.map((value) =>
      typeof value === "number" ? format(value) : formatCell(value)
    ),
    align: known.length > 0 && known.every(isNumeric) ? "right" : "left",
  };
}

/** A count for reading: "1,234,567". */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** A count with its noun: "1 span", "1,234 spans". */
export function counted(
  number: number,
  one: string,
  many: string = `${one}s`,
): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

const isNumeric = (value: unknown) =>
  typeof value === "number" || typeof value === "bigint";

type Format = (value: number) => string;

const formats: Record<ColumnKind, (values: readonly number[]) => Format> = {
  // As far as the microseconds of a log, but in all seven digits.
  seconds: (values) => fixed(values, 7),
  unix: (values) => fixed(values, 16),
  share: (values) => {
    const percent = fixed(values.map((share) => 100 * share), 4, 2);
    return (value) => percent(100 * value);
  },
  bytes: () => bytes,
  count: () => (value) => value.toLocaleString("en-US", oneDecimal),
  ratio: (values) => fixed(values, 5, 2),
  mark: () => (value) => value === 0 ? "" : "●",
};

const oneDecimal = { maximumFractionDigits: 1 };

/** 1234567 is "1.23 MB": three digits, and a kB is a thousand bytes. */
export function bytes(value: number): string {
  const size = Math.abs(value);
  // What is rounded up to a thousand of one is one of the next.
  const [least, unit] = sizes.findLast(([least]) => size >= 0.9995 * least) ??
    sizes[0]!;
  if (least === 1) return `${Math.round(value)} B`;
  const decimals = size >= 99.95 * least ? 0 : size >= 9.995 * least ? 1 : 2;
  return `${(value / least).toFixed(decimals)} ${unit}`;
}

const sizes: readonly [number, string][] = [
  [1, "B"],
  [1e3, "kB"],
  [1e6, "MB"],
  [1e9, "GB"],
  [1e12, "TB"],
];

/** As many decimals for each as the values need, within so many digits. */
function fixed(
  values: readonly number[],
  digits: number,
  most = 6,
): Format {
  const largest = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  const whole = largest >= 1 ? Math.floor(Math.log10(largest)) + 1 : 0;
  const room = Math.min(most, Math.max(0, digits - whole));
  const decimals = Math.min(room, decimalsOf(values));
  return (value) => plain(value, decimals);
}

/**
 * Numbers of which nothing is known: one number of decimals for all, so that
 * the points line up. Values too small for it keep their own precision.
 */
function asItIs(values: readonly number[]): Format {
  const decimals = decimalsOf(values);
  const isSmall = (value: number) =>
    decimals > 6 && value !== 0 && Math.abs(value) < 1e-3;
  return (value) =>
    isSmall(value)
      ? String(Number(value.toPrecision(6)))
      : plain(value, Math.min(decimals, 6));
}

/** toFixed writes what is very large with an exponent, or digits it has not. */
const plain = (value: number, decimals: number): string =>
  Math.abs(value) < 1e15 ? value.toFixed(decimals) : String(value);

const decimalsOf = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, ownDecimals(value)), 0);

function ownDecimals(value: number): number {
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
  return typeof value === "object" ? nested(value) : String(value);
}

/** So much of a nested value is written. */
const mostCharacters = 2000;

/** A value as JSON; of a large one the beginning, and the rest is not read. */
function nested(value: unknown): string {
  let left = mostCharacters;
  const above: unknown[] = [];
  const write = (value: unknown): string => {
    if (left <= 0) return "…";
    if (typeof value !== "object" || value === null) {
      const text = scalar(value);
      left -= text.length + 1;
      return text;
    }
    if (value instanceof Date || value instanceof Uint8Array) {
      return write(formatCell(value));
    }
    if (above.includes(value)) return "…";
    above.push(value);
    const isArray = Array.isArray(value);
    const parts: string[] = [];
    // The keys of a large array are not made.
    const names = isArray ? value.keys() : Object.keys(value);
    for (const name of names) {
      if (left <= 0) {
        parts.push("…");
        break;
      }
      left -= String(name).length;
      const member = write((value as Record<PropertyKey, unknown>)[name]);
      parts.push(isArray ? member : `${JSON.stringify(name)}:${member}`);
    }
    above.pop();
    return isArray ? `[${parts}]` : `{${parts}}`;
  };
  return write(value);
}

function scalar(value: unknown): string {
  if (typeof value !== "string") return String(value);
  return JSON.stringify(value.slice(0, mostCharacters));
}
