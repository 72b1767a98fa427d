import { count, counted, moment, plural } from "./plain.js";

export { count, counted, moment, plural };

/**
 * Meaning of the numbers in a column, which determines their unit and format:
 * seconds, Unix seconds (as clock times in UTC), a share of 1 (as a percentage),
 * bytes (as kB, MB or GB), a count (1,234), a ratio, or a mark (a dot for 1,
 * nothing for 0).
 */
export type ColumnKind =
  | "seconds"
  | "unix"
  | "share"
  | "bytes"
  | "count"
  | "ratio"
  | "mark";

/** The texts of a column, and what its heading says about them. */
export interface FormattedColumn {
  texts: string[];
  align: "left" | "right";
  /** The unit, in the heading. */
  unit?: string | undefined;
  /** More about each value, for a tooltip. */
  titles?: string[] | undefined;
}

const units: Readonly<Partial<Record<ColumnKind, string>>> = {
  seconds: "s",
  share: "%",
};

/** The texts of a column. It sees all values, so that decimal points align. */
export function formatColumn(
  values: readonly unknown[],
  kind?: ColumnKind,
): FormattedColumn {
  const numbers = values.filter((value) => typeof value === "number");
  const isUnix = kind === "unix" && numbers.length > 0 &&
    numbers.every(isMoment);
  const known = values.filter((value) => value != null);
  const align = known.length > 0 && known.every(isNumeric) ? "right" : "left";
  if (isUnix) return { ...clockTimes(values, numbers), align };
  const format = kind && kind !== "unix"
    ? formats[kind](numbers)
    : generic(numbers);
  return {
    texts: values.map((value) =>
      typeof value === "number" ? format(value) : formatCell(value)
    ),
    align,
    unit: kind && units[kind],
  };
}

/** Unix seconds between 2001 and 2106: others measure something else. */
const isMoment = (seconds: number): boolean =>
  seconds >= 1e9 && seconds < 2 ** 32;

/** Unix seconds as times of day; if they are of several days, with the date. */
function clockTimes(
  values: readonly unknown[],
  numbers: readonly number[],
): Omit<FormattedColumn, "align"> {
  const decimals = decimalsOfMoments(numbers);
  const moments = values.map((value) =>
    typeof value === "number" ? moment(value, decimals) : formatCell(value)
  );
  const days = new Set(
    numbers.map((value) => moment(value, decimals).slice(0, 10)),
  );
  const [day] = days;
  return {
    texts: days.size > 1
      ? moments
      : moments.map((text) => text.replace(`${day} `, "")),
    unit: days.size > 1 ? "UTC" : `UTC, ${day}`,
    titles: values.map((value) =>
      typeof value === "number" ? `Unix time ${value}` : ""
    ),
  };
}

/** Enough decimals to tell the moments apart, and as many as a log has. */
function decimalsOfMoments(values: readonly number[]): number {
  if (values.every(Number.isInteger)) return 0;
  const distinct = new Set(values);
  const rounded = new Set(values.map((value) => moment(value, 3)));
  return distinct.size > rounded.size ? 6 : 3;
}

/** Seconds for reading, with three digits: "21.1 s", "1,230 s", "0.178 ms". */
export const secondsText = (value: number): string =>
  value !== 0 && Math.abs(value) < 0.001
    ? `${count(Number((1000 * value).toPrecision(3)))} ms`
    : `${count(Number(value.toPrecision(3)))} s`;

/** Texts in a sentence: "a, b and c". */
export const enumerated = (texts: readonly string[]): string =>
  texts.length > 1
    ? `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`
    : texts.join();

/** A text as a sentence begins. */
export const capitalized = (text: string): string =>
  text.charAt(0).toUpperCase() + text.slice(1);

/** The message of anything thrown: some packages throw bare strings. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);

const isNumeric = (value: unknown) =>
  typeof value === "number" || typeof value === "bigint";

type NumberFormat = (value: number) => string;

const formats: Record<
  Exclude<ColumnKind, "unix">,
  (values: readonly number[]) => NumberFormat
> = {
  // Down to the microseconds of a log, within seven digits.
  seconds: (values) => fixed(values, 7),
  share: (values) => {
    const percent = fixed(values.map((share) => 100 * share), 4, 2);
    return (value) => percent(100 * value);
  },
  bytes: () => bytes,
  count: () => (value) => oneDecimal.format(value),
  ratio: (values) => fixed(values, 5, 2),
  mark: () => (value) => value === 0 ? "" : "●",
};

const oneDecimal = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });

/** Three digits: 1234567 is "1.23 MB". A kB is 1000 bytes. */
export function bytes(value: number): string {
  // 999.95 kB rounds up to 1.00 MB.
  const power = sizes.findLastIndex((_, i) =>
    Math.abs(value) >= 0.9995 * 1000 ** i
  );
  return power < 1
    ? `${Math.round(value)} B`
    : `${(value / 1000 ** power).toPrecision(3)} ${sizes[power]}`;
}

const sizes = ["B", "kB", "MB", "GB", "TB"];

/** The decimals that the values need, within a number of digits. */
function fixed(
  values: readonly number[],
  digits: number,
  maxDecimals = 6,
): NumberFormat {
  const largest = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  const whole = largest >= 1 ? Math.floor(Math.log10(largest)) + 1 : 0;
  const room = Math.min(maxDecimals, Math.max(0, digits - whole));
  // Differences of floating-point numbers have digits that mean nothing.
  const rounded = values.map((value) => Number(fixedPoint(value, room)));
  const decimals = Math.min(room, decimalsOf(rounded));
  return (value) => fixedPoint(value, decimals);
}

/**
 * Numbers of unknown kind: the same decimals for all, so that points align.
 * Values too small for that keep their own precision.
 */
function generic(values: readonly number[]): NumberFormat {
  const decimals = decimalsOf(values);
  const isSmall = (value: number) =>
    decimals > 6 && value !== 0 && Math.abs(value) < 1e-3;
  return (value) =>
    isSmall(value)
      ? String(Number(value.toPrecision(6)))
      : fixedPoint(value, Math.min(decimals, 6));
}

/** toFixed() writes large numbers with an exponent or with wrong digits. */
const fixedPoint = (value: number, decimals: number): string =>
  Math.abs(value) < 1e15 ? value.toFixed(decimals) : String(value);

const decimalsOf = (values: readonly number[]): number =>
  values.reduce((max, value) => Math.max(max, ownDecimals(value)), 0);

function ownDecimals(value: number): number {
  const [, decimals = "", exponent = 0] = /^[^.e]*(?:\.(\d+))?(?:e(.+))?$/.exec(
    String(value),
  )!;
  return Math.max(0, decimals.length - Number(exponent));
}

function formatCell(value: unknown): string {
  if (value == null) return "null";
  if (value instanceof Uint8Array) return `<${count(value.length)} bytes>`;
  if (value instanceof Date) {
    return Number.isNaN(+value) ? "invalid date" : value.toISOString();
  }
  return typeof value === "object" ? nested(value) : String(value);
}

const maxCharacters = 2000;

/** A value as JSON; only the beginning of a large one is read and written. */
function nested(value: object): string {
  let text = "";
  for (const token of tokensOf(value, [])) {
    text += token;
    if (text.length > maxCharacters) return `${text}…`;
  }
  return text;
}

function* tokensOf(
  value: unknown,
  above: readonly unknown[],
): Generator<string> {
  if (typeof value === "string") {
    yield JSON.stringify(value.slice(0, maxCharacters));
  } else if (typeof value !== "object" || value === null) yield String(value);
  else if (value instanceof Date || value instanceof Uint8Array) {
    yield JSON.stringify(formatCell(value));
  } else if (above.includes(value)) yield "…";
  else {
    const isArray = Array.isArray(value);
    yield isArray ? "[" : "{";
    let separator = "";
    // Does not create the keys of a large array.
    for (const name of isArray ? value.keys() : Object.keys(value)) {
      yield separator + (isArray ? "" : `${JSON.stringify(name)}:`);
      const member = (value as Record<PropertyKey, unknown>)[name];
      yield* tokensOf(member, [...above, value]);
      separator = ",";
    }
    yield isArray ? "]" : "}";
  }
}
