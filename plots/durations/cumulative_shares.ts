import type { Rows } from "../rows/channels.ts";
import type { DurationScale } from "./duration_scale.ts";
import {
  bySeries,
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./durations.ts";

/** A point of a cumulative distribution. */
export interface CumulativeShare {
  /** The series, if the rows have any. */
  series?: string;
  /** A duration, in seconds. */
  duration: number;
  /** Number of durations that are at most so long. */
  count: number;
  /** Share of all durations of the series, from 0 to 1. */
  share: number;
}

/** Options of {@linkcode cumulativeShares}. */
export interface CumulativeOptions {
  /**
   * Number of pixel columns that it will be drawn in. Only the first and last
   * point of each are kept: a rising line shows no others. 640 by default;
   * `Infinity` keeps all points.
   */
  columns?: number | undefined;
  /** Whether the columns are equally wide by their logarithm. */
  log?: boolean | undefined;
}

/**
 * Counts the rows that took at most so long, a point per distinct duration, the
 * shortest first: the transform behind {@linkcode cumulativeDistribution}. The
 * points are exact even where others are left out.
 *
 * @example
 * ```ts
 * import { cumulativeShares } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const shares = cumulativeShares([[0, 1], [0, 1], [0, 3], [0, 7]]);
 * assert.deepEqual(shares.map(({ duration, share }) => [duration, share]), [
 *   [1, 0.5],
 *   [3, 0.75],
 *   [7, 1],
 * ]);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function cumulativeShares(
  rows: Rows | Durations,
  { columns = 640, log = false, ...channels }:
    & DurationChannels
    & CumulativeOptions = {},
): CumulativeShare[] {
  const durations = durationsOf(rows, channels);
  return bySeries(durations).flatMap(({ name, duration }) => {
    const sorted = duration.slice().sort();
    return keptPlaces(sorted, columns, log).map((i): CumulativeShare => ({
      ...(durations.series ? { series: name } : {}),
      duration: sorted[i]!,
      count: i + 1,
      share: (i + 1) / sorted.length,
    }));
  });
}

/** The last places of equal values: the first and last of each column. */
function keptPlaces(
  sorted: Float64Array,
  columns: number,
  log: boolean,
): number[] {
  const places: number[] = [];
  if (sorted.length === 0) return places;
  const scale = log
    ? (value: number) => value > 0 ? Math.log(value) : -Infinity
    : (value: number) => value;
  const start = scale(
    log ? sorted.find((value) => value > 0) ?? 1 : sorted[0]!,
  );
  const width = (scale(sorted.at(-1)!) - start) / columns;
  const columnOf = (value: number) =>
    width > 0 ? Math.floor((scale(value) - start) / width) : value;
  let column: number | undefined;
  let last = -1;
  for (let i = 0; i < sorted.length; i++) {
    if (sorted[i] === sorted[i + 1]) continue;
    const next = columnOf(sorted[i]!);
    if (next !== column) {
      if (last >= 0 && places.at(-1) !== last) places.push(last);
      places.push(i);
      column = next;
    }
    last = i;
  }
  if (places.at(-1) !== last) places.push(last);
  return places;
}

/** Lines from zero at the left end of the axis to its right end. */
export function onAxis(
  points: readonly CumulativeShare[],
  { at, domain, log, strip }: DurationScale,
): CumulativeShare[] {
  return [...Map.groupBy(points, ({ series }) => series ?? "")]
    .flatMap(([, points]) => {
      const last = points.at(-1)!;
      // Of what has no logarithm the last point counts them all.
      // The last point at zero or below counts them all.
      const rest = log
        ? points.filter(({ duration }) => !(duration > 0)).slice(-1)
        : [];
      const others = log
        ? points.filter(({ duration }) => duration > 0)
        : points;
      return [
        { ...last, duration: domain[0], count: 0, share: 0 },
        ...rest.map((point) => ({
          ...point,
          duration: strip ? at(point.duration) : domain[0],
        })),
        ...others,
        { ...last, duration: Math.max(domain[1], at(last.duration)) },
      ];
    });
}
