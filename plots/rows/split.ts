import {
  type Channel,
  type ColumnTable,
  isColumnTable,
  readChannels,
  type Rows,
} from "./channels.ts";

/** The rows that have one value in the column that they are split by. */
export interface Part {
  /** The value, as text. */
  name: string;
  rows: Rows;
}

/**
 * Rows by the value of one channel, in the order in which the values come.
 * Where there are more than `most` values, those with the most rows are kept;
 * `left` is how many are not.
 */
export function splitRows(
  rows: Rows,
  channel: Channel,
  most: number,
): { parts: Part[]; left: number } {
  const isTable = isColumnTable(rows);
  // What can be read once alone, such as db.iterate(...), is held for the parts.
  const held = isTable || Array.isArray(rows) ? rows : [...rows];
  const { facet } = readChannels(held, { facet: channel });
  const places = new Map<string, number[]>();
  facet.values.forEach((value, i) => {
    const name = String(value ?? "(none)");
    const part = places.get(name);
    if (part) part.push(i);
    else places.set(name, [i]);
  });
  const kept = new Set(
    [...places].sort(([, a], [, b]) => b.length - a.length)
      .slice(0, most).map(([name]) => name),
  );
  const part = isTable
    ? (indexes: number[]) => tableOf(rows, indexes)
    : (indexes: number[]) => indexes.map((i) => (held as object[])[i]!);
  return {
    parts: [...places].filter(([name]) => kept.has(name))
      .map(([name, indexes]) => ({ name, rows: part(indexes) })),
    left: places.size - kept.size,
  };
}

function tableOf(table: ColumnTable, indexes: readonly number[]): ColumnTable {
  return {
    columnNames: () => table.columnNames(),
    numRows: () => indexes.length,
    array(name) {
      const values = table.array(name);
      return indexes.map((i) => values[i]);
    },
  };
}
