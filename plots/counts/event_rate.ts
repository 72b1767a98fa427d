// Over 300 lines: one chart, from its rows to its marks and caption.

import { numberAxis } from "../axes/number_axes.ts";
import { formatDuration, formatMean } from "../axes/units.ts";
import type { Chart } from "../chart/chart.ts";
import { type ChartKind, chartOf } from "../chart/chart_kind.ts";
import {
  columnsThatFit,
  deriveSeries,
  drawSeries,
  meansOver,
  type SeriesFacet,
  type SeriesOptions,
} from "../chart/series_plot.ts";
import { counted, rowsWithoutTime } from "../chart/captions.ts";
import { binsOf, binWidth } from "../rows/bin_width.ts";
import { type Channel, readChannels, type Rows } from "../rows/channels.ts";
import { extentOf } from "../rows/grid.ts";
import { alignSeries, type SeriesChannels, seriesOf } from "../rows/series.ts";
import { Changes, type Sweep, sweep } from "../rows/sweep.ts";
import {
  type ColumnOptions,
  type SeriesSteps,
  seriesSteps,
  type Stacking,
  valueDomain,
} from "./series_steps.ts";

/** Columns of the rows that say when events happened. */
export interface EventChannels extends SeriesChannels {
  /** Time in seconds. By default the column `time`, or else the first. */
  time?: Channel | undefined;
  /**
   * Number of events in the row. By default the column `count` if there is one;
   * else, or if null, each row is one event.
   */
  count?: Channel | null | undefined;
}

/** Resolution and unit of rates. */
export interface RateOptions extends ColumnOptions {
  /**
   * Width of a bin in seconds. By default the smallest round one that makes at
   * most 200 bins.
   */
  per?: number | undefined;
  /** Time that rates are for. By default a second; in a chart, one that fits. */
  rate?: RateUnit | undefined;
}

/** A time that rates are for. */
export type RateUnit = "second" | "minute" | "hour" | "day";

/** Options of {@linkcode eventRate}. */
export interface EventRateOptions
  extends EventChannels, RateOptions, SeriesOptions {}

/**
 * Draws how often events happen: per second, minute, hour or day, as it fits, in
 * bins of one round width, which the caption gives. One row for each event with
 * its time in seconds; or rows that stand for several each, as `eventCounts()`
 * gives them.
 *
 * `series` have colours of their own: apps, executors, kinds of events. Runs
 * that came one after the other each start at the left, unless `alignStart` is
 * false. The first and the last bin may lie in part outside of the observed
 * time: their rate is too low then.
 *
 * @example
 * ```ts
 * import { eventRate } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = eventRate([{ time: 0 }, { time: 1 }, { time: 6 }], { per: 5 });
 * assert.match(chart.caption, /^3 events in bins of 5 s: at most 24 per minute/);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 * @throws {RangeError} if `per` is not above 0.
 */
export function eventRate(rows: Rows, options: EventRateOptions = {}): Chart {
  return chartOf(rows, options, eventRateKind);
}

const eventRateKind: ChartKind<
  EventRows,
  SeriesFacet<EventRates>,
  EventRateOptions
> = {
  height: 280,
  read: (rows, options) => readEvents(rows as Rows, options),
  derive(all, options) {
    const seconds = widthFor(all, options.per);
    const counts = all.map((events) =>
      countEvents(
        events,
        seconds,
        options.columns ?? columnsThatFit(events.names.length, all.length),
      )
    );
    const { rate = rateFor(counts) } = options;
    return deriveSeries(
      counts.map((counts) => ratesOf(counts, rate)),
      options,
      { title: "Rate of events", caption: captionOf },
    );
  },
  draw: (facet, options) =>
    drawSeries(facet, options, {
      y: (domain, pixels) =>
        numberAxis(domain, {
          pixels,
          label: `events per ${facet.data.rate}`,
        }),
      meanOver: facet.data.seconds,
    }),
};

function captionOf(rates: EventRates, stack: Stacking): string {
  const { events, seconds, rate, isAligned, withoutTime } = rates;
  if (events + withoutTime === 0) return "No rows.";
  const peak = isAligned ? valueDomain(rates, "lines")[1] : rates.peak;
  return [
    `${counted(events, "event")} in bins of ${formatDuration(seconds)}: ` +
    `at most ${formatMean(peak)} per ${rate}` +
    (isAligned ? " in one series." : `, ${formatMean(rates.mean)} on average.`),
    ...meansOver(rates, stack),
    ...rowsWithoutTime(withoutTime),
  ].join(" ");
}

/** Rates of events over time. */
export interface EventRates extends SeriesSteps {
  /** Time that the rates are for. */
  rate: RateUnit;
  /** Width of a bin in seconds. */
  seconds: number;
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
  return ratesOf(countEvents(events, widthFor([events], per), columns), rate);
}

/** Events as columns of one length. */
interface EventRows {
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
function readEvents(
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
  const { length, time: { values: times } } = read;
  const columns = {
    time: new Float64Array(length),
    of: new Int32Array(length),
    count: new Float64Array(length),
  };
  let [kept, events, withoutTime, width] = [0, 0, 0, 0];
  for (let row = 0; row < length; row++) {
    const count = counts.length ? Number(counts[row]) : 1;
    // Empty bins tell of a width too.
    width = Math.max(width, Number(read.seconds.values[row]) || 0);
    if (Number.isNaN(times[row])) withoutTime++;
    else if (count > 0 && count < 1e100) {
      columns.time[kept] = times[row]!;
      columns.of[kept] = groups.of[row]!;
      columns.count[kept++] = count;
      events += count;
    }
  }
  const time = columns.time.subarray(0, kept);
  const of = columns.of.subarray(0, kept);
  const { names } = groups;
  const isAligned = alignSeries(time, { of, names }, alignStart);
  return {
    time,
    of,
    count: columns.count.subarray(0, kept),
    names,
    binSeconds: counts.length && width > 0 ? width : undefined,
    domain: extentOf(time),
    events,
    withoutTime,
    isAligned,
  };
}

/** Events counted in bins of one width. */
interface EventCounts extends EventRows {
  /** Number of events in a bin over time. */
  swept: Sweep;
  /** Width of a bin in seconds. */
  seconds: number;
}

/** Counts events in bins of one width. */
function countEvents(
  events: EventRows,
  seconds: number,
  columns: number | undefined,
): EventCounts {
  const { time, of, count, names, domain } = events;
  const { place, edge } = binsOf(seconds);
  const first = place(domain[0]);
  const counts = names.map(() =>
    new Float64Array(place(domain[1]) - first + 1)
  );
  time.forEach((at, i) => counts[of[i]!]![place(at) - first]! += count[i]!);
  // The count of a bin is there from its start to its end.
  const changes = new Changes();
  counts.forEach((own, s) =>
    own.forEach((count, bin) => {
      if (count === 0) return;
      changes.add(edge(first + bin), s, count);
      changes.add(edge(first + bin + 1), s, -count);
    })
  );
  return { ...events, swept: sweep(changes, names.length, columns), seconds };
}

/** Counts in bins as rates. */
function ratesOf(
  { swept, names, seconds, events, withoutTime, isAligned }: EventCounts,
  rate: RateUnit = "second",
): EventRates {
  const unit = unitSeconds[rate];
  const steps = seriesSteps(swept, names, isAligned, seconds / unit);
  const [first, last] = steps.domain;
  return {
    ...steps,
    rate,
    seconds,
    events,
    mean: events / (last - first) * unit,
    withoutTime,
  };
}

const unitSeconds = { second: 1, minute: 60, hour: 3600, day: 86_400 } as const;

/** The shortest unit in which the greatest rate is at least 1. */
function rateFor(all: readonly EventCounts[]): RateUnit {
  const greatest = Math.max(
    ...all.map(({ swept, seconds }) => swept.total.peak / seconds),
  );
  const units = Object.keys(unitSeconds) as RateUnit[];
  if (!(greatest > 0)) return "second";
  return units.find((unit) => greatest * unitSeconds[unit] >= 1) ?? "day";
}

/** A width of bins that fits all sets of events. */
const widthFor = (sets: readonly EventRows[], per: number | undefined) =>
  binWidth(
    Math.max(0, ...sets.map(({ domain: [first, last] }) => last - first)),
    per,
    Math.max(0, ...sets.map(({ binSeconds }) => binSeconds ?? 0)) || undefined,
  );
