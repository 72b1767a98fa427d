import { checkOptions } from "../../display/text/mistakes.ts";
import type { Chart } from "../chart/chart.ts";
import type { Rows } from "../rows/channels.ts";
import { cumulative } from "./cumulative_distribution.ts";
import {
  type DurationHistogramOptions,
  histogram,
  histogramOptionNames,
} from "./duration_histogram.ts";
import { durationChart } from "./duration_chart.ts";
import type { Durations } from "./durations.ts";
import type { DurationTimeOptions } from "./duration_plots.ts";
import { overTime } from "./durations_over_time.ts";

/** Options of {@linkcode twoEvents}. */
export interface TwoEventsOptions
  extends DurationHistogramOptions, DurationTimeOptions {}

// In pixels, for the label of a time axis. In a narrower chart, all views are
// below each other.
const minViewWidth = 270;

/**
 * Draws the time from one event to another in two views: a histogram with the
 * mean, the median, the 95th percentile and the maximum; and the durations over
 * time. Each is also a chart of its own: {@linkcode durationHistogram},
 * {@linkcode durationsOverTime}.
 *
 * Takes one row per span with the times of the two events in seconds, in the
 * first two columns or in those named by `start` and `end`; or with a duration,
 * in the column named by `duration`. The names of the columns name the events.
 * Options of Plot apply to all views. With `series`, such as runs, each series
 * has its own colour, and cumulative distributions are a third view.
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
  checkOptions("twoEvents", options, {
    ...histogramOptionNames,
    clock: true,
  });
  return durationChart(rows, options, {
    height: 560,
    axis: "x",
    seriesShape: "dot",
    derive(all, options) {
      const isSeries = all.some(({ durations }) => durations.series);
      const histograms = histogram.derive(all, options).facets;
      const { facets: overTimes } = overTime.derive(all, options);
      const others = isSeries ? cumulative.derive(all, options).facets : [];
      return {
        facets: all.map((_, i) => ({
          // Ends at the edges of bars.
          extent: { x: histograms[i]!.extent?.x },
          draw(sized) {
            const other = others[i];
            const isNarrow = !other || sized.width < 2 * minViewWidth;
            const width = isNarrow ? sized.width : sized.width / 2;
            const half = { ...sized, width, height: sized.height * 0.5 };
            // The x axis of the histogram is the y axis of the plots below it.
            const below = { ...half, x: undefined, y: sized.x };
            const views = [
              overTimes[i]!.draw(below),
              ...other ? [other.draw({ ...half, y: undefined })] : [],
            ];
            const above = { ...sized, height: sized.height * 0.45 };
            return {
              panels: [
                [histograms[i]!.draw(above)],
                ...isNarrow ? views.map((view) => [view]) : [views],
              ],
              caption: overTimes[i]!.caption ?? "",
              legends: [undefined, overTimes[i]!.legend],
            };
          },
        })),
      };
    },
  });
}
