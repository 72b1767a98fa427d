// @ts-types="npm:@types/d3-array@3.2.2"
import { max, min } from "d3-array";
import { type Channel, readChannels, type Rows } from "../rows/channels.ts";
import { timeOrder, valuesAt, valuesByGroup } from "../rows/row_order.ts";
import { alignSeries, type SeriesChannels, seriesOf } from "../rows/series.ts";

/** Columns with the time and value of reported numbers. */
export interface MetricChannels extends SeriesChannels {
  /** Time in seconds. By default the column `time`, or else the first. */
  time?: Channel | undefined;
  /** The number. By default the column `value`, or else the second. */
  value?: Channel | undefined;
}

/** Numbers of one series. */
export interface MetricSummary {
  /** Its name; "" if there is only one. */
  name: string;
  /** Number of values. */
  count: number;
  /** Minimum. */
  minimum: number;
  /** Maximum. */
  maximum: number;
  /** Arithmetic mean. */
  mean: number;
}

/** Reported numbers, as columns of one length, in the order of time. */
export interface MetricPoints {
  /** Number of values. */
  length: number;
  /** Seconds. */
  time: Float64Array;
  /** The numbers. */
  value: Float64Array;
  /** Index of the value's series in `series`. */
  of: Int32Array;
  /** The series. */
  series: MetricSummary[];
  /** Number of series in the last one, "other (n)"; 0 if there is none. */
  folded: number;
  /** Name of the column of the values, if it has one. */
  valueName: string | undefined;
  /** Rows left out because they have no time. */
  withoutTime: number;
  /** Rows left out because they have no number. */
  withoutValue: number;
  /** Whether the time of each series is counted from its own start. */
  isAligned: boolean;
}

/**
 * Sorts reported numbers by series and time, as drawn by
 * {@linkcode metricSeries}. Rows may come in any order; rows at equal times keep theirs.
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
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
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
  const groups = seriesOf(read.series.values, read.length);
  const numbers = Float64Array.from(read.value.values, numberOf);
  const times = read.time.values;
  let withoutTime = 0;
  for (let row = 0; row < times.length; row++) {
    if (Number.isNaN(times[row])) withoutTime++;
    // Left out of the order of time.
    else if (Number.isNaN(numbers[row])) times[row] = NaN;
  }
  const isAligned = alignSeries(times, groups, alignStart);
  const order = timeOrder(times);
  const points = {
    time: valuesAt(times, order),
    value: valuesAt(numbers, order),
    of: valuesAt(groups.of, order),
  };
  return {
    ...points,
    length: order.length,
    series: summariesOf(points, groups.names),
    folded: groups.folded,
    valueName: read.value.name,
    withoutTime,
    withoutValue: read.length - withoutTime - order.length,
    isAligned,
  };
}

const summariesOf = (
  { value, of }: Pick<MetricPoints, "value" | "of">,
  names: readonly string[],
): MetricSummary[] =>
  valuesByGroup(value, names.length, (i) => of[i]!).map((own, s) => ({
    name: names[s]!,
    count: own.length,
    minimum: min(own) ?? Infinity,
    maximum: max(own) ?? -Infinity,
    // A running mean: the sum of large numbers would overflow.
    mean: own.reduce((mean, value, i) => mean + (value - mean) / (i + 1), 0),
  }));

function numberOf(value: unknown): number {
  if (value == null || value === "" || typeof value === "object") return NaN;
  const number = Number(value);
  // The difference of two larger numbers may overflow.
  return Math.abs(number) <= 1e307 ? number : NaN;
}
