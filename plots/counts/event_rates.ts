import type { Rows } from "../rows/channels.ts";
import { binsOf, roundWidth } from "../rows/bin_width.ts";
import {
  type EventChannels,
  type EventTimes,
  eventTimes,
} from "./event_times.ts";

/** How finely rates are told. */
export interface RateOptions {
  /**
   * The width of a bin, in seconds. If not given, the smallest round one with
   * which there are at most 200 bins.
   */
  per?: number | undefined;
  /**
   * How many steps there are at most: of more bins, several become one step,
   * with their mean, the least and the greatest rate. 640 if not given.
   */
  columns?: number | undefined;
}

/** How often events of a series happened for some time. */
export interface EventRateRow {
  /** From when, in seconds. */
  time: number;
  /** Until when, in seconds. */
  until: number;
  /** Which series; "" where there is one. */
  series: string;
  /** How many events. Never 0. */
  count: number;
  /** How many events a second. */
  rate: number;
  /** The least rate of a bin; as `rate`, where a step is one bin. */
  minimum: number;
  /** The greatest rate of a bin. */
  maximum: number;
}

/** Rates of events over time, and what else the rows tell. */
export interface EventRates {
  /** The rates, by series, and then by time. */
  rates: EventRateRow[];
  /** The series. */
  series: string[];
  /** Where the first bin begins and where the last ends, in seconds. */
  domain: [number, number];
  /** The first and the last event, or end of a bin of them, in seconds. */
  observed: [number, number];
  /** How wide a bin is, in seconds. */
  seconds: number;
  /** How many bins make a step. */
  binsPerStep: number;
  /** How many events there are. */
  events: number;
  /** The most events a second in a bin, of all series together. */
  most: number;
  /** The same of each step. */
  peaks: { time: number; until: number; count: number }[];
  /** How many rows were left out because they have no time. */
  withoutTime: number;
  /** Whether the time of each series is counted from its own start. */
  isAligned: boolean;
}

/**
 * How often events happen over time, in bins of one round width: the transform
 * behind {@linkcode eventRate}. Takes a row for each event, in any order, or
 * for each bin of them. Bins begin at whole multiples of their width since 1970;
 * an event on the border is in the later one.
 *
 * @example
 * ```ts
 * import { eventRates } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const rows = [{ time: 0 }, { time: 1 }, { time: 6 }];
 * const { rates, events } = eventRates(rows, { per: 5 });
 * assert.deepEqual(rates.map(({ time, rate }) => [time, rate]), [
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
  { per, columns, ...channels }: EventChannels & RateOptions = {},
): EventRates {
  return ratesOf(eventTimes(rows, channels), { per, columns });
}

/** The rates of events that are read. */
export function ratesOf(
  events: EventTimes,
  { per, columns = 640 }: RateOptions,
): EventRates {
  if (!(columns >= 1)) throw new RangeError("columns must be at least 1");
  const { time, of, weight, names, domain: observed } = events;
  const seconds = binSeconds([events], per);
  const { place, edge } = binsOf(seconds);
  const first = place(observed[0]);
  const bins = time.length ? place(observed[1]) - first + 1 : 0;
  const counts = names.map(() => new Float64Array(bins));
  const all = new Float64Array(bins);
  for (let i = 0; i < time.length; i++) {
    const bin = place(time[i]!) - first;
    counts[of[i]!]![bin]! += weight[i]!;
    all[bin]! += weight[i]!;
  }
  const binsPerStep = Math.max(1, Math.ceil(bins / columns));
  const stepsOf = (counts: Float64Array) => {
    const steps = [];
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
        count: sum,
        rate: sum / own.length / seconds,
        minimum: least / seconds,
        maximum: most / seconds,
      });
    }
    return steps;
  };
  const peaks = stepsOf(all)
    .map(({ time, until, maximum }) => ({ time, until, count: maximum }));
  return {
    rates: names.flatMap((series, s) =>
      stepsOf(counts[s]!).filter(({ count }) => count > 0)
        .map((step) => ({ ...step, series }))
    ),
    series: time.length ? names : [],
    domain: bins ? [edge(first), edge(first + bins)] : [0, 1],
    observed: [observed[0], observed[1] + (events.given ?? 0)],
    seconds,
    binsPerStep,
    events: events.events,
    most: peaks.reduce((most, { count }) => Math.max(most, count), 0),
    peaks: binsPerStep > 1 ? peaks : [],
    withoutTime: events.withoutTime,
    isAligned: events.isAligned,
  };
}

/** One width of bins that fits several sets of events. */
export function binSeconds(
  sets: readonly EventTimes[],
  per: number | undefined,
): number {
  if (per !== undefined && !(per > 0 && per < Infinity)) {
    throw new RangeError(
      `per is the width of a bin in seconds, above zero, not ${per}`,
    );
  }
  const longest = Math.max(0, ...sets.map(({ domain: [a, b] }) => b - a));
  const widths = sets.map(({ given }) => given ?? 0);
  const given = Math.max(0, ...widths) || undefined;
  // A time that is far off, as in a damaged log, must not make bins without end.
  return per === undefined
    ? roundWidth(longest, 200, given)
    : roundWidth(longest, 1_000_000, per);
}
