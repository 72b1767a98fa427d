import type { Chart } from "../chart/chart.ts";
import { chartOf, type Derived, type Size } from "../chart/chart_kind.ts";
import { givenDomain } from "../drawing/merge.ts";
import type { Rows } from "../rows/channels.ts";
import { extentOf } from "../rows/grid.ts";
import {
  type CumulativeData,
  cumulativeOf,
  cumulativePlot,
} from "./cumulative_distribution.ts";
import {
  type DensityData,
  densityOf,
  densityPlot,
  type DurationDensityOptions,
} from "./duration_density.ts";
import {
  type DurationHistogramOptions,
  type HistogramData,
  histogramPlot,
  histogramsOf,
} from "./duration_histogram.ts";
import { deriveDurations, type DurationData } from "./duration_view.ts";
import { type Durations, durationsOf } from "./durations.ts";
import {
  type OverTimeData,
  overTimeLegend,
  overTimeOf,
  overTimePlot,
} from "./durations_over_time.ts";

/** Options of {@linkcode twoEvents}. */
export interface TwoEventsOptions
  extends DurationHistogramOptions, DurationDensityOptions {}

/**
 * Time from one event to another in three views: a histogram with the mean, the
 * median, the 95th percentile and the maximum; the durations over time; and
 * their density. Each is also a chart of its own: {@linkcode durationHistogram},
 * {@linkcode durationsOverTime}, {@linkcode durationDensity}.
 *
 * Takes one row per span: the times of the two events in seconds, in the first
 * two columns or in those that `start` and `end` name; or a length of time, in
 * the column that `duration` names. The names of the columns name the events.
 * Options of Plot apply to all three views. With `series`, such as runs, each
 * series has its own colour, and cumulative distributions replace the density.
 *
 * @example
 * ```ts
 * import { twoEvents } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const rows = [
 *   { task: 1, launched: 1795344042.0, running: 1795344042.5 },
 *   { task: 2, launched: 1795344042.1, running: 1795344045.1 },
 * ];
 * const chart = twoEvents(rows, { start: "launched", end: "running" });
 * assert.match(chart.caption, /^2 spans: mean 1.75 s/);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function twoEvents(
  rows: Rows | Durations,
  options: TwoEventsOptions = {},
): Chart {
  return chartOf<Durations, TwoEventsData, TwoEventsOptions>(
    { height: 560, read: durationsOf, derive, draw },
    rows,
    options,
  );
}

interface TwoEventsData extends DurationData {
  histogram: HistogramData;
  overTime: OverTimeData;
  third: { cumulative: CumulativeData } | { density: DensityData };
}

function derive(
  sets: readonly Durations[],
  options: TwoEventsOptions,
): Derived<TwoEventsData> {
  const derived = deriveDurations(sets, options, givenDomain(options.x));
  const histograms = histogramsOf(derived.facets, options);
  const overTimes = derived.facets.map((data) => overTimeOf(data, options));
  return {
    title: derived.title,
    color: derived.color,
    legend: overTimeLegend(overTimes, derived),
    facets: derived.facets.map((data, i) => ({
      ...data,
      histogram: histograms[i]!,
      overTime: overTimes[i]!,
      third: data.durations.series
        ? { cumulative: cumulativeOf(data, options) }
        : { density: densityOf(data, options) },
      caption: overTimes[i]!.caption,
      extent: data.durations.length && !options.log
        ? { x: extentOf(data.durations.duration) }
        : {},
    })),
  };
}

function draw(
  { histogram, overTime, third, caption }: TwoEventsData,
  options: TwoEventsOptions & Size,
) {
  const width = options.width / 2;
  const height = options.height * 0.5;
  // The x axis of the histogram is the y axis of the plots below it.
  const below = { ...options, x: undefined, y: options.x, width, height };
  return {
    panels: [
      [histogramPlot(histogram, { ...options, height: options.height * 0.45 })],
      [
        overTimePlot(overTime, below),
        "density" in third
          ? densityPlot(third.density, below)
          : cumulativePlot(third.cumulative, {
            ...options,
            y: undefined,
            width,
            height,
          }),
      ],
    ],
    caption,
  };
}
