// Over 300 lines: the chart stands with its transform and their examples.

// @ts-types="npm:@types/d3-array@3.2.2"
import { max, sum } from "d3-array";
import { checkOptions, type OptionNames } from "../../display/text/mistakes.ts";
import { numberAxis } from "../axes/number_axes.ts";
import { formatDuration, formatMean } from "../axes/units.ts";
import { counted, plural, rowsWithoutTime } from "../chart/captions.ts";
import type { Chart } from "../chart/chart.ts";
import {
  type Channel,
  nounOf,
  readChannels,
  type Rows,
} from "../rows/channels.ts";
import { binsOf, binWidth, extentOf } from "../rows/grid.ts";
import { numberPlaces, valuesAt } from "../rows/row_order.ts";
import {
  alignSeries,
  seriesChannelNames,
  type SeriesChannels,
  seriesOf,
} from "../rows/series.ts";
import { Changes, sweep } from "../rows/sweep.ts";
import {
  columnOptionNames,
  type ColumnOptions,
  seriesChart,
  seriesOptionNames,
  type SeriesOptions,
  type SeriesSteps,
  seriesSteps,
  valueDomain,
} from "./series.ts";

/** Columns with the times of events. */
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
   * Width of a bin in seconds. By default the smallest round width with at most
   * 200 bins.
   */
  per?: number | undefined;
  /**
   * Unit of time of the rates. By default a second; in a chart, one that fits.
   */
  rate?: RateUnit | undefined;
}

const eventRateNames: OptionNames<EventChannels & RateOptions> = {
  time: true,
  count: true,
  ...seriesChannelNames,
  per: true,
  rate: true,
  ...columnOptionNames,
};

/** Unit of time of a rate. */
export type RateUnit = "second" | "minute" | "hour" | "day";

/** Options of {@linkcode eventRate}. */
export interface EventRateOptions
  extends EventChannels, RateOptions, SeriesOptions {}

/**
 * Draws how often events happen, per second, minute, hour or day, in bins of
 * one round width, which the caption states. Takes one row per event with its
 * time in seconds, or rows with a count of events, as from `eventCounts()`.
 *
 * Each series, such as an app, executor or type of event, has its own colour.
 * Runs that do not overlap in time each start at the left, unless `alignStart`
 * is false. The first and last bin may extend beyond the observed time; their
 * rate is then too low.
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
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 * @throws {RangeError} if `per` is not above 0.
 */
export function eventRate(rows: Rows, options: EventRateOptions = {}): Chart {
  checkOptions("eventRate", options, {
    ...eventRateNames,
    ...seriesOptionNames,
  });
  return seriesChart(rows, options, {
    height: 280,
    read: (rows) => readEvents(rows, options),
    count(all, columnsFor) {
      const seconds = widthFor(all, options.per);
      const counts = all.map((events) =>
        countEvents(events, seconds, columnsFor(events.names.length))
      );
      const { rate = rateFor(counts) } = options;
      return counts.map((counts) => ratesOf(counts, rate));
    },
    title: ({ noun, timeName, rate }) =>
      `How many ${plural(noun)}${happened(timeName)} per ${rate}?`,
    caption(rates) {
      const { events, noun, seconds, rate, isAligned, withoutTime } = rates;
      const peak = isAligned ? valueDomain(rates, "lines")[1] : rates.peak;
      return [
        events > 0 &&
        `${counted(events, noun)} in bins of ${formatDuration(seconds)}: ` +
          `at most ${formatMean(peak)} per ${rate}` +
          (isAligned
            ? " in one series."
            : `, ${formatMean(rates.mean)} on average.`),
        ...rowsWithoutTime(withoutTime, noun),
      ];
    },
    y: (domain, pixels, _, { noun, rate }) =>
      numberAxis(domain, { pixels, label: `${plural(noun)} per ${rate}` }),
    format: (value, { rate }) => `${formatMean(value)} per ${rate}`,
    meanOver: ({ seconds }) => seconds,
  });
}

/** What the rows did at the times of a column: " ended" of `end` and `ended`. */
const happened = (timeName = ""): string =>
  timeName === "end" || timeName === "start"
    ? ` ${timeName}ed`
    : /ed$/.test(timeName)
    ? ` ${timeName}`
    : "";

/** Rates of events over time. */
export interface EventRates extends SeriesSteps {
  /** Unit of time of the rates. */
  rate: RateUnit;
  /** Width of a bin in seconds. */
  seconds: number;
  /** Number of events. */
  events: number;
  /** What each row is about, in the singular: "event", unless it is known. */
  noun: string;
  /** Name of the column of times, if it has one. */
  timeName: string | undefined;
  /** Mean rate of all events over all bins. */
  mean: number;
  /** Rows left out because they have no time. */
  withoutTime: number;
}

/**
 * Counts how often events happen over time, in bins of one round width, as
 * drawn by {@linkcode eventRate}. Takes one row per event or per bin of events,
 * in any order. Bins begin at whole multiples of their width since 1970; an
 * event on the border is in the later one.
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
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 * @throws {RangeError} if `per` is not above 0 or `columns` not at least 1.
 */
export function eventRates(
  rows: Rows,
  options: EventChannels & RateOptions = {},
): EventRates {
  checkOptions("eventRates", options, eventRateNames);
  const events = readEvents(rows, options);
  const { per, columns, rate } = options;
  return ratesOf(countEvents(events, widthFor([events], per), columns), rate);
}

/** Reads the rows of events. */
function readEvents(
  rows: Rows,
  { time: ofTime, series: ofSeries, count: ofCount, alignStart }: EventChannels,
) {
  const read = readChannels(rows, {
    time: ofTime ?? ["time", 0],
    series: ofSeries ?? null,
    count: ofCount === undefined ? ["count", null] : ofCount,
    seconds: ofCount === undefined ? ["seconds", null] : null,
  }, ["time"]);
  const { length, time: { values: times } } = read;
  const series = seriesOf(read.series.values, length);
  const { names, owners } = series;
  const counts = read.count.values;
  const countOf = (row: number) => Number(counts[row]);
  const timed = numberPlaces(times);
  const kept = counts.length
    ? timed.filter((row) => countOf(row) > 0 && countOf(row) < 1e100)
    : timed;
  const [time, of] = [valuesAt(times, kept), valuesAt(series.of, kept)];
  const count = counts.length
    ? new Float64Array(kept).map(countOf)
    : new Float64Array(kept.length).fill(1);
  const own = valuesAt(series.own, kept);
  const isAligned = alignSeries(time, { own, owners }, alignStart);
  // Empty bins also show the width.
  const width = max(read.seconds.values, (value) => Number(value) || 0) || 0;
  return {
    time,
    /** Place of the series in `names`. */
    of,
    /** Number of events in the row. */
    count,
    names,
    /** Width in seconds of the bins that the rows are, if they say. */
    binSeconds: counts.length ? width : 0,
    domain: extentOf(time),
    // Quicker than d3's sum of a column.
    events: count.reduce((sum, count) => sum + count, 0),
    noun: nounOf(rows) === "span" ? "event" : nounOf(rows),
    timeName: read.time.name,
    withoutTime: length - timed.length,
    isAligned,
  };
}

type EventRows = ReturnType<typeof readEvents>;

/** Counts events in bins of one width. */
function countEvents(
  events: EventRows,
  seconds: number,
  columns: number | undefined,
) {
  const { time, of, count, names, domain } = events;
  const { place, edge } = binsOf(seconds);
  const first = place(domain[0]);
  const bins = place(domain[1]) - first + 1;
  const counts = names.map(() => new Float64Array(bins));
  time.forEach((at, i) => counts[of[i]!]![place(at) - first]! += count[i]!);
  // The count of a bin applies from its start to its end.
  const changes = new Changes(2 * sum(counts, (own) => own.length));
  counts.forEach((own, s) =>
    own.forEach((count, bin) => {
      if (count === 0) return;
      changes.add(edge(first + bin), s, count);
      changes.add(edge(first + bin + 1), s, -count);
    })
  );
  const swept = sweep(changes, names.length, columns);
  return { ...events, swept, seconds, bins };
}

type EventCounts = ReturnType<typeof countEvents>;

/** Counts in bins as rates. */
function ratesOf(
  { swept, names, seconds, bins, events, isAligned, ...rows }: EventCounts,
  rate: RateUnit = "second",
): EventRates {
  const { noun, timeName, withoutTime } = rows;
  const unit = unitSeconds[rate];
  const steps = seriesSteps(swept, names, isAligned, seconds / unit);
  return {
    ...steps,
    rate,
    seconds,
    events,
    noun,
    timeName,
    // Beyond 2^53 s, a bin may start and end at the same number.
    mean: events / (bins * seconds) * unit,
    withoutTime,
  };
}

const unitSeconds = { second: 1, minute: 60, hour: 3600, day: 86_400 } as const;

/** The shortest unit in which the greatest rate is at least 1. */
function rateFor(all: readonly EventCounts[]): RateUnit {
  const greatest = max(
    all,
    ({ swept, seconds }) => swept.total.peak / seconds,
  )!;
  const units = Object.keys(unitSeconds) as RateUnit[];
  return units.find((unit) => greatest * unitSeconds[unit] >= 1) ??
    (greatest > 0 ? "day" : "second");
}

/** A width of bins that fits all sets of events. */
const widthFor = (sets: readonly EventRows[], per: number | undefined) =>
  binWidth(
    max(sets, ({ domain: [first, last] }) => last - first)!,
    per,
    max(sets, ({ binSeconds }) => binSeconds) || undefined,
    // Narrow bins of few events have high rates that mean nothing.
    Math.max(10, Math.min(200, max(sets, ({ events }) => events / 2)!)),
  );
