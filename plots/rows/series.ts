// @ts-types="npm:@types/d3-array@3.2.2"
import { pairs } from "d3-array";
import type { OptionNames } from "../../display/text/mistakes.ts";
import type { Channel } from "./channels.ts";
import { numberOf } from "./row_order.ts";

/** The series that each row belongs to; a series has its own colour. */
export interface Series {
  /** Index of each row's series in `names`. */
  of: Int32Array;
  /** Names of the series, in order of appearance. */
  names: string[];
  /** Number of series in the last one, "other (n)"; 0 if there is none. */
  folded: number;
  /** Index of each row's series before any were combined. */
  own: Int32Array;
  /** Number of series before any were combined. */
  owners: number;
}

/** Columns of rows that have series. */
export interface SeriesChannels {
  /** Series of the row, with a colour of its own: app, executor, host, run. */
  series?: Channel | undefined;
  /**
   * Whether times count from each series' own start. By default if no two
   * series overlap in time, as with consecutive runs.
   */
  alignStart?: boolean | undefined;
}

export const seriesChannelNames: OptionNames<SeriesChannels> = {
  series: true,
  alignStart: true,
};

/**
 * Maximum number of series, as many as there are colours for areas that are
 * clearly unlike; the smallest ones are combined.
 */
export const maxSeries = 14;

/** The same of lines and dots, for which there are fewer colours. */
export const maxLineSeries = 8;

/**
 * Groups rows into series by the value that names their series. Keeps the `max`
 * series with the most rows; the others become "other (n)". Without values, all
 * rows are one series.
 */
export function seriesOf(
  values: readonly unknown[],
  length: number,
  max: number = maxSeries,
): Series {
  if (values.length === 0) {
    const of = new Int32Array(length);
    return { of, names: [""], folded: 0, own: of, owners: 1 };
  }
  const numbers = new Map<string, number>();
  const rows: number[] = [];
  const of = new Int32Array(length);
  for (let row = 0; row < length; row++) {
    const name = String(values[row] ?? "(none)");
    const series = numberOf(name, numbers);
    rows[series] = (rows[series] ?? 0) + 1;
    of[row] = series;
  }
  const { names, places, folded } = foldNames([...numbers.keys()], rows, max);
  return {
    of: folded ? of.map((s) => places[s]!) : of,
    names,
    folded,
    own: of,
    owners: numbers.size,
  };
}

/** The places of the `max` greatest sizes, in ascending order. */
export const largest = (sizes: ArrayLike<number>, max: number): number[] =>
  Array.from(sizes, (_, i) => i)
    .sort((a, b) => sizes[b]! - sizes[a]! || a - b)
    .slice(0, max).sort((a, b) => a - b);

/**
 * Keeps the `max` names with the greatest sizes; the rest become "other (n)".
 * `places` are those in `names` of each of the given names, and `folded` is the
 * number of names that are joined.
 */
export function foldNames(
  names: readonly string[],
  sizes: ArrayLike<number>,
  max: number = maxSeries,
): { names: string[]; places: Int32Array; folded: number } {
  const kept = largest(names.map((_, i) => sizes[i] ?? 0), max);
  const folded = names.length - kept.length;
  const places = new Int32Array(names.length).fill(kept.length);
  kept.forEach((name, i) => places[name] = i);
  const other = folded ? [otherName(folded)] : [];
  return { names: [...kept.map((i) => names[i]!), ...other], places, folded };
}

/** Paths without the folders that all of them share. */
export function shortNames(names: readonly string[]): string[] {
  const paths = names.map((name) => name.split("/"));
  const [first = []] = paths;
  const differing = first.findIndex((folder, i) =>
    paths.some((path) => i === path.length - 1 || path[i] !== folder)
  );
  return names.length > 1
    ? paths.map((path) => path.slice(differing).join("/"))
    : [...names];
}

/** The name of folded series. */
export const otherName = (count: number): string => `other (${count})`;

/** Whether a name is that of folded series. */
export const isOther = (name: string): boolean => /^other \(\d+\)$/.test(name);

/** Number of series that a name stands for. */
export const sizeOf = (name: string): number =>
  isOther(name) ? Number(name.slice(7, -1)) : 1;

/**
 * Counts the times of each series from its own first one, in place, those of
 * combined series too: if `alignStart` is true, or undefined and no two series
 * overlap in time. Returns whether it did.
 */
export function alignSeries(
  time: Float64Array,
  { own, owners }: Pick<Series, "own" | "owners">,
  alignStart: boolean | undefined,
): boolean {
  if (!alignStart && owners < 2) return false;
  const first = new Float64Array(owners).fill(Infinity);
  const last = new Float64Array(owners).fill(-Infinity);
  time.forEach((value, i) => {
    const s = own[i]!;
    if (value < first[s]!) first[s] = value;
    if (value > last[s]!) last[s] = value;
  });
  const known = Array.from(
    first,
    (from, s): [number, number] => [from, last[s]!],
  )
    .filter(([from, to]) => from <= to);
  if (!(alignStart ?? areApart(known))) return false;
  for (let i = 0; i < time.length; i++) time[i]! -= first[own[i]!]!;
  return true;
}

/** Whether no two of several ranges of time overlap. */
export function areApart(
  ranges: readonly (readonly [number, number])[],
): boolean {
  const inOrder = ranges.toSorted((a, b) => a[0] - b[0]);
  return inOrder.length > 1 &&
    pairs(inOrder).every(([[, end], [start]]) => start >= end);
}
