import { type Channel, readChannels, type Rows } from "../rows/channels.ts";
import { extentOf } from "../rows/grid.ts";
import { binsOf, roundWidth } from "../rows/bin_width.ts";
import { alignSeries, seriesOf } from "../rows/series.ts";
import { type SeriesSteps, seriesSteps } from "./series_steps.ts";

/** Columns of the rows that say when events happened. */
export interface EventChannels {
  /** Time in seconds. By default the column `time`, or else the first. */
  time?: Channel | undefined;
  /** Series of the event: app, executor, run. */
  series?: Channel | undefined;
  /**
   * Number of events in the row. By default the column `count` if there is one;
   * else, or if null, each row is one event.
   */
  count?: Channel | null | undefined;
  /**
   * Whether each series is counted from its own start. By default if no two
   * series overlap in time, as with runs that came one after the other.
   */
  alignStart?: boolean | undefined;
}

/** Resolution and unit of rates. */
export interface RateOptions {
  /**
   * Width of a bin in seconds. By default the smallest round one that makes at
   * most 200 bins.
   */
  per?: number | undefined;
  /**
   * Greatest number of steps. More bins than that are joined to steps with their
   * mean, minimum and maximum. 640 by default.
   */
  columns?: number | undefined;
  /** Time that rates are for. A second by default. */
  rate?: RateUnit | undefined;
}

/** A time that rates are for. */
export type RateUnit = "second" | "minute" | "hour" | "day";

/** Rates of events over time. */
export interface EventRates extends SeriesSteps {
  /** Time that the rates are for. */
  rate: RateUnit;
  /** Width of a bin in seconds. */
  seconds: number;
  /** Number of bins in a step. */
  binsPerStep: number;
  /** Number of events. */
  events: number;
  /** Mean rate of all events over all bins. */
  mean: number;
  /** Rows left out because they have no time. */
  withoutTime: number;
}

/**
 * Counts how often events happen over time, in bins of one round width, as
 * {@linkcode eventRate} draws it. Takes a row for each event or for each bin of
 * them, in any order. Bins begin at whole multiples of their width since 1970;
 * an event on the border is in the later one.
 *
 * @example
 * ```ts
 * import { eventRates } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const rows = [{ time: 0 }, { time: 1 }, { time: 6 }];
 * const { steps, events } = eventRates(rows, { per: 5 });
 * assert.deepEqual(steps.map(({ time, value }) => [time, value]), [
 *   [0, 0.4],
 *   [5, 0.2],
 * ]);
 * assert.equal(events, 3);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 * @throws {RangeError} if `per` is not above 0 or `columns` not at least 1.
 */
export function eventRates(
  rows: Rows,
  { per, columns, rate, ...channels }: EventChannels & RateOptions = {},
): EventRates {
  const events = readEvents(rows, channels);
  return ratesOf(countEvents(events, binSeconds([events], per)), rate, columns);
}

/** Events as columns of one length. */
export interface EventRows {
  time: Float64Array;
  /** Place of the series in `names`. */
  of: Int32Array;
  /** Number of events in the row. */
  count: Float64Array;
  names: string[];
  /** Width in seconds of the bins that the rows are, if they say. */
  binSeconds: number | undefined;
  /** First and last time, in seconds. */
  domain: [number, number];
  events: number;
  withoutTime: number;
  isAligned: boolean;
}

/** Reads the rows of events. */
export function readEvents(
  rows: Rows,
  { time: ofTime, series, count: ofCount, alignStart }: EventChannels,
): EventRows {
  const read = readChannels(rows, {
    time: ofTime ?? ["time", 0],
    series: series ?? null,
    count: ofCount === undefined ? ["count", null] : ofCount,
    seconds: ofCount === undefined ? ["seconds", null] : null,
  }, ["time"]);
  const groups = seriesOf(read.series.values, read.length);
  const counts = read.count.values;
  const countOf = (row: number) => counts.length ? Number(counts[row]) : 1;
  const timed = Uint32Array.from(read.time.values.keys())
    .filter((row) => !Number.isNaN(read.time.values[row]));
  const kept = timed
    .filter((row) => countOf(row) > 0 && countOf(row) < 1e100);
  const time = Float64Array.from(kept, (row) => read.time.values[row]!);
  const of = Int32Array.from(kept, (row) => groups.of[row]!);
  const count = Float64Array.from(kept, countOf);
  const { names } = groups;
  const isAligned = alignSeries(time, { of, names }, alignStart);
  // Empty bins tell of a width too.
  const [, width] = extentOf(
    Float64Array.from(read.seconds.values, (value) => Number(value) || 0),
  );
  return {
    time,
    of,
    count,
    names,
    binSeconds: counts.length && width > 0 ? width : undefined,
    domain: extentOf(time),
    events: count.reduce((a, b) => a + b, 0),
    withoutTime: read.length - timed.length,
    isAligned,
  };
}

/** Events counted in bins. */
export interface EventBins extends Omit<EventRows, "time" | "of" | "count"> {
  /** Width of a bin in seconds. */
  seconds: number;
  /** Number of the first bin, counted from 1970. */
  first: number;
  /** Events in each bin, by series. */
  counts: Float64Array[];
  /** Events of all series in each bin. */
  totals: Float64Array;
  /** Most events in a bin. */
  peak: number;
}

/** Counts events in bins of one width. */
export function countEvents(
  { time, of, count, ...events }: EventRows,
  seconds: number,
): EventBins {
  const { place } = binsOf(seconds);
  const first = place(events.domain[0]);
  const bins = time.length ? place(events.domain[1]) - first + 1 : 0;
  const counts = events.names.map(() => new Float64Array(bins));
  const totals = new Float64Array(bins);
  for (let i = 0; i < time.length; i++) {
    const bin = place(time[i]!) - first;
    counts[of[i]!]![bin]! += count[i]!;
    totals[bin]! += count[i]!;
  }
  const peak = totals.reduce((a, b) => Math.max(a, b), 0);
  return { ...events, seconds, first, counts, totals, peak };
}

/** Counts in bins as rates in steps of several bins. */
export function ratesOf(
  { names, events, seconds, first, counts, totals, withoutTime, isAligned }:
    EventBins,
  rate: RateUnit = "second",
  columns: number = 640,
): EventRates {
  if (!(columns >= 1)) throw new RangeError("columns must be at least 1");
  const bins = totals.length;
  const { edge } = binsOf(seconds);
  const binsPerStep = Math.max(1, Math.ceil(bins / columns));
  const stepSeconds = binsPerStep * seconds;
  const rateOf = (count: number) => count / seconds * unitSeconds[rate];
  const rates = [...counts, totals].map((counts) =>
    ratesPerStep(counts, binsPerStep, rateOf)
  );
  const maximum = rates.pop()!.maximum;
  const peak = maximum.reduce((a, b) => Math.max(a, b), 0);
  const edges = maximum.map((_, i) => edge(first + i * binsPerStep));
  return {
    ...seriesSteps(
      {
        edges: Float64Array.from(
          bins ? [...edges, edge(first + bins)] : [0, 1],
        ),
        columnSeconds: binsPerStep > 1 ? stepSeconds : undefined,
        series: bins ? rates : [],
        total: { maximum, peak },
      },
      bins ? names : [],
      isAligned,
    ),
    columnSeconds: stepSeconds,
    rate,
    seconds,
    binsPerStep,
    events,
    mean: bins ? rateOf(events / bins) : 0,
    withoutTime,
  };
}

/** The rates in steps of so many bins. */
function ratesPerStep(
  counts: Float64Array,
  bins: number,
  rateOf: (count: number) => number,
) {
  const steps = Math.ceil(counts.length / bins);
  const sum = new Float64Array(steps);
  const minimum = new Float64Array(steps).fill(Infinity);
  const maximum = new Float64Array(steps);
  counts.forEach((count, bin) => {
    const step = Math.floor(bin / bins);
    sum[step]! += count;
    if (count < minimum[step]!) minimum[step] = count;
    if (count > maximum[step]!) maximum[step] = count;
  });
  return {
    // The last step may have fewer bins.
    mean: sum.map((sum, step) =>
      rateOf(sum / Math.min(bins, counts.length - step * bins))
    ),
    minimum: minimum.map(rateOf),
    maximum: maximum.map(rateOf),
  };
}

const unitSeconds = { second: 1, minute: 60, hour: 3600, day: 86_400 } as const;

/** The shortest unit in which the greatest rate is at least 1. */
export function rateFor(all: readonly EventBins[]): RateUnit {
  const greatest = Math.max(...all.map(({ peak, seconds }) => peak / seconds));
  const units = ["second", "minute", "hour", "day"] as const;
  if (!(greatest > 0)) return "second";
  return units.find((unit) => greatest * unitSeconds[unit] >= 1) ?? "day";
}

/** A width of bins that fits all sets of events. */
export function binSeconds(
  sets: readonly EventRows[],
  per: number | undefined,
): number {
  if (per !== undefined && !(per > 0 && per < Infinity)) {
    throw new RangeError(
      `per must be a number of seconds above 0; it is ${per}`,
    );
  }
  const longest = Math.max(0, ...sets.map(({ domain: [a, b] }) => b - a));
  const widths = sets.map(({ binSeconds }) => binSeconds ?? 0);
  const given = Math.max(0, ...widths) || undefined;
  // A time that is far off, as in a damaged log, must not make endless bins.
  return per === undefined
    ? roundWidth(longest, 200, given)
    : roundWidth(longest, 1_000_000, per);
}
