/**
 * The rows that every helper takes: any iterable of objects or of arrays (what
 * `db.query`, `db.iterate` and Arquero's `objects()` give), or an Arquero
 * table itself.
 */
export type Rows = Iterable<object> | ColumnTable;

/** As much of an Arquero table as is needed to read one. */
export interface ColumnTable {
  /** The names of its columns. */
  columnNames(): string[];
  /** How many rows it has, after filters. */
  numRows(): number;
  /** The values of a column, in the order of the rows. */
  array(name: string): ArrayLike<unknown>;
}

/**
 * Where a helper finds one of its values in a row: a column's name, a column's
 * place counted from 0, or a function of the row.
 */
export type Channel =
  | string
  | number
  // deno-lint-ignore no-explicit-any
  | ((row: any, index: number) => unknown);

/**
 * A channel, or several of which the first is taken that the rows have; null is
 * no channel at all.
 */
export type ChannelChoice =
  | Channel
  | null
  | undefined
  | readonly (Channel | null)[];

/** The values of one channel, with the name of its column if it has one. */
export interface ChannelValues {
  name: string | undefined;
  values: unknown[];
}

/**
 * Reads the named channels out of the rows in one pass. A channel that is
 * undefined takes the column at its own place: the first channel the first
 * column, and so on. A channel that is null is not read.
 *
 * Rows of a common query have their columns in an order of their own: of the
 * choice `["event_type", 2]` the name is taken where there is one.
 */
export function readChannels<Name extends string>(
  rows: Rows,
  channels: Record<Name, ChannelChoice>,
): Record<Name, ChannelValues> & { length: number } {
  const names = Object.keys(channels) as Name[];
  const read = isColumnTable(rows) ? readTable : readIterable;
  const wanted = names.map((name, i) =>
    channels[name] === undefined ? i : channels[name]
  );
  const { columns, length } = read(rows as never, wanted);
  return Object.assign(
    Object.fromEntries(names.map((name, i) => [name, columns[i]!])),
    { length },
  ) as Record<Name, ChannelValues> & { length: number };
}

type Wanted = Exclude<ChannelChoice, undefined>;

/** What is chosen of rows that have these columns, if they have names. */
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
  columns: ChannelValues[];
  length: number;
}

function readIterable(
  rows: Iterable<object>,
  wanted: Wanted[],
): Columns {
  if (rows == null || typeof rows[Symbol.iterator] !== "function") {
    throw new TypeError(
      "rows must be an iterable of objects or arrays, such as db.query(...) " +
        `gives, or an Arquero table; this is ${describe(rows)}`,
    );
  }
  const columns = wanted.map((): ChannelValues => ({
    name: undefined,
    values: [],
  }));
  let channels: (Channel | null)[] = [];
  let keys: (string | number)[] | undefined;
  let length = 0;
  for (const row of rows) {
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
      columns[i]!.values.push(
        typeof channel === "function"
          ? channel(row, length)
          : (row as Record<string | number, unknown>)[keys[i]!],
      );
    }
    length++;
  }
  return { columns, length };
}

// The first row shows what the columns are called. Places become names here,
// once, so that reading a row is a property access and no more.
function resolveKeys(
  row: object,
  names: string[] | undefined,
  channels: (Channel | null)[],
  columns: ChannelValues[],
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
): Columns {
  const names = table.columnNames();
  const length = table.numRows();
  const columns = wanted.map((choice): ChannelValues => {
    const channel = chosen(choice, names);
    if (channel === null) return { name: undefined, values: [] };
    if (typeof channel === "function") {
      throw new TypeError(
        "a channel of an Arquero table is a column's name or place: derive a " +
          "column for a function, or give table.objects()",
      );
    }
    const name = typeof channel === "number" ? names[channel] : channel;
    if (name === undefined || !names.includes(name)) {
      throw missingColumn(channel, names, names.length);
    }
    return { name, values: table.array(name) as unknown[] };
  });
  return { columns, length };
}

/** Whether the rows are a table of columns. */
export function isColumnTable(rows: unknown): rows is ColumnTable {
  return typeof (rows as ColumnTable | null)?.columnNames === "function";
}

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

function describe(value: unknown): string {
  if (value === null) return "null";
  return typeof value === "object" ? "an object" : typeof value;
}
