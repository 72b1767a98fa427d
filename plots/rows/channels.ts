// Over 300 lines: how values are found in rows, and what is said if not.

import {
  isPlain,
  listed,
  quoted,
  whatIs,
} from "../../display/text/mistakes.ts";
import { didYouMean } from "../../display/text/nearest.ts";
import { optionsOf } from "../../display/text/rows.ts";

/**
 * Rows for any chart: any iterable of objects or arrays, such as the results of
 * `db.query`, `db.iterate` and Arquero's `objects()`, or an Arquero table.
 */
export type Rows = Iterable<object> | ColumnTable;

/** The part of an Arquero table that charts use. */
export interface ColumnTable {
  /** Names of its columns. */
  columnNames(): string[];
  /** Number of its rows after filters. */
  numRows(): number;
  /** Values of a column in the order of the rows. */
  array(name: string): ArrayLike<unknown>;
}

/**
 * How to find a value in a row: the name of a column, its index from 0, or a
 * function of the row.
 */
export type Channel =
  | string
  | number
  // deno-lint-ignore no-explicit-any
  | ((row: any, index: number) => unknown);

/**
 * A channel, or several of which the first that exists is read; null is never
 * read.
 */
export type ChannelChoice =
  | Channel
  | null
  | undefined
  | readonly (Channel | null)[];

/** Values of a channel, and the name of its column if it has one. */
export interface ChannelRead<Values = unknown[]> {
  name: string | undefined;
  values: Values;
}

/**
 * Reads channels from the rows in one pass. Undefined channels are the columns of
 * their names, if all are there; or else the columns at their own index: the first
 * channel is the first column. A null channel is not
 * read. Of a choice such as `["event_type", 2]`, the name is preferred. Columns
 * of the facets, the series and the weights do not count in these defaults.
 *
 * The channels in `times` are converted to seconds without another copy.
 *
 * @throws {TypeError} for a column that does not exist
 * @throws {UnusableRows} if a column has values, and none of them is a time
 */
export function readChannels<Name extends string, Time extends string = never>(
  rows: Rows,
  channels: Record<Name, ChannelChoice>,
  times: readonly Time[] = [],
):
  & Record<Exclude<Name, Time>, ChannelRead>
  & Record<Name & Time, ChannelRead<Float64Array>>
  & { length: number } {
  const wanted = Object.entries<ChannelChoice>(channels)
    .map(([name, choice], i): Wanted => ({
      name,
      choice: choice === undefined ? [i] : choice,
      isByDefault: choice === undefined,
      isTime: times.includes(name as Time),
    }));
  const apart = new Set(
    [
      takenColumns.get(rows),
      ...Object.entries(channels).filter(([name]) => areApart.has(name))
        .map(([, choice]) => choice),
    ].filter((choice) => typeof choice === "string"),
  );
  const { columns, length } = isColumnTable(rows)
    ? readTable(rows, wanted, apart)
    : readIterable(rows, wanted, apart);
  const names = Object.keys(channels);
  return Object.assign(
    Object.fromEntries(names.map((name, i) => [name, columns[i]])),
    { length },
  ) as ReturnType<typeof readChannels<Name, Time>>;
}

/** Channels whose columns are not those of others. */
const areApart: ReadonlySet<string> = new Set(["series", "weight"]);

/** The column by which rows were divided: no channel has it by default. */
const takenColumns = new WeakMap<object, string>();

/** What each row is about, as its question says: "task", or else "span". */
export const nounOf = (rows: Rows): string =>
  nouns.get(rows) ?? optionsOf(rows)?.noun ?? "span";

const nouns = new WeakMap<object, string>();

/** Some of the rows of a question are about the same. */
export function takeNoun<T extends Rows>(part: T, whole: Rows): T {
  nouns.set(part, nounOf(whole));
  return part;
}

/** Keeps defaults from a column. */
export function takeColumn<T extends Rows>(rows: T, name: string): T {
  takenColumns.set(rows, name);
  return rows;
}

/** Rows of which no value can be what its column was taken for. */
export class UnusableRows extends TypeError {
  override readonly name = "TypeError";

  constructor(
    channel: string,
    kind: "time" | "number",
    column: string | undefined,
    value: unknown,
  ) {
    const of = column === undefined ? "" : ` in the column ${quoted(column)}`;
    super(
      `no row has a ${kind}${of}, which was taken for ${channel}; a value is ` +
        `${quoted(String(value))}. Name the column to take, ` +
        `{ ${channel}: "..." }`,
    );
  }
}

/**
 * The numbers in the values of a channel.
 *
 * @throws {UnusableRows} if there are values, and none of them is a number
 */
export function numbersIn(
  channel: string,
  { name, values }: ChannelRead,
): Float64Array {
  const numbers = Float64Array.from(values, finiteNumber);
  if (values.length > 0 && numbers.every(Number.isNaN)) {
    const value = values.find((value) => !isMissing(value));
    if (value !== undefined) {
      throw new UnusableRows(channel, "number", name, value);
    }
  }
  return numbers;
}

/** Whether a value says that there is none: no column was taken by mistake. */
const isMissing = (value: unknown): boolean =>
  value == null || value === "" || typeof value === "number";

interface Wanted {
  name: string;
  choice: Exclude<ChannelChoice, undefined>;
  isByDefault: boolean;
  isTime: boolean;
}

/** Rows with a name for each channel of the caller may have other columns first. */
function byName(
  wanted: readonly Wanted[],
  names: readonly string[] | undefined,
): readonly Wanted[] {
  const free = wanted.filter(({ isByDefault }) => isByDefault);
  return free.length > 1 && free.every(({ name }) => names?.includes(name))
    ? wanted.map((one) => one.isByDefault ? { ...one, choice: one.name } : one)
    : wanted;
}

function readIterable(
  rows: Iterable<object>,
  wanted: readonly Wanted[],
  apart: ReadonlySet<string>,
) {
  const values = wanted.map((): unknown[] => []);
  // Typed arrays take less memory and less time.
  const room = Array.isArray(rows) ? rows.length : 1024;
  const times = wanted.map(({ isTime }) =>
    isTime ? new Float64Array(room) : undefined
  );
  const isUsable: boolean[] = [];
  /** A value of each channel of times that is none. */
  const samples: unknown[] = [];
  let places: ReturnType<typeof placeOf>[] = [];
  let length = 0;
  for (const row of iterable(rows)) {
    if (row === null || typeof row !== "object") {
      throw new TypeError(
        `row ${length} must be an object or an array; it is ${whatIs(row)}`,
      );
    }
    // The first row has the names of the columns. An index becomes a name here,
    // once, so that reading a row is only a property access.
    if (length === 0) {
      const names = Array.isArray(row) ? undefined : Object.keys(row);
      const width = names?.length ?? (row as unknown[]).length;
      const has = (name: string) => name in row;
      places = byName(wanted, names)
        .map((one) => placeOf(one, names, width, has, apart));
    }
    for (let i = 0; i < places.length; i++) {
      const { key } = places[i]!;
      if (key === null) continue;
      const value = typeof key === "function"
        ? key(row, length)
        : (row as Record<string | number, unknown>)[key];
      let list = times[i];
      if (!list) {
        values[i]!.push(value);
        continue;
      }
      if (length === list.length) {
        list = new Float64Array(list.buffer.transfer(2 * list.byteLength));
        times[i] = list;
      }
      const time = seconds(value);
      list[length] = time;
      if (time === time) isUsable[i] = true;
      else if (!isMissing(value)) samples[i] ??= value;
    }
    length++;
  }
  wanted.forEach(({ name }, i) => {
    if (isUsable[i] || samples[i] === undefined) return;
    throw new UnusableRows(name, "time", places[i]!.name, samples[i]);
  });
  const columns = values.map((values, i) => {
    const { name, key = null } = places[i] ?? {};
    const end = key === null ? 0 : length;
    return { name, values: times[i]?.subarray(0, end) ?? values };
  });
  return { columns, length };
}

function readTable(
  table: ColumnTable,
  wanted: readonly Wanted[],
  apart: ReadonlySet<string>,
) {
  const names = table.columnNames();
  const has = (name: string) => names.includes(name);
  const columns = byName(wanted, names).map((one) => {
    const { name, key } = placeOf(one, names, names.length, has, apart);
    if (typeof key === "function") {
      throw new TypeError(
        "a channel of an Arquero table is the name or index of a column: " +
          "derive a column instead of a function, or pass table.objects()",
      );
    }
    const values = name === undefined ? [] : table.array(name);
    if (!one.isTime) return { name, values };
    const times = Float64Array.from(values, seconds);
    const value = times.every(Number.isNaN)
      ? Array.prototype.find.call(values, (value) => !isMissing(value))
      : undefined;
    if (value !== undefined) {
      throw new UnusableRows(one.name, "time", name, value);
    }
    return { name, values: times };
  });
  return { columns, length: table.numRows() };
}

/**
 * Position of a value in the rows, and the name of its column if it has one.
 * Columns have names unless the rows are arrays.
 */
function placeOf(
  { name: channel, choice }: Wanted,
  names: readonly string[] | undefined,
  width: number,
  has: (name: string) => boolean,
  apart: ReadonlySet<string>,
): { name: string | undefined; key: Channel | null } {
  let key = Array.isArray(choice)
    ? choice.find((channel) =>
      typeof channel !== "string" || names?.includes(channel)
    ) ?? null
    : choice as Channel | null;
  // By default, counted without the columns of other channels.
  const free = names?.filter((name) => !apart.has(name));
  if (Array.isArray(choice) && typeof key === "number") {
    key = free?.[key] ?? key;
    if (free && typeof key === "number") key = Math.max(key, width);
  }
  if (typeof key !== "number" && typeof key !== "string") {
    return { name: undefined, key };
  }
  const name = typeof key === "number" ? names?.[key] : key;
  if (typeof key === "number" ? !(key >= 0 && key < width) : !has(key)) {
    const wanted = Array.isArray(choice)
      ? `column left for ${channel}: name one, { ${channel}: "..." }`
      : typeof key === "number"
      ? `column ${key}, counted from 0`
      : `column ${quoted(key)}`;
    throw new TypeError(
      names
        ? `the rows have no ${wanted}` +
          (typeof key === "string" && didYouMean(key, names) || ".") +
          ` They have ${listed(names)}`
        : `the rows have no ${wanted}: they are arrays of ${width}`,
    );
  }
  return { name, key: name ?? key };
}

/** The number in a value of a row; NaN if it has none. */
export function finiteNumber(value: unknown): number {
  if (value == null || value === "" || typeof value === "object") return NaN;
  const number = Number(value);
  // The difference of two larger numbers may overflow.
  return Math.abs(number) <= 1e307 ? number : NaN;
}

/** Whether the rows are a table of columns. */
export function isColumnTable(rows: unknown): rows is ColumnTable {
  return typeof (rows as ColumnTable | null)?.columnNames === "function";
}

/**
 * The columns of rows, by the first of them. Rows that can be read only once,
 * such as `db.iterate(...)`, are held.
 */
export function columnNamesOf(rows: Rows): {
  rows: readonly object[] | ColumnTable;
  /** Empty if the rows are arrays, or if there are none. */
  names: string[];
  /** Number of columns. */
  width: number;
} {
  if (isColumnTable(rows)) {
    const names = rows.columnNames();
    return { rows, names, width: names.length };
  }
  const held = Array.isArray(rows) ? rows as object[] : [...iterable(rows)];
  const first = held[0] ?? {};
  const names = Array.isArray(first) ? [] : Object.keys(first);
  const { length: width } = Array.isArray(first) ? first : names;
  return { rows: held, names, width };
}

/** The first of some names that the rows have. */
export const firstName = (
  { names }: { names: readonly string[] },
  ...wanted: string[]
): string | undefined => wanted.find((name) => names.includes(name));

/** Whether values are rows, one after the other. */
export const isIterable = (rows: unknown): rows is Iterable<object> =>
  typeof rows !== "string" &&
  typeof (rows as Iterable<object> | undefined)?.[Symbol.iterator] ===
    "function";

function iterable(rows: Iterable<object>): Iterable<object> {
  if (isIterable(rows)) return rows;
  const hint = isPlain(rows) ? ": put a single row into a list, [row]" : "";
  throw new TypeError(
    "a chart takes rows, such as db.query(...) returns: an iterable of " +
      `objects or arrays, or an Arquero table; this is ${whatIs(rows)}${hint}`,
  );
}

/**
 * The time in a value of a row, in seconds; NaN if it has none. Numbers are
 * seconds, unless they are so large that sums overflow. A Date becomes Unix
 * seconds. Text may be a number, or a date and time as SQLite writes it, in UTC
 * if there is no zone, as in SQLite's own functions.
 */
function seconds(value: unknown): number {
  if (typeof value === "number") return possible(value);
  if (value == null) return NaN;
  if (typeof value === "bigint") return possible(Number(value));
  if (value instanceof Date) return +value / 1000;
  if (typeof value === "string") return secondsOfText(value);
  return NaN;
}

const dateTimePattern =
  /^\s*(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(\.\d+)?)?(?:\s*(Z|[+-]\d\d:?\d\d))?\s*$/i;

function secondsOfText(text: string): number {
  const parts = dateTimePattern.exec(text);
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
