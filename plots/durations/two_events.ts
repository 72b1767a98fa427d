import type { Rows } from "../rows/channels.ts";
import type { Chart } from "../chart/chart.ts";
import { chartOf } from "../chart/chart_kind.ts";
import type { OldChartKind } from "../chart/chart_kind.ts";
import { cumulativeDistributionPlot } from "./cumulative_distribution.ts";
import { durationKind, durationOverTimeKind } from "./duration_kind.ts";
import {
  type DurationDensityOptions,
  durationDensityPlot,
} from "./duration_density.ts";
import {
  type DurationHistogramOptions,
  durationHistogramPlot,
} from "./duration_histogram.ts";
import type { Durations } from "./durations.ts";
import {
  durationsOverTimeLegend,
  durationsOverTimePlot,
  rasterWords,
} from "./durations_over_time.ts";

/** What {@linkcode twoEvents} takes beside its rows. */
export interface TwoEventsOptions
  extends DurationHistogramOptions, DurationDensityOptions {}

/**
 * How long it took from one event to another, in three views: a histogram with
 * the mean, the median, the 95th percentile and the maximum; the durations
 * over time; and where they are densest. Each is also there alone:
 * {@linkcode durationHistogram}, {@linkcode durationsOverTime},
 * {@linkcode durationDensity}.
 *
 * One row a span: the first event's time and the second's, in seconds, in the
 * first two columns or in those that `start` and `end` name; or, with
 * `duration`, how long it took. The columns' names are the events' names.
 * Options of Plot go to all three. With `series`, such as runs, each has its own
 * colour, and in place of the density are the cumulative distributions.
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
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function twoEvents(
  rows: Rows | Durations,
  options: TwoEventsOptions = {},
): Chart {
  return chartOf(twoEventsKind, rows, options);
}

const twoEventsKind: OldChartKind<Durations, TwoEventsOptions> = {
  ...durationKind,
  read: durationOverTimeKind.read,
  height: 560,
  legend: durationsOverTimeLegend,
  caption: (durations, options) =>
    [
      durationKind.caption(durations, options),
      ...rasterWords(durations, options),
    ]
      .join(" "),
  plots(durations, options) {
    const { width, height = 560 } = options;
    // What is across in the histogram is upright in the plots below it.
    const overTime = {
      ...options,
      x: undefined,
      y: options.x,
      width: width / 2,
      height: height * 0.5,
    };
    return [
      [durationHistogramPlot(durations, { ...options, height: height * 0.45 })],
      [
        durationsOverTimePlot(durations, overTime),
        durations.series
          ? cumulativeDistributionPlot(durations, {
            ...options,
            y: undefined,
            width: width / 2,
            height: height * 0.5,
          })
          : durationDensityPlot(durations, overTime),
      ],
    ];
  },
};
