import type { Chart } from "../chart/chart.ts";
import type { Drawing } from "../chart/chart_kind.ts";
import type { Rows } from "../rows/channels.ts";
import { extentOf } from "../rows/grid.ts";
import { cumulativeView } from "./cumulative_distribution.ts";
import {
  densityView,
  type DurationDensityOptions,
} from "./duration_density.ts";
import {
  type DurationHistogramOptions,
  histogramView,
} from "./duration_histogram.ts";
import {
  durationChart,
  type DurationData,
  type DurationView,
} from "./duration_view.ts";
import type { Durations } from "./durations.ts";
import { overTimeView } from "./durations_over_time.ts";

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
  return durationChart(twoEventsView, rows, options);
}

interface TwoEventsData extends DurationData {
  histogram: Parameters<typeof histogramView.plot>[0];
  overTime: Parameters<typeof overTimeView.plot>[0];
  density: Parameters<typeof densityView.plot>[0] | undefined;
  /** In place of the density, if there are series. */
  cumulative: Parameters<typeof cumulativeView.plot>[0] | undefined;
}

const twoEventsView: DurationView<
  TwoEventsData,
  TwoEventsOptions,
  Drawing
> = {
  height: 560,
  axis: "x",
  seriesShape: "dot",
  legend: (facets, options) =>
    overTimeView.legend!(facets.map(({ overTime }) => overTime), options),
  derive(facets, options) {
    const histograms = histogramView.derive(facets, options);
    const overTimes = overTimeView.derive(facets, options);
    const isSeries = facets.some(({ durations }) => durations.series);
    const densities = isSeries ? [] : densityView.derive(facets, options);
    const cumulatives = isSeries ? cumulativeView.derive(facets, options) : [];
    return facets.map((data, i) => ({
      ...data,
      histogram: histograms[i]!,
      overTime: overTimes[i]!,
      density: densities[i],
      cumulative: cumulatives[i],
      caption: overTimes[i]!.caption,
      extent: data.durations.length && !options.log
        ? { x: extentOf(data.durations.duration) }
        : {},
    }));
  },
  plot({ histogram, overTime, density, cumulative, caption }, options) {
    const width = options.width / 2;
    const height = options.height * 0.5;
    // The x axis of the histogram is the y axis of the plots below it.
    const below = { ...options, x: undefined, y: options.x, width, height };
    const panels = [
      [histogramView.plot(histogram, {
        ...options,
        height: options.height * 0.45,
      })],
      [
        overTimeView.plot(overTime, below),
        density
          ? densityView.plot(density, below)
          : cumulativeView.plot(cumulative!, {
            ...options,
            y: undefined,
            width,
            height,
          }),
      ],
    ];
    return { panels, caption };
  },
};
