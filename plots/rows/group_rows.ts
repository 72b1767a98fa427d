/** Row numbers, group by group. */
export interface GroupedRows {
  /** Within a group in ascending order. */
  rows: Uint32Array;
  /** Group `g` has the rows from `first[g]` up to `first[g + 1]`. */
  first: Uint32Array;
}

/** Sorts rows by group, in linear time; leaves out rows of a negative group. */
export function groupRows(
  length: number,
  groups: number,
  groupOf: (row: number) => number,
): GroupedRows {
  const first = new Uint32Array(groups + 1);
  for (let row = 0; row < length; row++) {
    const group = groupOf(row);
    if (group >= 0) first[group + 1]!++;
  }
  for (let group = 0; group < groups; group++) {
    first[group + 1]! += first[group]!;
  }
  const next = first.slice();
  const rows = new Uint32Array(first[groups]!);
  for (let row = 0; row < length; row++) {
    const group = groupOf(row);
    if (group >= 0) rows[next[group]!++] = row;
  }
  return { rows, first };
}

/** Numbers of one kind, side by side. */
export type Column = Float64Array | Int32Array | Uint32Array | Uint8Array;

/** The values of a column at some of its places. */
export function valuesAt<C extends Column>(column: C, places: Uint32Array): C {
  const values = column.slice(0, places.length) as C;
  for (let i = 0; i < places.length; i++) values[i] = column[places[i]!]!;
  return values;
}

/** The values of each group, as parts of one array. */
export function valuesByGroup<C extends Column>(
  values: C,
  groups: number,
  groupOf: (row: number) => number,
): C[] {
  const { rows, first } = groupRows(values.length, groups, groupOf);
  const sorted = valuesAt(values, rows);
  return Array.from(
    { length: groups },
    (_, group) => sorted.subarray(first[group], first[group + 1]) as C,
  );
}

/** The number of a value; values are numbered in the order in which they come. */
export function numberOf<Value>(
  value: Value,
  known: Map<Value, number>,
): number {
  // Twice as quick as getOrInsert().
  let number = known.get(value);
  if (number === undefined) known.set(value, number = known.size);
  return number;
}
