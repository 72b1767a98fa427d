import { type Channel, readChannels, type Rows } from "../rows/channels.ts";
import { numberPlaces, valuesAt, valuesByGroup } from "../rows/row_order.ts";
import { type Series, seriesOf } from "../rows/series.ts";

/** Columns of starts and durations. */
export interface DurationChannels {
  /** Start, in seconds. By default the first column. */
  start?: Channel | null;
  /** End, in seconds. By default the second column. */
  end?: Channel;
  /** Duration in seconds, in place of `end`. */
  duration?: Channel;
  /** Series of the row, such as a run or an app. Each has its own colour. */
  series?: Channel | undefined;
}

/**
 * Starts and durations as columns of one length, both in seconds. Plot takes
 * them as they are: `Plot.dot({ length }, { x: start, y: duration })`.
 */
export interface Durations {
  /** Number of rows. */
  length: number;
  /** Start of each, in seconds. NaN if a row has a duration but no start. */
  start: Float64Array;
  /** Duration of each, in seconds. */
  duration: Float64Array;
  /** Number of rows left out because a time was missing. */
  withoutTime: number;
  /** Number of negative durations, whose end precedes their start. */
  negative: number;
  /** The series of each row, if there are any. */
  series?: Series | undefined;
  /** Whether `start` counts from the first start of each series. */
  aligned?: boolean;
  /** Name of the column of starts, if it has one. */
  startName: string | undefined;
  /** Name of the column of ends, if it has one. */
  endName: string | undefined;
}

/**
 * Reads durations from rows: the transform behind {@linkcode twoEvents} and its
 * views. Takes one row per span, with the times of two events in seconds, or a
 * start and a length with `{ duration }`. Rows without a time are left out and
 * counted; negative durations are kept and counted.
 *
 * @example
 * ```ts
 * import { durationsOf } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const rows = [
 *   { launched: 10, running: 12.5 },
 *   { launched: 11, running: null },
 * ];
 * const { duration, withoutTime } = durationsOf(rows);
 * assert.deepEqual([...duration], [2.5]);
 * assert.equal(withoutTime, 1);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function durationsOf(
  rows: Rows | Durations,
  { start, end, duration, series }: DurationChannels = {},
): Durations {
  if (isDurations(rows)) return rows;
  const given = duration !== undefined;
  const read = readChannels(rows, {
    start: start === undefined && given && duration === 0 ? null : start,
    end: given ? duration : end,
    series: series ?? null,
  }, ["start", "end"]);
  // A duration alone has no start.
  const starts = read.start.values.length
    ? read.start.values
    : new Float64Array(read.length).fill(NaN);
  const took = read.end.values;
  for (let i = 0; i < took.length && !given; i++) took[i]! -= starts[i]!;
  const kept = numberPlaces(took);
  const { length } = kept;
  const isAll = length === read.length;
  let negative = 0;
  for (let i = 0; i < took.length; i++) if (took[i]! < 0) negative++;
  const names = isAll
    ? read.series.values
    : Array.from(kept, (i) => read.series.values[i]);
  return {
    length,
    start: isAll ? starts : valuesAt(starts, kept),
    duration: isAll ? took : valuesAt(took, kept),
    withoutTime: read.length - length,
    negative,
    series: series === undefined ? undefined : seriesOf(names, length),
    startName: given ? undefined : read.start.name,
    endName: given ? undefined : read.end.name,
  };
}

/** The durations of each series; without series, all of them, with no name. */
export function bySeries(
  { start, duration, series }: Durations,
): (Pick<Durations, "start" | "duration"> & { name: string | undefined })[] {
  if (!series) return [{ name: undefined, start, duration }];
  const parts = (values: Float64Array) =>
    valuesByGroup(values, series.names.length, (row) => series.of[row]!);
  const starts = parts(start);
  const durations = parts(duration);
  return series.names.map((name, s) => ({
    name,
    start: starts[s]!,
    duration: durations[s]!,
  }));
}

function isDurations(rows: Rows | Durations): rows is Durations {
  return (rows as Durations | undefined)?.duration instanceof Float64Array &&
    (rows as Durations).start instanceof Float64Array;
}
