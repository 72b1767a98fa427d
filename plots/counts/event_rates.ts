import { type Channel, readChannels, type Rows } from "../rows/channels.ts";
import { binsOf, roundWidth } from "../rows/bin_width.ts";
import { alignSeries, seriesOf } from "../rows/series.ts";
import type { SeriesStep, SeriesSteps } from "./series_steps.ts";

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

/** Rate of a series for some time. */
export interface EventRateStep extends SeriesStep {
  /** Number of events. Never 0. */
  count: number;
}

/** Rates of events over time. */
export interface EventRates extends SeriesSteps {
  /** The rates, by series, and then by time. */
  steps: EventRateStep[];
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
  const seconds = binSeconds([events], per);
  return inUnit(ratesOf(events, seconds, columns), rate);
}

/** Events as columns of one length. */
export interface EventRows {
  time: Float64Array;
  /** Place in `names`. */
  series: Int32Array;
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
  { time: ofTime, series: ofSeries, count: ofCount, alignStart }: EventChannels,
): EventRows {
  const read = readChannels(rows, {
    time: ofTime ?? ["time", 0],
    series: ofSeries ?? null,
    count: ofCount === undefined ? ["count", null] : ofCount,
    seconds: ofCount === undefined ? ["seconds", null] : null,
  }, ["time"]);
  const groups = seriesOf(read.series.values, read.length);
  const counts = read.count.values;
  const room = new Float64Array(read.length);
  const of = new Int32Array(read.length);
  const weights = new Float64Array(read.length);
  let [kept, width, withoutTime, events] = [0, 0, 0, 0];
  for (let i = 0; i < read.length; i++) {
    const moment = read.time.values[i]!;
    const count = counts.length ? Number(counts[i] ?? 0) : 1;
    if (Number.isNaN(moment)) withoutTime++;
    // Empty bins tell of a width too.
    width = Math.max(width, Number(read.seconds.values[i] ?? 0) || 0);
    if (Number.isNaN(moment) || !(count > 0 && count < 1e100)) continue;
    room[kept] = moment;
    of[kept] = groups.of[i]!;
    weights[kept++] = count;
    events += count;
  }
  const time = room.subarray(0, kept);
  const series = of.subarray(0, kept);
  const { names } = groups;
  const isAligned = alignSeries(time, { of: series, names }, alignStart);
  let [first, last] = [Infinity, -Infinity];
  for (const moment of time) {
    if (moment < first) first = moment;
    if (moment > last) last = moment;
  }
  return {
    time,
    series,
    count: weights.subarray(0, kept),
    names,
    binSeconds: counts.length && width > 0 ? width : undefined,
    domain: kept ? [first, last] : [0, 0],
    events,
    withoutTime,
    isAligned,
  };
}

/** Counts events in bins; the rates are for a second. */
export function ratesOf(
  { time, series, count, names, domain, ...events }: EventRows,
  seconds: number,
  columns: number = 640,
): EventRates {
  if (!(columns >= 1)) throw new RangeError("columns must be at least 1");
  const { place, edge } = binsOf(seconds);
  const first = place(domain[0]);
  const bins = time.length ? place(domain[1]) - first + 1 : 0;
  const counts = names.map(() => new Float64Array(bins));
  const all = new Float64Array(bins);
  for (let i = 0; i < time.length; i++) {
    const bin = place(time[i]!) - first;
    counts[series[i]!]![bin]! += count[i]!;
    all[bin]! += count[i]!;
  }
  const binsPerStep = Math.max(1, Math.ceil(bins / columns));
  const stepsOf = (series: string, counts: Float64Array) => {
    const steps: EventRateStep[] = [];
    for (let from = 0; from < bins; from += binsPerStep) {
      const to = Math.min(bins, from + binsPerStep);
      const own = counts.subarray(from, to);
      let [sum, least, most] = [0, Infinity, 0];
      for (const count of own) {
        sum += count;
        if (count < least) least = count;
        if (count > most) most = count;
      }
      steps.push({
        time: edge(first + from),
        until: edge(first + to),
        series,
        count: sum,
        value: sum / own.length / seconds,
        minimum: least / seconds,
        maximum: most / seconds,
      });
    }
    return steps;
  };
  const totals = stepsOf("", all);
  return {
    steps: names.flatMap((name, s) =>
      stepsOf(name, counts[s]!).filter(({ count }) => count > 0)
    ),
    names: time.length ? names : [],
    domain: bins ? [edge(first), edge(first + bins)] : [0, 1],
    peak: totals.reduce((peak, { maximum }) => Math.max(peak, maximum), 0),
    peaks: binsPerStep > 1
      ? totals.map(({ time, until, maximum }) => ({
        time,
        until,
        value: maximum,
      }))
      : [],
    columnSeconds: binsPerStep * seconds,
    rate: "second",
    seconds,
    binsPerStep,
    events: events.events,
    mean: bins ? events.events / (bins * seconds) : 0,
    withoutTime: events.withoutTime,
    isAligned: events.isAligned,
  };
}

const unitSeconds = { second: 1, minute: 60, hour: 3600, day: 86_400 } as const;

/** Rates for a second as rates for another time. */
export function inUnit(
  rates: EventRates,
  rate: RateUnit = "second",
): EventRates {
  const factor = unitSeconds[rate];
  return {
    ...rates,
    rate,
    steps: rates.steps.map((step) => ({
      ...step,
      value: step.value * factor,
      minimum: step.minimum * factor,
      maximum: step.maximum * factor,
    })),
    peak: rates.peak * factor,
    peaks: rates.peaks.map((peak) => ({ ...peak, value: peak.value * factor })),
    mean: rates.mean * factor,
  };
}

/** The shortest unit in which so many events a second are at least one. */
export function rateUnitFor(perSecond: number): RateUnit {
  const units = ["second", "minute", "hour", "day"] as const;
  if (!(perSecond > 0)) return "second";
  return units.find((unit) => perSecond * unitSeconds[unit] >= 1) ?? "day";
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
