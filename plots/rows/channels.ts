import { NumberList } from "./number_list.ts";
import { seconds } from "./times.ts";

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

/** Channels that are read, all of one length. */
export type ChannelsRead<Name extends string, Time extends string> =
  & Record<Exclude<Name, Time>, ChannelRead>
  & Record<Name & Time, ChannelRead<Float64Array>>
  & { length: number };

/**
 * Reads channels from the rows in one pass. An undefined channel is the column at
 * its own index: the first channel is the first column. A null channel is not
 * read. Of a choice such as `["event_type", 2]`, the name is preferred.
 *
 * The channels in `times` are converted to seconds without another copy.
 */
export function readChannels<Name extends string, Time extends string = never>(
  rows: Rows,
  channels: Record<Name, ChannelChoice>,
  times: readonly Time[] = [],
): ChannelsRead<Name, Time> {
  const names = Object.keys(channels) as Name[];
  const read = isColumnTable(rows) ? readTable : readIterable;
  const wanted = names.map((name, i) =>
    channels[name] === undefined ? i : channels[name]
  );
  const isTime = names.map((name) => times.includes(name as string as Time));
  const { columns, length } = read(rows as never, wanted, isTime);
  return Object.assign(
    Object.fromEntries(names.map((name, i) => [name, columns[i]!])),
    { length },
  ) as ChannelsRead<Name, Time>;
}

type Wanted = Exclude<ChannelChoice, undefined>;

/** The channel of a choice, for rows that have these columns. */
function chosen(
  wanted: Wanted,
  names: readonly string[] | undefined,
): Channel | null {
  if (!Array.isArray(wanted)) return wanted as Channel | null;
  return wanted.find((channel) =>
    typeof channel !== "string" || names?.includes(channel)
  ) ?? null;
}

interface Columns {
  columns: ChannelRead<unknown[] | Float64Array>[];
  length: number;
}

function readIterable(
  rows: Iterable<object>,
  wanted: Wanted[],
  isTime: boolean[],
): Columns {
  const columns = wanted.map((): ChannelRead => ({
    name: undefined,
    values: [],
  }));
  const room = Array.isArray(rows) ? rows.length : 1024;
  const times = isTime.map((is) => is ? new NumberList(room) : undefined);
  let channels: (Channel | null)[] = [];
  let keys: (string | number)[] | undefined;
  let length = 0;
  for (const row of iterable(rows)) {
    if (row === null || typeof row !== "object") {
      throw new TypeError(
        `row ${length} must be an object or an array; it is ${describe(row)}`,
      );
    }
    if (!keys) {
      const names = Array.isArray(row) ? undefined : Object.keys(row);
      channels = wanted.map((channel) => chosen(channel, names));
      keys = resolveKeys(row, names, channels, columns);
    }
    for (let i = 0; i < channels.length; i++) {
      const channel = channels[i]!;
      if (channel === null) continue;
      const value = typeof channel === "function"
        ? channel(row, length)
        : (row as Record<string | number, unknown>)[keys[i]!];
      const list = times[i];
      if (list) list.push(seconds(value));
      else columns[i]!.values.push(value);
    }
    length++;
  }
  return {
    columns: columns.map(({ name, values }, i) => ({
      name,
      values: times[i]?.values() ?? values,
    })),
    length,
  };
}

// The first row has the names of the columns. An index becomes a name here, once,
// so that reading a row is only a property access.
function resolveKeys(
  row: object,
  names: string[] | undefined,
  channels: (Channel | null)[],
  columns: ChannelRead[],
): (string | number)[] {
  return channels.map((channel, i) => {
    if (typeof channel === "function" || channel === null) return -1;
    if (typeof channel === "number") {
      const width = names?.length ?? (row as unknown[]).length;
      if (channel >= width) throw missingColumn(channel, names, width);
      columns[i]!.name = names?.[channel];
      return names?.[channel] ?? channel;
    }
    if (!(channel in row)) throw missingColumn(channel, names, 0);
    columns[i]!.name = channel;
    return channel;
  });
}

function readTable(
  table: ColumnTable,
  wanted: Wanted[],
  isTime: boolean[],
): Columns {
  const names = table.columnNames();
  const length = table.numRows();
  const columns = wanted.map((choice, i) => {
    const channel = chosen(choice, names);
    if (channel === null) return { name: undefined, values: [] };
    if (typeof channel === "function") {
      throw new TypeError(
        "a channel of an Arquero table is the name or index of a column: " +
          "derive a column instead of a function, or pass table.objects()",
      );
    }
    const name = typeof channel === "number" ? names[channel] : channel;
    if (name === undefined || !names.includes(name)) {
      throw missingColumn(channel, names, names.length);
    }
    const values = table.array(name) as unknown[];
    return {
      name,
      values: isTime[i] ? Float64Array.from(values, seconds) : values,
    };
  });
  return { columns, length };
}

/** Whether the rows are a table of columns. */
export function isColumnTable(rows: unknown): rows is ColumnTable {
  return typeof (rows as ColumnTable | null)?.columnNames === "function";
}

/** Rows that can be read again, and the names of their columns. */
export interface NamedRows {
  rows: readonly object[] | ColumnTable;
  /** Empty if the rows are arrays, or if there are none. */
  names: string[];
  /** Number of columns. */
  width: number;
}

/**
 * The columns of rows, by the first of them. Rows that can be read only once,
 * such as `db.iterate(...)`, are held.
 */
export function columnNamesOf(rows: Rows): NamedRows {
  if (isColumnTable(rows)) {
    const names = rows.columnNames();
    return { rows, names, width: names.length };
  }
  const held = Array.isArray(rows) ? rows as object[] : [...iterable(rows)];
  const [first = {}] = held;
  if (Array.isArray(first)) {
    return { rows: held, names: [], width: first.length };
  }
  const names = Object.keys(first ?? {});
  return { rows: held, names, width: names.length };
}

/** The first of some names that the rows have. */
export const firstName = (
  { names }: Pick<NamedRows, "names">,
  ...wanted: string[]
): string | undefined => wanted.find((name) => names.includes(name));

function missingColumn(
  channel: string | number,
  names: string[] | undefined,
  width: number,
): TypeError {
  const found = names
    ? `they have ${names.map((name) => JSON.stringify(name)).join(", ")}`
    : `they are arrays of ${width}`;
  return new TypeError(
    typeof channel === "number"
      ? `the rows have no column ${channel}, counted from 0: ${found}`
      : `the rows have no column ${JSON.stringify(channel)}: ${found}`,
  );
}

function iterable(rows: Iterable<object>): Iterable<object> {
  if (typeof rows?.[Symbol.iterator] === "function") return rows;
  throw new TypeError(
    "rows must be an iterable of objects or arrays, such as db.query(...) " +
      `gives, or an Arquero table; this is ${describe(rows)}`,
  );
}

function describe(value: unknown): string {
  if (value === null) return "null";
  return typeof value === "object" ? "an object" : typeof value;
}
