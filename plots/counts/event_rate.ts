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
import { counted, rowsWithoutTime } from "../chart/words.ts";
import type { Rows } from "../rows/channels.ts";
import {
  binSeconds,
  countEvents,
  type EventChannels,
  type EventRates,
  type EventRows,
  rateFor,
  type RateOptions,
  ratesOf,
  type RateUnit,
  readEvents,
} from "./event_rates.ts";
import { type Stacking, valueDomain } from "./series_steps.ts";

/** Options of {@linkcode eventRate}. */
export interface EventRateOptions
  extends EventChannels, RateOptions, SeriesOptions {
  /** Time that rates are for. By default the one that fits them. */
  rate?: RateUnit | undefined;
}

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
  return chartOf(eventRateKind, rows, options);
}

const eventRateKind: ChartKind<
  EventRows,
  SeriesFacet<EventRates>,
  EventRateOptions
> = {
  height: 280,
  read: (rows, options) => readEvents(rows as Rows, options),
  derive(all, options) {
    const seconds = binSeconds(all, options.per);
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
