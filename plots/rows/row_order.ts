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

/** Compares names by the numbers in them: 2 before 10. */
export const { compare: compareNames } = new Intl.Collator("en", {
  numeric: true,
});

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

/**
 * The places of times in ascending order; equal times keep the given order, and
 * NaN is left out.
 */
export function timeOrder(time: Float64Array): Uint32Array {
  const places = numberPlaces(time);
  sortByTime(places, time);
  return places;
}

/** The places of the values that are not NaN. */
export function numberPlaces(values: Float64Array): Uint32Array {
  const places = new Uint32Array(values.length);
  let length = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isNaN(values[i])) places[length++] = i;
  }
  return places.subarray(0, length);
}

// Larger buckets are divided again.
const maxBucket = 32;

// A sort by as many buckets as there are times, over their range: linear, and
// several times as quick as a sort with a comparison.
function sortByTime(places: Uint32Array, time: Float64Array): void {
  const { length } = places;
  let [low, high, isSorted] = [Infinity, -Infinity, true];
  for (let k = 0; k < length; k++) {
    const value = time[places[k]!]!;
    isSorted &&= high <= value;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (isSorted) return;
  const scale = (length - 1) / (high - low);
  const { rows, first } = groupRows(
    length,
    length,
    (k) => Math.floor((time[places[k]!]! - low) * scale),
  );
  places.set(valuesAt(places, rows));
  for (let bucket = 0; bucket < length; bucket++) {
    const [from, to] = [first[bucket]!, first[bucket + 1]!];
    if (to - from > maxBucket) sortByTime(places.subarray(from, to), time);
  }
  // An insertion sort, which moves places within their buckets only.
  for (let k = 1; k < length; k++) {
    const place = places[k]!;
    const value = time[place]!;
    let at = k;
    for (; at > 0 && time[places[at - 1]!]! > value; at--) {
      places[at] = places[at - 1]!;
    }
    places[at] = place;
  }
}
