// Over 300 lines: one chart, with the transform behind it.

// @ts-types="npm:@types/d3-array@3.2.2"
import { max, min, rollup, sort, sum } from "d3-array";
import { checkOptions, type OptionNames } from "../../display/text/mistakes.ts";
import { measureOf } from "../axes/measure.ts";
import { formatMetric, metricAxis } from "../axes/number_axes.ts";
import {
  atLeastASecond,
  type TimeAxisOptions,
  timeAxisOver,
} from "../axes/time_axis.ts";
import { formatDuration } from "../axes/units.ts";
import { count, counted, named, notes, sentences } from "../chart/captions.ts";
import type { Chart } from "../chart/chart.ts";
import {
  chartOf,
  type FacetData,
  helperOptionNames,
  type HelperOptions,
} from "../chart/chart_kind.ts";
import { legendOfNames, scaledNames } from "../chart/colors.ts";
import {
  cellMark,
  densityLevels,
  levelsLegend,
} from "../chart/count_levels.ts";
import type { Domain } from "../chart/facets.ts";
import { frame, noRows } from "../chart/frame.ts";
import type { Markish, Tip } from "../chart/plot_types.ts";
import { seriesColors } from "../counts/series.ts";
import { compactLines } from "../drawing/compact.ts";
import { givenDomain } from "../drawing/merge.ts";
import { Plot } from "../drawing/plot.ts";
import { cutText, style } from "../drawing/style.ts";
import {
  type Channel,
  columnNamesOf,
  isColumnTable,
  numbersIn,
  readChannels,
  type Rows,
} from "../rows/channels.ts";
import { countCells, evenGrid, extentOf } from "../rows/grid.ts";
import { timeOrder, valuesAt, valuesByGroup } from "../rows/row_order.ts";
import {
  alignSeries,
  isOther,
  maxLineSeries,
  seriesChannelNames,
  type SeriesChannels,
  seriesOf,
} from "../rows/series.ts";
import { thinLine } from "../rows/thin_line.ts";

/** Mark for reported numbers. */
export type MetricMark = "dots" | "steps" | "line";

/** Options of {@linkcode metricSeries}. */
export interface MetricSeriesOptions
  extends MetricChannels, Pick<TimeAxisOptions, "clock">, HelperOptions {
  /**
   * Each number as a dot, the default; as a step, which lasts until the next
   * number of its series, the default for rows of groups; or as the corner of a
   * line.
   */
  mark?: MetricMark | undefined;
  /**
   * Unit of the numbers. "bytes", "bytes/s" and "s" are scaled to a readable
   * multiple (MB, min); any other text is written as it is. By default the unit in
   * their name: `memory_mb`, `input_bytes`, `cpu_seconds`.
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
 * Rows with names before the column `time` and no column `value`, such as those
 * of `memoryOverTime`, are of groups: the number is in the column after the time
 * and holds until the next. Each group is a series, and each run a plot.
 *
 * Each series, such as a task, host or run, has its own colour. Runs that do
 * not overlap in time each start at the left, unless `alignStart` is false. A
 * line keeps the first, last, minimum and maximum of each pixel column; too
 * many dots become a raster. Beside the 8 largest series, the others are grey; those
 * beyond 14 are combined and drawn as dots, because they do not form one line.
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
  given: MetricSeriesOptions = {},
): Chart {
  checkOptions("metricSeries", given, {
    ...metricChannelNames,
    mark: true,
    unit: true,
    metric: true,
    gap: true,
    clock: true,
    ...helperOptionNames,
  });
  const columns = columnNamesOf(rows);
  const isOfGroups = columns.names.indexOf("time") > 0 &&
    !columns.names.includes("value");
  const options = isOfGroups ? optionsOfGroups(columns, given) : given;
  const { clock, mark = "dots", gap } = options;
  const { time, value, series, alignStart } = options;
  return chartOf(columns.rows, { ...options, alignStart: given.alignStart }, {
    height: 300,
    read: (rows) => metricPoints(rows, { time, value, series, alignStart }),
    derive(all) {
      const series = all.flatMap(({ series }) => series);
      const y = metricDomain(series);
      const names = namesOf(series);
      const { metric = all[0]?.valueName } = options;
      const measure = measureOf(metric ?? "", options.unit);
      const { unit } = measure;
      const name = metric && metric !== "value"
        ? cutText(measure.name, style.textSize, 300)
        : undefined;
      const facets = all.map((points): FacetData => {
        const x = atLeastASecond(extentOf(points.time));
        const { isRaster, cells, marks } = layOutPoints(points, {
          mark,
          gap,
          part: 1 / all.length,
          x: givenDomain(options.x) ?? x,
          y: givenDomain(options.y) ?? y,
        });
        return {
          legend: isRaster && names.size === 1
            ? levelsLegend(densityLevels, "value", cells)
            : undefined,
          caption: captionOf(points, isRaster, y, {
            ...options,
            unit,
            isOfGroups,
          }),
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
              draw: ({ clip }) => ({ marks: marks(clip) }),
              tips: () => tipsOf(points, unit),
              empty: points.length ? undefined : noRows,
            }),
        };
      });
      const color = seriesColors(names, false, {
        color: options.color,
      });
      return {
        facets,
        title: name ? `How did ${name} change over time?` : "Reported numbers",
        color,
        legend: names.size > 1 || !names.has("")
          ? legendOfNames(names, color, mark === "dots" ? "dot" : "line")
          : undefined,
      };
    },
  });
}

/** The names of the series; the largest first, if colours are too few for all. */
function namesOf(series: readonly MetricSummary[]): Set<string> {
  const sizes = rollup(
    series,
    (own) => sum(own, ({ mean, count }) => mean * count),
    ({ name }) => name,
  );
  const names = [...sizes.keys()];
  return new Set(
    names.length > maxLineSeries
      ? sort(names, (name) => isOther(name) ? Infinity : -sizes.get(name)!)
      : names,
  );
}

/** The options for rows of groups: names, the time, and a number that holds. */
function optionsOfGroups(
  columns: ReturnType<typeof columnNamesOf>,
  options: MetricSeriesOptions,
): MetricSeriesOptions {
  const { rows, names } = columns;
  const { facet = "run" } = options;
  const time = names.indexOf("time");
  // Names that all rows share say nothing; a number says too little.
  const groups = names.slice(0, time).flatMap((name) => {
    const values = new Set(readChannels(rows, { name }).name.values);
    if (name === facet || values.size < 2) return [];
    const isNumber = [...values].every((value) => /^\d+$/.test(String(value)));
    return [{ name, prefix: isNumber && name !== "run" ? `${name} ` : "" }];
  });
  const joined = (row: Record<string, unknown>) =>
    groups.map(({ name, prefix }) => `${prefix}${row[name] ?? `no ${name}`}`)
      .join("/");
  const own = isColumnTable(rows) || groups.length === 0
    ? groups.at(-1)?.name
    : joined;
  const { series = own } = options;
  return {
    mark: "steps",
    value: names[time + 1],
    ...options,
    series,
    // Apps that follow each other are not runs to compare.
    alignStart: options.alignStart ??
      (groups.every(({ name }) => name === "run") ? undefined : false),
  };
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
  options:
    & Pick<MetricSeriesOptions, "mark" | "gap">
    & { clip?: boolean } = {},
): Markish[] {
  checkOptions("metricSeriesMarks", options, {
    mark: true,
    gap: true,
    clip: true,
  });
  const { clip = false, ...layout } = options;
  return layOutPoints(points, {
    mark: "dots",
    part: 1,
    x: atLeastASecond(extentOf(points.time)),
    y: metricDomain(points.series),
    ...layout,
  }).marks(clip);
}

/** Ends of the axis of values: from 0, unless that would flatten all. */
function metricDomain(series: MetricPoints["series"]): Domain {
  const low = min(series, ({ minimum }) => minimum) ?? Infinity;
  const high = max(series, ({ maximum }) => maximum) ?? -Infinity;
  if (low > high || low === 0 && high === 0) return [0, 1];
  if (low === high) return [Math.min(0, low), Math.max(0, high)];
  const range = high - low;
  if (low >= 0 && range >= high * 0.2) return [0, high];
  if (low >= 0) return [Math.max(0, low - range * 0.05), high + range * 0.05];
  return high < 0 && range >= -low * 0.2 ? [low, 0] : [low, high];
}

const maxDots = 2000;
// Their product is the number of cells; a plot is wider than it is high.
const [maxColumns, maxLines] = [190, 63];
// About this many corners of lines are 130 kB.
const maxCorners = 14_000;
const maxPixels = 760;

/** Limits the marks, so that a chart stays under 300 kB. */
function layOutPoints(
  points: MetricPoints,
  { mark = "dots", gap = Infinity, part, x, y }: {
    mark?: MetricMark | undefined;
    gap?: number | undefined;
    /** Part of the chart's size that the marks may have. */
    part: number;
    /** The part of the axes that is drawn. */
    x: Domain;
    y: Domain;
  },
) {
  const { time, value, of, series, folded } = points;
  const names = series.map(({ name }) => name);
  const lines = mark === "dots" ? [] : pointsBySeries(points);
  // Folded series are not one line.
  const others = folded ? lines.pop() ?? [] : [];
  const dots = mark === "dots" ? [...time.keys()] : others;
  const isRaster = dots.length > maxDots * part;
  const isIn = (value: number, [low, high]: Domain) =>
    value >= low && value <= high;
  const drawn = isRaster
    ? dots.filter((i) => isIn(time[i]!, x) && isIn(value[i]!, y))
    : [];
  const cells = countCells(
    {
      x: Float64Array.from(drawn, (i) => time[i]!),
      y: Float64Array.from(drawn, (i) => value[i]!),
      series: names.length > 1
        ? { of: Int32Array.from(drawn, (i) => of[i]!), names }
        : undefined,
    },
    evenGrid(Float64Array.from(x), Math.ceil(maxColumns * Math.sqrt(part))),
    evenGrid(Float64Array.from(y), Math.ceil(maxLines * Math.sqrt(part))),
  );
  const fitting = Math.floor(maxCorners * part / 4 / (lines.length || 1));
  const columns = Math.max(20, Math.min(maxPixels, fitting));
  // A gap narrower than a column is not seen.
  const widest = Math.max(gap, (x[1] - x[0]) / columns);
  let line = 0;
  const corners = lines.flatMap((places) =>
    thinLine(time, value, { columns, places, domain: x })
      .map((point, i, thin) => {
        const last = thin[i - 1];
        if (last === undefined || time[point]! - time[last]! > widest) line++;
        return { point, line };
      })
  );
  return {
    /** Whether cells stand in place of dots, which are too many. */
    isRaster,
    cells,
    marks: (clip: boolean): Markish[] => [
      isRaster && cells.length ? cellMark(cells, { clip }) : null,
      isRaster || dots.length === 0 ? null : Plot.dot(dots, {
        x: (i: number) => time[i],
        y: (i: number) => value[i],
        fill: scaledNames((i: number) => names[of[i]!]),
        fillOpacity: 0.65,
        r: 2,
        clip,
      }),
      mark === "dots" ? null : Plot.line(corners, {
        x: ({ point }) => time[point],
        y: ({ point }) => value[point],
        stroke: scaledNames(({ point }: { point: number }) =>
          names[of[point]!]
        ),
        z: "line",
        clip,
        render: compactLines({ joining: mark }),
      }),
    ],
  };
}

/** The points of each series. */
function pointsBySeries({ of, series }: MetricPoints): number[][] {
  const points = series.map((): number[] => []);
  of.forEach((s, i) => points[s]!.push(i));
  return points;
}

function captionOf(
  points: MetricPoints,
  isRaster: boolean,
  y: Domain,
  { unit, gap, mark = "dots", isOfGroups }: MetricSeriesOptions & {
    isOfGroups: boolean;
  },
): string {
  const { length, series, folded, withoutTime, withoutValue } = points;
  if (length + withoutTime + withoutValue === 0) return "No rows.";
  const known = series.filter(({ count }) => count > 0);
  const many = known.length + (folded ? folded - 1 : 0);
  const numbers = Object.entries({
    mean: sum(known, (own) => own.mean * (own.count / length)),
    minimum: min(known, ({ minimum }) => minimum) ?? 0,
    maximum: max(known, ({ maximum }) => maximum) ?? 0,
  }).map(([name, value]) => `${name} ${formatMetric(value, unit)}`);
  const isLine = mark !== "dots";
  const most = known.reduce<MetricSummary | undefined>(
    (a, b) => a && a.maximum >= b.maximum ? a : b,
    undefined,
  );
  return sentences(
    isOfGroups && most && mark === "steps"
      ? `At most ${formatMetric(most.maximum, unit ?? points.valueName)}` +
        (many > 1 ? `, of ${named(most.name)} (${count(many)} series).` : ".")
      : length
      ? counted(length, "value") +
        (many > 1 ? ` of ${count(many)} series` : "") +
        `: ${numbers.join(", ")}.`
      : "No rows with a time and a number.",
    y[0] > 0 && "The vertical axis does not start at 0.",
    isRaster &&
      (known.length > 1
        ? "A cell has the colour of the series with the largest share of its " +
          "values there."
        : "Darker cells contain more values."),
    isLine && gap !== undefined &&
      "Lines are interrupted where nothing was reported for more than " +
        `${formatDuration(gap)}.`,
    isLine && folded > 0 && "The other series are dots.",
    notes(
      [withoutValue, "row", "without a number left out"],
      [withoutTime, "row", "without a time left out"],
    ),
  );
}

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
        x: time[i],
        y: value[i],
        text: name ? `${name}\n${text}` : text,
      };
    });
}

/** Columns with the time and value of reported numbers. */
export interface MetricChannels extends SeriesChannels {
  /** Time in seconds. By default the column `time`, or else the first. */
  time?: Channel | undefined;
  /** The number. By default the column `value`, or else the second. */
  value?: Channel | undefined;
}

const metricChannelNames: OptionNames<MetricChannels> = {
  time: true,
  value: true,
  ...seriesChannelNames,
};

/** Numbers of one series. */
export interface MetricSummary {
  /** Its name; "" if there is only one. */
  name: string;
  /** Number of values. */
  count: number;
  /** Minimum. */
  minimum: number;
  /** Maximum. */
  maximum: number;
  /** Arithmetic mean. */
  mean: number;
}

/** Reported numbers, as columns of one length, in the order of time. */
export interface MetricPoints {
  /** Number of values. */
  length: number;
  /** Seconds. */
  time: Float64Array;
  /** The numbers. */
  value: Float64Array;
  /** Index of the value's series in `series`. */
  of: Int32Array;
  /** The series. */
  series: MetricSummary[];
  /** Number of series in the last one, "other (n)"; 0 if there is none. */
  folded: number;
  /** Name of the column of the values, if it has one. */
  valueName: string | undefined;
  /** Rows left out because they have no time. */
  withoutTime: number;
  /** Rows left out because they have no number. */
  withoutValue: number;
  /** Whether the time of each series is counted from its own start. */
  isAligned: boolean;
}

/**
 * Sorts reported numbers by series and time, as drawn by
 * {@linkcode metricSeries}. Rows may come in any order; rows at equal times keep theirs.
 *
 * @example
 * ```ts
 * import { metricPoints } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { value, series } = metricPoints([
 *   { time: 2, value: 30 },
 *   { time: 1, value: 10 },
 *   { time: 3, value: null },
 * ]);
 * assert.deepEqual([...value], [10, 30]);
 * assert.equal(series[0]?.mean, 20);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function metricPoints(
  rows: Rows,
  options: MetricChannels = {},
): MetricPoints {
  checkOptions("metricPoints", options, metricChannelNames);
  const { time, value, series, alignStart } = options;
  const read = readChannels(rows, {
    time: time ?? ["time", 0],
    value: value ?? ["value", 1],
    series: series ?? null,
  }, ["time"]);
  const groups = seriesOf(read.series.values, read.length);
  const numbers = numbersIn("value", read.value);
  const times = read.time.values;
  let withoutTime = 0;
  for (let row = 0; row < times.length; row++) {
    if (Number.isNaN(times[row])) withoutTime++;
    // Left out of the order of time.
    else if (Number.isNaN(numbers[row])) times[row] = NaN;
  }
  // Many short series, as of tasks, are rather a series of their times.
  const { of: own, names: { length: owners } } = groups;
  const isAligned = alignSeries(times, { own, owners }, alignStart);
  const order = timeOrder(times);
  const points = {
    time: valuesAt(times, order),
    value: valuesAt(numbers, order),
    of: valuesAt(groups.of, order),
  };
  return {
    ...points,
    length: order.length,
    series: summariesOf(points, groups.names),
    folded: groups.folded,
    valueName: read.value.name,
    withoutTime,
    withoutValue: read.length - withoutTime - order.length,
    isAligned,
  };
}

const summariesOf = (
  { value, of }: Pick<MetricPoints, "value" | "of">,
  names: readonly string[],
): MetricSummary[] =>
  valuesByGroup(value, names.length, (i) => of[i]!).map((own, s) => ({
    name: names[s]!,
    count: own.length,
    minimum: min(own) ?? Infinity,
    maximum: max(own) ?? -Infinity,
    // A running mean: the sum of large numbers would overflow.
    mean: own.reduce((mean, value, i) => mean + (value - mean) / (i + 1), 0),
  }));
