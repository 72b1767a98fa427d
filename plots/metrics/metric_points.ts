import { type Channel, readChannels, type Rows } from "../rows/channels.ts";
import { alignSeries, mostSeries, seriesOf } from "../rows/series.ts";

/** Which columns say what was reported when. */
export interface MetricChannels {
  /** When, in seconds. The column `time`, or else the first. */
  time?: Channel | undefined;
  /** The number. The column `value`, or else the second. */
  value?: Channel | undefined;
  /** What reports are told apart by: the span, the name, the host, the run. */
  series?: Channel | undefined;
  /** Whether each series is counted from its own start; see `metricSeries`. */
  alignStart?: boolean | undefined;
}

/** What the values of a series come to. */
export interface MetricSummary {
  /** Its name; "" where there is one. */
  name: string;
  /** How many values it has. */
  count: number;
  /** The least of them. */
  minimum: number;
  /** The greatest of them. */
  maximum: number;
  /** Their sum, divided by how many there are. */
  mean: number;
}

/** Numbers that were reported, as columns of one length, in the order of time. */
export interface MetricPoints {
  /** How many there are. */
  length: number;
  /** When, in seconds. */
  time: Float64Array;
  /** The number. */
  value: Float64Array;
  /** The place of its series in `series`. */
  of: Int32Array;
  /** Each series. */
  series: MetricSummary[];
  /** How many series are one, "other (n)". */
  folded: number;
  /** What the values are called, where their column has a name. */
  valueName: string | undefined;
  /** How many rows were left out because they have no time. */
  withoutTime: number;
  /** How many were left out because they have no number. */
  withoutValue: number;
  /** Whether the time of each series is counted from its own start. */
  isAligned: boolean;
}

/**
 * Numbers that components reported, by series and in the order of time: the
 * transform behind {@linkcode metricSeries}. Rows may come in any order; those
 * at equal times keep theirs.
 *
 * @example
 * ```ts
 * import { metricPoints } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { value, series } = metricPoints([
 *   { time: 2, value: 30 },
 *   { time: 1, value: 10 },
 *   { time: 3, value: null },
 * ]);
 * assert.deepEqual([...value], [10, 30]);
 * assert.equal(series[0]?.mean, 20);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function metricPoints(
  rows: Rows,
  { time, value, series, alignStart }: MetricChannels = {},
): MetricPoints {
  const read = readChannels(rows, {
    time: time ?? ["time", 0],
    value: value ?? ["value", 1],
    series: series ?? null,
  }, ["time"]);
  const { length } = read;
  const groups = seriesOf(read.series.values, length, mostSeries);
  const times = read.time.values;
  const values = new Float64Array(length);
  const order = new Uint32Array(length);
  let [kept, withoutTime, withoutValue, isSorted] = [0, 0, 0, true];
  for (let i = 0; i < length; i++) {
    values[i] = numberOf(read.value.values[i]);
    if (Number.isNaN(times[i])) withoutTime++;
    else if (Number.isNaN(values[i])) withoutValue++;
    else order[kept++] = i;
  }
  const places = order.subarray(0, kept);
  const rowTimes = Float64Array.from(places, (i) => times[i]!);
  const of = Int32Array.from(places, (i) => groups.of[i]!);
  const isAligned = alignSeries(rowTimes, { ...groups, of }, alignStart);
  places.forEach((row, i) => {
    times[row] = rowTimes[i]!;
    isSorted &&= i === 0 || rowTimes[i - 1]! <= rowTimes[i]!;
  });
  if (!isSorted) places.sort((a, b) => times[a]! - times[b]! || a - b);
  const points = {
    time: Float64Array.from(places, (i) => times[i]!),
    value: Float64Array.from(places, (i) => values[i]!),
    of: Int32Array.from(places, (i) => groups.of[i]!),
  };
  return {
    ...points,
    length: kept,
    series: summariesOf(points, groups.names),
    folded: groups.folded,
    valueName: read.value.name,
    withoutTime,
    withoutValue,
    isAligned,
  };
}

function summariesOf(
  { value, of }: { value: Float64Array; of: Int32Array },
  names: readonly string[],
): MetricSummary[] {
  const all = names.map((name): MetricSummary => ({
    ...{ name, count: 0, mean: 0, minimum: Infinity, maximum: -Infinity },
  }));
  value.forEach((number, i) => {
    const own = all[of[i]!]!;
    own.count++;
    // Added up step by step: sums of large numbers would pass all bounds.
    own.mean += (number - own.mean) / own.count;
    if (number < own.minimum) own.minimum = number;
    if (number > own.maximum) own.maximum = number;
  });
  return all;
}

function numberOf(value: unknown): number {
  if (value == null || value === "" || typeof value === "object") return NaN;
  const number = Number(value);
  // The difference of larger ones is no number.
  return Math.abs(number) <= 1e307 ? number : NaN;
}

/**
 * Which points of a line are drawn in so many columns between two times: of each
 * column the first, the last, the least and the greatest. `breaks` says of each
 * whether more than `gap` seconds without a point lie before it.
 */
export function thinPoints(
  time: Float64Array,
  value: Float64Array,
  places: ArrayLike<number>,
  [from, to]: readonly [number, number],
  columns: number,
  gap: number = Infinity,
): { places: number[]; breaks: boolean[] } {
  const width = (to - from) / columns || 1;
  // All that lies before or after the two times is one column each.
  const columnOf = (i: number) =>
    Math.max(-1, Math.min(columns, Math.floor((time[i]! - from) / width)));
  const kept: number[] = [];
  const breaks: boolean[] = [];
  for (let k = 0; k < places.length;) {
    const first = places[k]!;
    const column = columnOf(first);
    let [least, most, last] = [first, first, first];
    for (; k < places.length; k++) {
      const i = places[k]!;
      if (columnOf(i) !== column) break;
      // Within a column a gap is not seen, unless it is as wide as a column.
      const isInside = column >= 0 && column < columns && gap >= width;
      if (i !== first && isInside && time[i]! - time[last]! > gap) break;
      last = i;
      if (value[i]! < value[least]!) least = i;
      if (value[i]! > value[most]!) most = i;
    }
    const before = kept.at(-1);
    const isBreak = before !== undefined && time[first]! - time[before]! > gap;
    const own = [...new Set([first, least, most, last])].sort((a, b) => a - b);
    own.forEach((place, i) => {
      kept.push(place);
      breaks.push(i === 0 && isBreak);
    });
  }
  return { places: kept, breaks };
}
