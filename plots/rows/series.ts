import type { Channel } from "./channels.ts";

/** Which series each row belongs to; a series is drawn in its own colour. */
export interface Series {
  /** The place of each row's series in `names`. */
  of: Int32Array;
  /** What the series are called, in the order in which they come. */
  names: string[];
  /** How many more there were; the last name stands for them all. */
  folded: number;
}

/** Columns of rows that have series. */
export interface SeriesChannels {
  /** Series of the row, with a colour of its own: app, executor, host, run. */
  series?: Channel | undefined;
  /**
   * Whether each series is counted from its own start. By default if no two
   * series overlap in time, as with runs that came one after the other.
   */
  alignStart?: boolean | undefined;
}

/** Series beyond these, the smallest, are one. */
export const maxSeries = 20;

/**
 * Rows by the value that names their series. Beyond the `most` that have most
 * rows, the others become one, "other (n)". Without values all are one series.
 */
export function seriesOf(
  values: readonly unknown[],
  length: number,
  most: number = maxSeries,
): Series {
  if (values.length === 0) {
    return { of: new Int32Array(length), names: [""], folded: 0 };
  }
  const numbers = new Map<string, number>();
  const rows: number[] = [];
  const of = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    const name = String(values[i] ?? "(none)");
    let number = numbers.get(name);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(name, number);
      rows.push(0);
    }
    rows[number]!++;
    of[i] = number;
  }
  const { names, places, folded } = foldNames([...numbers.keys()], rows, most);
  return { of: folded ? of.map((s) => places[s]!) : of, names, folded };
}

/** Names of which the smallest are one. */
export interface FoldedNames {
  /** The names that are kept, in their order; after them "other (n)", if any. */
  names: string[];
  /** Place in `names` of each of the names before. */
  places: Int32Array;
  /** How many names are one. */
  folded: number;
}

/** Keeps the `max` names with the greatest sizes; the rest become "other (n)". */
export function foldNames(
  names: readonly string[],
  sizes: ArrayLike<number>,
  max: number = maxSeries,
): FoldedNames {
  const all = names.map((_, i) => i);
  if (names.length <= max) {
    return { names: [...names], places: Int32Array.from(all), folded: 0 };
  }
  const kept = all.toSorted((a, b) => sizes[b]! - sizes[a]! || a - b)
    .slice(0, max).sort((a, b) => a - b);
  const places = new Int32Array(names.length).fill(max);
  kept.forEach((name, i) => places[name] = i);
  const folded = names.length - max;
  return {
    names: [...kept.map((i) => names[i]!), `other (${folded})`],
    places,
    folded,
  };
}

/** Whether a name is that of folded series. */
export const isOther = (name: string): boolean => /^other \(\d+\)$/.test(name);

/**
 * Lets each series start at 0: its times are counted from its own first one.
 * Done if `alignStart` says so, or, if it says nothing, where no two series
 * overlap in time. Says whether it was done.
 */
export function alignSeries(
  time: Float64Array,
  { of, names }: Pick<Series, "of" | "names">,
  alignStart: boolean | undefined,
): boolean {
  const first = new Float64Array(names.length).fill(Infinity);
  const last = new Float64Array(names.length).fill(-Infinity);
  time.forEach((value, i) => {
    const s = of[i]!;
    if (value < first[s]!) first[s] = value;
    if (value > last[s]!) last[s] = value;
  });
  const known = names.map((_, s): [number, number] => [first[s]!, last[s]!])
    .filter(([from, to]) => from <= to);
  if (!(alignStart ?? areApart(known))) return false;
  for (let i = 0; i < time.length; i++) time[i]! -= first[of[i]!]!;
  return true;
}

/** Whether none of the stretches of time overlaps another. */
export function areApart(
  stretches: readonly (readonly [number, number])[],
): boolean {
  const inOrder = stretches.toSorted((a, b) => a[0] - b[0]);
  return inOrder.length > 1 &&
    inOrder.every(([start], i) => i === 0 || start >= inOrder[i - 1]![1]);
}
