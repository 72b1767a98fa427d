import type { Chart } from "../chart/chart.ts";
import { chartOf, type HelperOptions } from "../chart/chart_kind.ts";
import type { OldChartKind } from "../chart/chart_kind.ts";
import { numberAxis } from "../axes/number_axis.ts";
import type { TimeAxisOptions } from "../axes/time_axis.ts";
import { formatDuration, formatMean } from "../axes/units.ts";
import type { Markish } from "../chart/plot_types.ts";
import type { Rows } from "../rows/channels.ts";
import {
  seriesColors,
  seriesLegend,
  seriesMarks,
  seriesPlot,
  topOf,
} from "../chart/series_plot.ts";
import {
  binSeconds,
  type EventRates,
  type RateOptions,
  ratesOf,
} from "./event_rates.ts";
import {
  type EventChannels,
  type EventTimes,
  eventTimes,
} from "./event_times.ts";
import type { StepValue } from "./stacking.ts";
import { counted, rowsWithoutTime } from "../chart/words.ts";

/** What {@linkcode eventRate} takes beside its rows. */
export interface EventRateOptions
  extends
    EventChannels,
    RateOptions,
    Pick<TimeAxisOptions, "clock">,
    HelperOptions {
  /**
   * Whether series lie one on the other as `counts`, or are `lines`, each from
   * zero. If not given, counts, and lines where each series starts at the left.
   */
  stack?: "counts" | "lines" | undefined;
  /** The time that rates are for. If not given, the one that fits them. */
  rate?: "second" | "minute" | "hour" | "day" | undefined;
}

/**
 * How often events happen: how many a second, or a minute, hour or day, as it
 * fits, in bins of one round width, which the caption says. One row for each
 * event with its time in seconds; or rows that stand for several each, as
 * `eventCounts()` gives them.
 *
 * `series` are drawn in colours of their own: apps, executors, kinds of events.
 * Runs that came one after the other each start at the left, unless
 * `alignStart` is false. The first and the last bin may lie in part outside of
 * what was observed: their rate is too low then.
 *
 * @example
 * ```ts
 * import { eventRate } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = eventRate([{ time: 0 }, { time: 1 }, { time: 6 }], { per: 5 });
 * assert.match(chart.caption, /^3 events in bins of 5 s: at most 24 a minute/);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 * @throws {RangeError} if `per` is not above 0.
 */
export function eventRate(rows: Rows, options: EventRateOptions = {}): Chart {
  return chartOf(eventRateKind, rows, options);
}

// Facets have bins of one width: they are made once all rows are read.
const eventRateKind: OldChartKind<EventTimes, EventRateOptions> = {
  height: 280,
  read: (rows, options) => eventTimes(rows as Rows, options),
  share(sets, options) {
    const per = binSeconds(sets, options.per);
    const rates = sets.map((events) => ratesOf(events, { per }));
    return seriesColors(
      rates.map(({ series }) => series),
      rates.some((rates) => isStacked(rates, options)),
      {
        ...options,
        per,
        rate: options.rate ??
          unitFor(Math.max(...rates.map(({ most }) => most))),
      },
    );
  },
  extent(events, options) {
    if (events.time.length === 0) return {};
    const rates = ratesOf(events, options);
    return { x: rates.domain, y: [0, highestOf(rates, options)], isTime: true };
  },
  plots(events, options) {
    const { rate = "second" } = options;
    const fitting = mostSteps * options.part / events.names.length;
    const rates = ratesOf(events, {
      columns: Math.max(30, Math.min(640, Math.floor(fitting))),
      ...options,
    });
    return [[
      seriesPlot(stepsOf(rates, rate), {
        ...marksOf(rates, options),
        columnSeconds: rates.seconds * rates.binsPerStep,
        upright: (asked, pixels) =>
          numberAxis(asked ?? [0, highestOf(rates, options)], {
            pixels,
            label: `events per ${rate}`,
          }),
      }, options),
    ]];
  },
  title: () => "Rate of events",
  caption: (events, options) => captionOf(ratesOf(events, options), options),
  legend(sets, options) {
    const rates = sets.map((events) => ratesOf(events, options));
    return seriesLegend(
      rates.map(({ series }) => series),
      rates.some((rates) => isStacked(rates, options)),
      rates.some(({ binsPerStep }) => binsPerStep > 1),
      options,
    );
  },
};

const mostSteps = 6000;

/**
 * Rates of events as marks for `Plot.plot`, a second unless `rate` says another
 * time. Takes what {@linkcode eventRates} gives; the series are on the color
 * scale. With `clip`, what is beyond the frame is cut off.
 *
 * @example
 * ```ts
 * import { eventRateMarks, eventRates, plot } from "dnpc/plots";
 * import * as Plot from "@observablehq/plot";
 * import assert from "node:assert/strict";
 *
 * const rates = eventRates([[0], [1], [1]]);
 * const chart = plot({
 *   y: { label: "events a second" },
 *   marks: [...eventRateMarks(rates), Plot.ruleX([3])],
 * });
 * assert.ok(chart.svg.includes("events a second"));
 * ```
 */
export function eventRateMarks(
  rates: EventRates,
  options: Pick<EventRateOptions, "stack" | "rate"> & { clip?: boolean } = {},
): Markish[] {
  const { rate = "second", clip = false } = options;
  const series = marksOf(rates, { ...options, rate });
  return seriesMarks(stepsOf(rates, rate), series, clip);
}

const unitSeconds = { second: 1, minute: 60, hour: 3600, day: 86_400 } as const;

// The shortest in which the greatest rate is a number that one can think of.
function unitFor(perSecond: number): keyof typeof unitSeconds {
  const units = ["second", "minute", "hour", "day"] as const;
  if (!(perSecond > 0)) return "second";
  return units.find((unit) => perSecond * unitSeconds[unit] >= 1) ?? "day";
}

const isStacked = ({ isAligned }: EventRates, { stack }: EventRateOptions) =>
  (stack ?? (isAligned ? "lines" : "counts")) === "counts";

function highestOf(rates: EventRates, options: EventRateOptions): number {
  const { rate = "second" } = options;
  const top = isStacked(rates, options)
    ? rates.most * unitSeconds[rate]
    : topOf(stepsOf(rates, rate), false);
  return top || 1;
}

function marksOf(rates: EventRates, options: EventRateOptions) {
  const { domain, isAligned } = rates;
  const factor = unitSeconds[options.rate ?? "second"];
  return {
    domain,
    isAligned,
    isStacked: isStacked(rates, options),
    peaks: rates.peaks.map((peak) => ({ ...peak, count: peak.count * factor })),
  };
}

function stepsOf(
  { rates }: EventRates,
  unit: keyof typeof unitSeconds,
): StepValue[] {
  const factor = unitSeconds[unit];
  return rates.map(({ time, until, series, rate, minimum, maximum }) => ({
    time,
    until,
    name: series,
    value: rate * factor,
    minimum: minimum * factor,
    maximum: maximum * factor,
  }));
}

function captionOf(rates: EventRates, options: EventRateOptions): string {
  const { events, seconds, observed, binsPerStep, withoutTime } = rates;
  const { rate = "second" } = options;
  if (events + withoutTime === 0) return "No rows.";
  const factor = unitSeconds[rate];
  const length = observed[1] - observed[0];
  const most = rates.isAligned
    ? topOf(stepsOf(rates, rate), false)
    : rates.most * factor;
  const article = rate === "hour" ? "an" : "a";
  const mean = formatMean(events / length * factor);
  const parts = [
    `${counted(events, "event")} in bins of ${formatDuration(seconds)}: at ` +
    `most ${formatMean(most)} ${article} ${rate}` +
    (rates.isAligned
      ? " in one series."
      : length > 0
      ? `, ${mean} in the mean between the first and the last.`
      : "."),
  ];
  if (binsPerStep > 1) {
    parts.push(`Drawn as means of ${binsPerStep} bins each.`);
  }
  return [...parts, ...rowsWithoutTime(withoutTime)].join(" ");
}
