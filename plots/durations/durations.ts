import { type Channel, readChannels, type Rows } from "../rows/channels.ts";
import { type Series, seriesOf } from "../rows/series.ts";

/** Which columns say when something started and how long it took. */
export interface DurationChannels {
  /** When it started, in seconds. The first column, if not given. */
  start?: Channel | null;
  /** When it ended, in seconds. The second column, if not given. */
  end?: Channel;
  /** How long it took, in seconds, in place of `end`. */
  duration?: Channel;
  /** Which series a row belongs to: a run, an app. Each has its own colour. */
  series?: Channel | undefined;
}

/**
 * Starts and durations as columns of one length, both in seconds. Plot takes
 * them as they are: `Plot.dot({ length }, { x: start, y: duration })`.
 */
export interface Durations {
  /** How many rows there are. */
  length: number;
  /** When each started, in seconds. NaN where a row has a duration but no start. */
  start: Float64Array;
  /** How long each took, in seconds. */
  duration: Float64Array;
  /** How many rows were left out because a time was missing. */
  withoutTime: number;
  /** How many durations are below zero: the end came before the start. */
  negative: number;
  /** Which series each belongs to, if the rows have any. */
  series?: Series | undefined;
  /** Whether `start` counts from each series' own first one. */
  aligned?: boolean;
  /** What the columns are called, where they have names. */
  startName: string | undefined;
  /** See `startName`. */
  endName: string | undefined;
}

/**
 * How long each row took: the transform behind {@linkcode twoEvents} and its
 * parts. Takes one row a span, with the times of two events in seconds, or a
 * start and a length with `{ duration }`. A row without a time is left out and
 * counted; a negative duration is kept and counted.
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
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
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
    // Of a duration alone there is no start.
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

/** The durations of one series. */
export interface DurationsOfSeries {
  /** Empty, where there are no series. */
  name: string;
  /** How long each took, in seconds. */
  duration: Float64Array;
  /** When each started, in seconds. */
  start: Float64Array;
}

/** The durations of each series; all of them, where there are no series. */
export function bySeries(
  { start, duration, series, length }: Durations,
): DurationsOfSeries[] {
  if (!series) return [{ name: "", start, duration }];
  const sizes = new Uint32Array(series.names.length);
  for (let i = 0; i < length; i++) sizes[series.of[i]!]!++;
  const parts = series.names.map((name, s) => ({
    name,
    start: new Float64Array(sizes[s]!),
    duration: new Float64Array(sizes[s]!),
  }));
  sizes.fill(0);
  for (let i = 0; i < length; i++) {
    const s = series.of[i]!;
    const place = sizes[s]!++;
    parts[s]!.start[place] = start[i]!;
    parts[s]!.duration[place] = duration[i]!;
  }
  return parts;
}

function isDurations(rows: Rows | Durations): rows is Durations {
  return (rows as Durations | undefined)?.duration instanceof Float64Array &&
    (rows as Durations).start instanceof Float64Array;
}
