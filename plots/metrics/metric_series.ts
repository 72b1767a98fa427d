import { metricAxis } from "../axes/metric_axis.ts";
import { timeAxis, type TimeAxisOptions } from "../axes/time_axis.ts";
import type { Chart } from "../chart/chart.ts";
import { chartOf, type HelperOptions } from "../chart/chart_kind.ts";
import type { Domain } from "../chart/facets.ts";
import type { OldChartKind } from "../chart/chart_kind.ts";
import { densityLegend } from "../durations/density_levels.ts";
import { colorScale, legendOfNames } from "../chart/colors.ts";
import { noRows } from "../drawing/empty_mark.ts";
import { isRaster, metricMarks, metricTips } from "./metric_marks.ts";
import { style } from "../drawing/style.ts";
import { cutText } from "../drawing/text.ts";
import { frame } from "../chart/frame.ts";
import { metricCaption } from "./metric_words.ts";
import { lineColorsFor } from "../chart/palette.ts";
import type { Markish } from "../chart/plot_types.ts";
import type { Rows } from "../rows/channels.ts";
import {
  type MetricChannels,
  type MetricPoints,
  metricPoints,
} from "./metric_points.ts";

/** What {@linkcode metricSeries} takes beside its rows. */
export interface MetricSeriesOptions
  extends MetricChannels, Pick<TimeAxisOptions, "clock">, HelperOptions {
  /**
   * Whether a number is a dot, if not given; a step, which holds until the next
   * one of its series; or the corner of a line.
   */
  mark?: "dots" | "steps" | "line" | undefined;
  /**
   * The unit of the numbers: "bytes" and "s" are read in the multiple that fits
   * (MB, min), any other is written as it is.
   */
  unit?: string | undefined;
  /** What the numbers are, in place of the name of their column. */
  metric?: string | undefined;
  /**
   * Where a series reports nothing for more than so many seconds, its line is
   * interrupted. If not given, it is never.
   */
  gap?: number | undefined;
}

/**
 * Numbers that components reported, over time: memory, CPU time, disk. One row
 * for each: the time in seconds and the number, in the columns `time` and
 * `value` or the first two; such as those of the table `metric`, of one name.
 *
 * `series` are drawn in colours of their own: tasks, hosts, runs. Runs that came
 * one after the other each start at the left, unless `alignStart` is false.
 * Of the points of a line that lie in one column of pixels, the first, the last,
 * the least and the greatest are drawn; of more dots than can be told apart, a
 * raster of where they are. The series beyond the 20 largest are dots, whatever
 * the mark, since they are not one line.
 *
 * The axis starts at 0 where no number is below it, unless all numbers would lie
 * in the uppermost part of it; the caption says where it does not.
 *
 * @example
 * ```ts
 * import { metricSeries } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = metricSeries([
 *   { time: 0, value: 120e6 },
 *   { time: 5, value: 480e6 },
 * ], { mark: "line", unit: "bytes", metric: "memory" });
 * assert.match(chart.caption, /^2 values: mean 300 MB, least 120 MB/);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function metricSeries(
  rows: Rows,
  options: MetricSeriesOptions = {},
): Chart {
  return chartOf(metricSeriesKind, rows, options);
}

const metricSeriesKind: OldChartKind<MetricPoints, MetricSeriesOptions> = {
  height: 300,
  read: (rows, options) => metricPoints(rows as Rows, options),
  extent: (points) =>
    points.length
      ? { x: timesOf(points), y: uprightOf(points), isTime: true }
      : {},
  share(all, options) {
    const names = new Set(
      all.flatMap(({ series }) => series.map(({ name }) => name)),
    );
    return {
      ...options,
      color: colorScale(names, options, lineColorsFor(names)),
    };
  },
  plots(points, options) {
    const { clock, unit } = options;
    const label = nameOf(points, options) ?? "value";
    return [[
      frame(options, {
        x: (asked, pixels) =>
          timeAxis(asked ?? timesOf(points), {
            pixels,
            clock,
            ...(points.isAligned && { label: "time since the start of each" }),
          }),
        y: (asked, pixels) =>
          metricAxis(asked ?? uprightOf(points), unit, { pixels, label }),
        zero: uprightOf(points)[0] <= 0 ? "y" : undefined,
        draw: ({ clip, x, y, across, upright }) => ({
          marks: metricMarks(points, {
            ...options,
            clip,
            pixels: [across, upright],
            x: x.domain as Domain,
            y: y.domain as Domain,
          }),
        }),
        tips: () => metricTips(points, unit),
        empty: points.length ? undefined : noRows,
      }),
    ]];
  },
  title(points, options) {
    const name = nameOf(points, options);
    return name ? `${name} over time` : "Reported numbers";
  },
  caption: (points, options) =>
    metricCaption(points, uprightOf(points), {
      ...options,
      isRaster: isRaster(points, options.mark, options.part),
    }),
  legend(all, { color, mark = "dots", part }) {
    const names = new Set(
      all.flatMap(({ series }) => series.map(({ name }) => name)),
    );
    if (names.size === 1 && all.some((own) => isRaster(own, mark, part))) {
      return densityLegend("value");
    }
    if (names.size <= 1 && names.has("")) return undefined;
    return legendOfNames(names, color, mark === "dots" ? "dot" : "line");
  },
};

/**
 * Reported numbers as marks for `Plot.plot`. Takes what {@linkcode metricPoints}
 * gives; the series are on the color scale. With `clip`, what is beyond the frame
 * is cut off.
 *
 * @example
 * ```ts
 * import { metricPoints, metricSeriesMarks, plot } from "dnpc/plots";
 * import * as Plot from "@observablehq/plot";
 * import assert from "node:assert/strict";
 *
 * const points = metricPoints([[0, 2], [1, 5]]);
 * const chart = plot({
 *   y: { label: "memory (MB)" },
 *   marks: [...metricSeriesMarks(points), Plot.ruleX([3])],
 * });
 * assert.ok(chart.svg.includes("memory (MB)"));
 * ```
 */
export function metricSeriesMarks(
  points: MetricPoints,
  options: Pick<MetricSeriesOptions, "mark" | "gap"> & { clip?: boolean } = {},
): Markish[] {
  return metricMarks(points, {
    ...options,
    part: 1,
    pixels: [640, 220],
    x: timesOf(points),
    y: uprightOf(points),
  });
}

/** What the numbers are, if that is known, as far as there is room for it. */
function nameOf(
  { valueName }: MetricPoints,
  { metric = valueName }: MetricSeriesOptions,
): string | undefined {
  return metric && metric !== "value"
    ? cutText(metric, style.textSize, 300)
    : undefined;
}

function timesOf({ time, length }: MetricPoints): Domain {
  if (length === 0) return [0, 1];
  const [first, last] = [time[0]!, time[length - 1]!];
  return [first, last > first ? last : first + 1];
}

// From 0 on, unless nothing would be seen of how the numbers differ.
function uprightOf({ series }: MetricPoints): Domain {
  let [low, high] = [Infinity, -Infinity];
  for (const { count, minimum, maximum } of series) {
    if (count === 0) continue;
    low = Math.min(low, minimum);
    high = Math.max(high, maximum);
  }
  if (low > high) return [0, 1];
  if (low === high) {
    return low === 0 ? [0, 1] : [Math.min(0, low), Math.max(0, high)];
  }
  const range = high - low;
  if (low >= 0 && range >= high * 0.2) return [0, high];
  if (low >= 0) return [Math.max(0, low - range * 0.05), high + range * 0.05];
  return high < 0 && range >= -low * 0.2 ? [low, 0] : [low, high];
}
