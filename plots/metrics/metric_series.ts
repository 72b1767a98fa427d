import { formatMetric, metricAxis } from "../axes/number_axes.ts";
import { type TimeAxisOptions, timeAxisOver } from "../axes/time_axis.ts";
import { formatDuration } from "../axes/units.ts";
import type { Chart } from "../chart/chart.ts";
import {
  chartOf,
  type FacetData,
  type HelperOptions,
} from "../chart/chart_kind.ts";
import { legendOfNames } from "../chart/colors.ts";
import type { Domain } from "../chart/facets.ts";
import { frame, noRows } from "../chart/frame.ts";
import type { Markish, Tip } from "../chart/plot_types.ts";
import { seriesColors } from "../counts/series.ts";
import { counted, rowsWithoutTime } from "../chart/captions.ts";
import { givenDomain } from "../drawing/merge.ts";
import { style } from "../drawing/style.ts";
import { cutText } from "../drawing/text.ts";
import { densityLevels, levelsLegend } from "../chart/count_levels.ts";
import type { Rows } from "../rows/channels.ts";
import { thinLine } from "../rows/thin_line.ts";
import {
  layoutMarks,
  layOutPoints,
  metricDomain,
  type MetricLayout,
  type MetricMark,
  pointsBySeries,
  timeDomain,
} from "./metric_layout.ts";
import {
  type MetricChannels,
  type MetricPoints,
  metricPoints,
} from "./metric_points.ts";

/** Options of {@linkcode metricSeries}. */
export interface MetricSeriesOptions
  extends MetricChannels, Pick<TimeAxisOptions, "clock">, HelperOptions {
  /**
   * Each number as a dot, the default; as a step, which lasts until the next
   * number of its series; or as the corner of a line.
   */
  mark?: MetricMark | undefined;
  /**
   * Unit of the numbers. "bytes" and "s" are scaled to a readable multiple (MB,
   * min); any other text is written as it is.
   */
  unit?: string | undefined;
  /** Name of the numbers, in place of the name of their column. */
  metric?: string | undefined;
  /**
   * Seconds without a number after which a line is interrupted. By default
   * never.
   */
  gap?: number | undefined;
}

/**
 * Draws numbers that components report over time, such as memory, CPU time or
 * disk use. Takes one row per number with its time in seconds, in the columns
 * `time` and `value` or the first two, such as rows of the table `metric` with
 * one name.
 *
 * Each series, such as a task, host or run, has its own colour. Runs that do
 * not overlap in time each start at the left, unless `alignStart` is false. A
 * line keeps the first, last, minimum and maximum of each pixel column; too
 * many dots become a raster. The series beyond the 20 largest are combined and
 * drawn as dots, because they do not form one line.
 *
 * The axis starts at 0 if no number is negative, unless all numbers would be in
 * its uppermost part; the caption says if it does not.
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
 * assert.match(chart.caption, /^2 values: mean 300 MB, minimum 120 MB/);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function metricSeries(
  rows: Rows,
  options: MetricSeriesOptions = {},
): Chart {
  return chartOf(rows, options, {
    height: 300,
    read: (rows) => metricPoints(rows, options),
    derive(all) {
      const { unit, clock, mark = "dots" } = options;
      const y = metricDomain(all.flatMap(({ series }) => series));
      const [name] = all.map((points) => nameOf(points, options));
      const names = new Set(
        all.flatMap(({ series }) => series.map(({ name }) => name)),
      );
      let isRaster = false;
      const facets = all.map((points): FacetData => {
        const x = timeDomain(points);
        const layout = layOutPoints(points, {
          mark,
          gap: options.gap,
          part: 1 / all.length,
          x: givenDomain(options.x) ?? x,
          y: givenDomain(options.y) ?? y,
        });
        isRaster ||= layout.cells.length > 0;
        return {
          caption: captionOf(layout, y, options),
          extent: points.length ? { x, y, isTime: true } : undefined,
          draw: (sized) =>
            frame(sized, {
              x: timeAxisOver(x, { clock, isAligned: points.isAligned }),
              y: (asked, pixels) =>
                metricAxis(asked ?? y, unit, {
                  pixels,
                  label: name ?? "value",
                }),
              zero: y[0] <= 0 ? "y" : undefined,
              draw: ({ clip }) => ({ marks: layoutMarks(layout, clip) }),
              tips: () => tipsOf(points, unit),
              empty: points.length ? undefined : noRows,
            }),
        };
      });
      const color = seriesColors(names, false, options);
      return {
        facets,
        title: name ? `${name} over time` : "Reported numbers",
        color,
        legend: names.size > 1 || !(isRaster || names.has(""))
          ? legendOfNames(names, color, mark === "dots" ? "dot" : "line")
          : isRaster
          ? levelsLegend(densityLevels, "value")
          : undefined,
      };
    },
  });
}

/**
 * Reported numbers as marks for `Plot.plot`. Takes the result of
 * {@linkcode metricPoints}; the series are on the color scale. With `clip`, marks
 * end at the frame.
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
  { clip = false, ...options }:
    & Pick<MetricSeriesOptions, "mark" | "gap">
    & { clip?: boolean } = {},
): Markish[] {
  return layoutMarks(layOutPoints(points, options), clip);
}

/** The name of the numbers, if it is known, cut to the room for it. */
function nameOf(
  { valueName }: MetricPoints,
  { metric = valueName }: MetricSeriesOptions,
): string | undefined {
  return metric && metric !== "value"
    ? cutText(metric, style.textSize, 300)
    : undefined;
}

function captionOf(
  { points, cells, mark }: MetricLayout,
  y: Domain,
  { unit, gap }: MetricSeriesOptions,
): string {
  const { length, series, folded, withoutTime, withoutValue } = points;
  if (length + withoutTime + withoutValue === 0) return "No rows.";
  const known = series.filter(({ count }) => count > 0);
  const many = known.length + (folded ? folded - 1 : 0);
  const numbers = Object.entries({
    mean: known.reduce((sum, own) => sum + own.mean * (own.count / length), 0),
    minimum: Math.min(...known.map(({ minimum }) => minimum)),
    maximum: Math.max(...known.map(({ maximum }) => maximum)),
  }).map(([name, value]) => `${name} ${formatMetric(value, unit)}`);
  const isLine = mark !== "dots";
  return [
    length
      ? `${counted(length, "value")}${
        many > 1 ? ` of ${many.toLocaleString("en-US")} series` : ""
      }: ${numbers.join(", ")}.`
      : "No rows with a time and a number.",
    y[0] > 0 && "The vertical axis does not start at 0.",
    cells.length > 0 &&
    (known.length > 1 ? sharedCells : "Darker cells contain more values."),
    isLine && gap !== undefined &&
    `Lines are interrupted where nothing was reported for more than ${
      formatDuration(gap)
    }.`,
    isLine && folded > 0 && "The other series are dots.",
    withoutValue > 0 &&
    `${counted(withoutValue, "row")} without a number left out.`,
    ...rowsWithoutTime(withoutTime),
  ].filter(Boolean).join(" ");
}

const sharedCells =
  "A cell has the colour of the series with the largest share of its values " +
  "there.";

const maxTips = 2000;

/** A tip for each number; only for the extremes if there are many. */
function tipsOf(points: MetricPoints, unit: string | undefined): Tip[] {
  const { time, value, of, series } = points;
  const columns = Math.floor(maxTips / 4 / series.length);
  return pointsBySeries(points)
    .flatMap((places) => thinLine(time, value, { columns, places }))
    .map((i) => {
      const { name } = series[of[i]!]!;
      const text = formatMetric(value[i]!, unit);
      return {
        x: time[i]!,
        y: value[i]!,
        text: name ? `${name}\n${text}` : text,
      };
    });
}
