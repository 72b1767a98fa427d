import type { Rows } from "../rows/channels.ts";
import { columnEdges, runningCount } from "./running_count.ts";
import {
  readRunning,
  type RunningChannels,
  type RunningRead,
} from "./running_rows.ts";
import type { StatePeak } from "./state_counts.ts";

/** How finely concurrency is told. */
export interface RunningCountOptions {
  /**
   * Into how many equal parts the time is cut if it has more moments of change
   * than that. 640 if not given.
   */
  columns?: number | undefined;
}

/** How many spans of a series ran at once for some time. */
export interface RunningCount {
  /** From when, in seconds. */
  time: number;
  /** Until when, in seconds. */
  until: number;
  /** Which series; "" where there is one. */
  series: string;
  /** How many spans, or how many in the mean. Never 0. */
  count: number;
  /** The fewest at any time of the column; as `count`, where counts are exact. */
  minimum: number;
  /** The most at any time of the column. */
  maximum: number;
}

/** What a series comes to. */
export interface RunningSeries {
  /** Its name; "" where there is one. */
  name: string;
  /** How many spans it has. */
  spans: number;
  /** The most that ran at once. */
  most: number;
  /** The mean from its first start to its last end. */
  mean: number;
  /** The seconds that its spans ran, added up. */
  seconds: number;
}

/** Concurrency over time, and what else the rows tell. */
export interface RunningCounts {
  /** The counts, by series, and then by time. */
  counts: RunningCount[];
  /** Each series. */
  series: RunningSeries[];
  /** All of them together. */
  total: RunningSeries;
  /** The first and the last time, in seconds. */
  domain: [number, number];
  /** How long a column is, in seconds, if counts are means over columns. */
  columnSeconds: number | undefined;
  /** The most at one moment of each column, if there are columns. */
  peaks: StatePeak[];
  /** How many spans have no end: they run until the last time that is known. */
  unended: number;
  /** How many spans end before they start: they are not counted. */
  reversed: number;
  /** How many spans last 0 seconds: they are at no time among those that run. */
  instant: number;
  /** How many rows were left out because they have no start. */
  withoutTime: number;
  /** Whether the time of each series is counted from its own start. */
  isAligned: boolean;
}

/**
 * How many spans ran at once over time: the transform behind
 * {@linkcode runningSpans}. Takes a row for each span, in any order.
 *
 * Where there are more moments of change than columns, each column holds the
 * mean over its time, and the least and the most.
 *
 * @example
 * ```ts
 * import { runningCounts } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { counts, total } = runningCounts([
 *   { start: 0, end: 3 },
 *   { start: 1, end: 4 },
 * ]);
 * assert.deepEqual(
 *   counts.map(({ time, until, count }) => [time, until, count]),
 *   [[0, 1, 1], [1, 3, 2], [3, 4, 1]],
 * );
 * assert.deepEqual([total.most, total.mean], [2, 1.5]);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 * @throws {RangeError} if `columns` is not at least 1.
 */
export function runningCounts(
  rows: Rows,
  { columns = 640, ...channels }: RunningChannels & RunningCountOptions = {},
): RunningCounts {
  if (!(columns >= 1)) throw new RangeError("columns must be at least 1");
  return countRunning(readRunning(rows, channels), columns);
}

/** The counts of spans that are read, in so many columns. */
export function countRunning(
  { names, starts, ends, unendedSeconds, last, isAligned, left }: RunningRead,
  columns: number,
): RunningCounts {
  const allStarts = sortedOf(starts);
  const allEnds = sortedOf(ends);
  const { edges, columnSeconds } = columnEdges(
    mergedOf(mergedOf(allStarts, allEnds), Float64Array.from(last).sort()),
    columns,
  );
  const total = runningCount(allStarts, allEnds, edges);
  const counts: RunningCount[] = [];
  const series = names.map((name, s): RunningSeries => {
    const { mean, minimum, maximum } = names.length === 1
      ? total
      : runningCount(starts[s]!, ends[s]!, edges);
    mean.forEach((count, i) => {
      if (count <= 0) return;
      counts.push({
        time: edges[i]!,
        until: edges[i + 1]!,
        series: name,
        count,
        minimum: minimum[i]!,
        maximum: maximum[i]!,
      });
    });
    return summary(name, starts[s]!, ends[s]!, unendedSeconds[s]!, maximum);
  });
  const unended = unendedSeconds.flat();
  return {
    counts,
    series: series.filter(({ spans }) => spans > 0),
    total: summary("", allStarts, allEnds, unended, total.maximum),
    domain: [edges[0]!, edges.at(-1)!],
    columnSeconds,
    peaks: columnSeconds === undefined
      ? []
      : Array.from(total.maximum, (count, i) => ({
        time: edges[i]!,
        until: edges[i + 1]!,
        count,
      })),
    ...left,
    isAligned,
  };
}

function sortedOf(parts: readonly Float64Array[]): Float64Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Float64Array(parts.reduce((n, { length }) => n + length, 0));
  let place = 0;
  for (const part of parts) {
    all.set(part, place);
    place += part.length;
  }
  return all.sort();
}

/** Two columns in order as one. */
function mergedOf(a: Float64Array, b: Float64Array): Float64Array {
  const merged = new Float64Array(a.length + b.length);
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    merged[i + j] = a[i]! <= b[j]! ? a[i++]! : b[j++]!;
  }
  merged.set(i < a.length ? a.subarray(i) : b.subarray(j), i + j);
  return merged;
}

function summary(
  name: string,
  starts: Float64Array,
  ends: Float64Array,
  unended: readonly number[],
  maximum: Float64Array,
): RunningSeries {
  let ran = 0;
  // Unix seconds added up would lose parts of a second: from the first on.
  const origin = starts[0] ?? 0;
  for (const start of starts) ran -= start - origin;
  for (const end of ends) ran += end - origin;
  for (const end of unended) ran += end - origin;
  const length = Math.max(ends.at(-1) ?? origin, unended[0] ?? origin) - origin;
  let most = 0;
  for (const value of maximum) if (value > most) most = value;
  return {
    name,
    spans: starts.length,
    most,
    mean: length > 0 ? ran / length : 0,
    seconds: ran,
  };
}
