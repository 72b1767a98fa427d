import { type Channel, readChannels, type Rows } from "../rows/channels.ts";
import { valuesByGroup } from "../rows/group_rows.ts";
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
  const channels = readChannels(rows, {
    start: start === undefined && given && duration === 0 ? null : start,
    end: given ? duration : end,
    series: series ?? null,
  }, ["start", "end"]);
  const starts = channels.start.values;
  const ends = channels.end.values;
  const result = {
    start: new Float64Array(channels.length),
    duration: new Float64Array(channels.length),
  };
  const names: unknown[] = [];
  let length = 0;
  let negative = 0;
  for (let i = 0; i < channels.length; i++) {
    // A duration alone has no start.
    const from = starts.length ? starts[i]! : NaN;
    const to = ends[i]!;
    const took = given ? to : to - from;
    if (Number.isNaN(took)) continue;
    if (took < 0) negative++;
    if (series !== undefined) names.push(channels.series.values[i]);
    result.start[length] = from;
    result.duration[length++] = took;
  }
  return {
    length,
    start: result.start.subarray(0, length),
    duration: result.duration.subarray(0, length),
    withoutTime: channels.length - length,
    negative,
    series: series === undefined ? undefined : seriesOf(names, length),
    startName: given ? undefined : channels.start.name,
    endName: given ? undefined : channels.end.name,
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
