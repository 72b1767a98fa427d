import { checkOptions, type OptionNames } from "../../display/text/mistakes.ts";
import {
  type Channel,
  nounOf,
  readChannels,
  type Rows,
} from "../rows/channels.ts";
import { numberPlaces, valuesAt, valuesByGroup } from "../rows/row_order.ts";
import { maxLineSeries, type Series, seriesOf } from "../rows/series.ts";
import { nameChannels, nameOfRow } from "../rows/span_names.ts";

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
  /**
   * 1 or true for a row that had not ended at its `end`, which is only the last
   * moment known of it. By default the column `unfinished`, if there is one.
   */
  unfinished?: Channel | undefined;
}

export const durationChannelNames: OptionNames<DurationChannels> = {
  start: true,
  end: true,
  duration: true,
  series: true,
  unfinished: true,
};

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
  /** Number of rows left out because they have no start, or no duration. */
  withoutTime: number;
  /** Number of rows left out because they had not ended. */
  unfinished: number;
  /** Those of them of which a last moment is known, up to that moment. */
  known?: Pick<Durations, "length" | "start" | "duration" | "series">;
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
  /** What each row is about, in the singular: "span", unless it is known. */
  noun: string;
  /** What people call the span of a row, if it is known. */
  nameOf?: (i: number) => string | undefined;
}

/**
 * Reads durations from rows: the transform behind {@linkcode twoEvents} and its
 * views. Takes one row per span, with the times of two events in seconds, or a
 * start and a length with `{ duration }`. Rows with a start and no end had not
 * ended: they are left out and counted, as are rows without a time. Negative
 * durations are kept and counted.
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
 * const { duration, unfinished } = durationsOf(rows);
 * assert.deepEqual([...duration], [2.5]);
 * assert.equal(unfinished, 1);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function durationsOf(
  rows: Rows | Durations,
  options: DurationChannels = {},
): Durations {
  checkOptions("durationsOf", options, durationChannelNames);
  const { start, end, duration, series, unfinished } = options;
  if (isDurations(rows)) return rows;
  const given = duration !== undefined;
  const read = readChannels(rows, {
    start: start === undefined && given && duration === 0 ? null : start,
    end: given ? duration : end,
    series: series ?? null,
    unfinished: unfinished ?? ["unfinished", null],
    ...nameChannels,
  }, ["start", "end"]);
  // A duration alone has no start.
  const starts = read.start.values.length
    ? read.start.values
    : new Float64Array(read.length).fill(NaN);
  const took = read.end.values;
  for (let i = 0; i < took.length && !given; i++) took[i]! -= starts[i]!;
  const marks = read.unfinished.values;
  const isKnown = (row: number) => Boolean(Number(marks[row] ?? 0));
  const places = numberPlaces(took);
  const known = marks.length ? places.filter(isKnown) : places.subarray(0, 0);
  const kept = known.length ? places.filter((row) => !isKnown(row)) : places;
  const names = read.series.values;
  const all = series === undefined ? undefined : seriesOf(
    known.length === 0 && places.length === read.length
      ? names
      : Array.from([...kept, ...known], (row) => names[row]),
    places.length,
    maxLineSeries,
  );
  const rowsAt = (rows: Uint32Array, first: number) => ({
    length: rows.length,
    start: rows.length === read.length ? starts : valuesAt(starts, rows),
    duration: rows.length === read.length ? took : valuesAt(took, rows),
    series: all && {
      ...all,
      of: all.of.subarray(first, first + rows.length),
      own: all.own.subarray(first, first + rows.length),
    },
  });
  let [negative, withoutEnd] = [0, 0];
  for (const row of kept) if (took[row]! < 0) negative++;
  for (let row = 0; row < read.length && !given; row++) {
    if (Number.isNaN(took[row]) && !Number.isNaN(starts[row])) withoutEnd++;
  }
  return {
    ...rowsAt(kept, 0),
    withoutTime: read.length - places.length - withoutEnd,
    unfinished: withoutEnd + known.length,
    ...known.length > 0 && { known: rowsAt(known, kept.length) },
    negative,
    startName: given ? undefined : read.start.name,
    endName: given ? undefined : read.end.name,
    noun: nounOf(rows),
    nameOf: (i) => nameOfRow(read, kept[i]!),
  };
}

/** The rows that ended, and those that had not, if they are drawn. */
export const partsOf = (
  durations: Durations,
): readonly NonNullable<Durations["known"]>[] =>
  durations.known ? [durations, durations.known] : [durations];

/** The durations of each series; without series, all of them, with no name. */
export function bySeries(
  { start, duration, series }: Pick<
    Durations,
    "start" | "duration" | "series"
  >,
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
