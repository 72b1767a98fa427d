import { max } from "d3-array";
import { countAxis, shareAxis } from "../axes/number_axes.ts";
import { type TimeAxisOptions, timeAxisOver } from "../axes/time_axis.ts";
import { formatDuration } from "../axes/units.ts";
import type { DrawOptions } from "../chart/chart_kind.ts";
import { maxInColumn } from "../chart/facet_grid.ts";
import { type Domain, union } from "../chart/facets.ts";
import { counted } from "../chart/captions.ts";
import { noRows } from "../chart/frame.ts";
import type { Markish, Panel, Tip } from "../chart/plot_types.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { Plot } from "../drawing/plot.ts";
import { cutText, style, textWidth } from "../drawing/style.ts";
import { extentOf, type GridCell } from "../rows/grid.ts";
import type { DurationData, DurationOptions } from "./duration_chart.ts";
import { durationFrame, type DurationScale } from "./duration_scale.ts";
import { type Durations, partsOf } from "./durations.ts";

/** Numbers of spans, or shares of all spans of a series. */
export type CountsOrShares = "counts" | "shares";

/**
 * A plot of the number of spans by duration, with lines at statistics of the
 * durations.
 */
export function distributionPlot(
  data: DurationData,
  options: DrawOptions,
  { domain, max, show, label, statistics, marks, marksAbove, tips }: {
    /** Least and greatest duration. */
    domain: [number, number];
    /** The greatest number or share. */
    max: number;
    show: CountsOrShares;
    label: string;
    /** Names of the statistics that have a line. */
    statistics?: readonly string[];
    marks: (scale: DurationScale, clip: boolean) => Markish[];
    /** Marks above the lines. */
    marksAbove?: (scale: DurationScale) => Markish[];
    tips: (scale: DurationScale) => Tip[];
  },
): Panel {
  const { durations, range } = data;
  return durationFrame("x", options, domain, range, (scale) => ({
    x: (_, pixels) => scale.axis({ pixels, label: data.label(options.width) }),
    y: (asked, pixels) =>
      show === "shares"
        ? shareAxis([0, asked?.[1] ?? (max || 1)], { pixels, label })
        : countAxis(asked?.[1] ?? max, { pixels, label }),
    zero: "y",
    draw({ width, clip }) {
      const lines = statisticLines(data, scale, width, statistics);
      return {
        marks: [
          ...marks(scale, clip),
          ...lines.marks,
          ...marksAbove?.(scale) ?? [],
        ],
        above: lines.height,
      };
    },
    tips: () => tips(scale),
    empty: durations.length || durations.known ? undefined : noRows,
  }));
}

// Each has a contrast of at least 4.5 to 1 on white.
export const statisticColors = {
  median: "#005a9c",
  mean: "#6f42c1",
  percentile95: "#a04000",
  maximum: "#b3001b",
};

/** Those that have a line, the most important first. */
const statisticNames = [
  { name: "median", statistic: "median" },
  { name: "95% within", statistic: "percentile95" },
  { name: "maximum", statistic: "maximum" },
  { name: "mean", statistic: "mean" },
] as const;

const allStatistics: readonly string[] = statisticNames.map(({ name }) => name);

/** The legend of a grid of plots, which have no room for labels at the lines. */
export const statisticsLegend = (
  facets: readonly DurationData[],
  names = allStatistics,
): LegendEntry[] | undefined =>
  facets.length <= maxInColumn
    ? undefined
    : statisticNames.filter(({ name }) => names.includes(name)).map((
      { name: label, statistic },
    ) => ({ label, color: statisticColors[statistic], shape: "dashes" }));

/** Colours of quantiles. */
export const quantileColors = {
  wide: "#d3e4f1",
  narrow: style.paleAccent,
  median: "#00467f",
  maximum: statisticColors.maximum,
  row: style.accent,
};

/** The legend of their bands. */
export const quantileLegend: LegendEntry[] = [
  { label: "median", color: quantileColors.median, shape: "line" },
  { label: "25 to 75%", color: quantileColors.narrow },
  { label: "5 to 95%", color: quantileColors.wide },
  { label: "maximum", color: quantileColors.maximum, shape: "dot" },
];

// Height of a row of labels, in pixels.
const labelHeight = 14;
// A plot in a grid is narrower.
const minLabelledWidth = 180;
// More lines would be more text than chart.
const maxMedians = 6;

/**
 * Lines at statistics of the durations, or at the median of each series. Their
 * labels need so much `height` above the frame, in pixels.
 *
 * A label stands to the right of its line, unless it would reach the end of the
 * frame, or a line whose label stands to the left while there is room to the
 * left. So that no line runs through a label, labels to the right are placed
 * from the right, each above the ones it would touch, and labels to the left
 * from the left. The first lines are the most important ones.
 */
function statisticLines(
  { statistics, series, durations }: DurationData,
  { log, domain: [low, high], at }: DurationScale,
  pixels: number,
  names = allStatistics,
): { marks: Markish[]; height: number } {
  const known = series.filter(({ duration }) => duration.length);
  const lines = durations.series
    ? (known.length > maxMedians ? [] : known)
      .map(({ name, color, statistics: { median } }) => ({
        name: `${cutText(name, style.textSize, 90)} median`,
        value: median,
        color,
        textColor: style.ink as string,
      }))
    : statisticNames.filter(({ name }) => names.includes(name)).map((
      { name, statistic },
    ) => ({
      name,
      value: statistics[statistic],
      color: statisticColors[statistic],
      textColor: statisticColors[statistic],
    }));
  const share = (value: number) =>
    log
      ? Math.log(value / low) / Math.log(high / low)
      : (value - low) / (high - low || 1);
  const seen = lines.filter(({ value }) =>
    at(value) >= low && at(value) <= high
  )
    .map((line) => {
      const text = `${line.name} ${formatDuration(line.value)}`;
      return {
        ...line,
        text,
        value: at(line.value),
        x: share(at(line.value)) * pixels,
        width: textWidth(text, style.textSize) + 8,
      };
    });
  const placed = pixels < minLabelledWidth ? [] : placedLabels(seen, pixels);
  const rules = seen.map((line) => {
    const row = placed.find(({ text }) => text === line.text)?.row;
    return Plot.ruleX([line.value], {
      stroke: line.color,
      strokeWidth: 1.25,
      strokeDasharray: "3 2",
      insetTop: row === undefined ? 0 : -row * labelHeight - 10,
    });
  });
  const texts = placed.map(({ value, text, textColor, row, isStart }) =>
    Plot.text([value], {
      x: (value: number) => value,
      text: () => text,
      fill: textColor,
      stroke: style.background,
      strokeWidth: 3,
      frameAnchor: "top",
      textAnchor: isStart ? "start" : "end",
      lineAnchor: "bottom",
      dx: isStart ? 3 : -3,
      dy: -row * labelHeight - 2,
    })
  );
  const rows = (max(placed, ({ row }) => row) ?? -1) + 1;
  return { marks: [...rules, ...texts], height: rows * labelHeight };
}

/** A label of a line at `x`, both in pixels. */
interface LineLabel {
  x: number;
  width: number;
}

/**
 * Places for the labels of lines. The last of two that would be crossed by each
 * other's lines, or that do not fit into the frame, gets none: the caption has
 * its number.
 */
function placedLabels<T extends LineLabel>(
  labels: readonly T[],
  pixels: number,
): (T & { row: number; isStart: boolean })[] {
  let end = pixels;
  const sides = labels.toSorted((a, b) => b.x - a.x).map((label) => {
    const { x, width } = label;
    const isStart = x + width <= end || x + width <= pixels && x < width;
    if (!isStart) end = x;
    const [left, right] = isStart ? [x, x + width] : [x - width, x + 1];
    return { ...label, isStart, left, right };
  });
  const placed: (typeof sides[0] & { row: number })[] = [];
  for (
    const label of [
      ...sides.filter(({ isStart }) => isStart),
      ...sides.filter(({ isStart }) => !isStart).reverse(),
    ]
  ) {
    const rows = placed
      .filter(({ left, right }) => label.left < right && left < label.right)
      .map(({ row }) => row);
    placed.push({ ...label, row: (max(rows) ?? -1) + 1 });
  }
  const isCrossed = placed.some((label) =>
    label.left < 0 ||
    placed.some(({ x, row }) =>
      row > label.row && x > label.left && x < label.right
    )
  );
  return isCrossed ? placedLabels(labels.slice(0, -1), pixels) : placed;
}

/** Options of a chart of durations over time. */
export interface DurationTimeOptions
  extends DurationOptions, Pick<TimeAxisOptions, "clock"> {}

/** From the first start to the last, in the longest of the facets. */
export const longestTime = (sets: readonly Durations[]) =>
  max(sets, ({ start }) => {
    const [first, last] = extentOf(start);
    return last - first;
  }) ?? -Infinity;

/**
 * A facet of durations over time, which are read against zero. Bins may cover
 * more than the rows do: `covers` are their ends.
 */
export function timeFacet(
  { durations, range, label }: DurationData,
  marks: (clip: boolean, scale: DurationScale) => Markish[],
  { covers = {}, tips }: {
    covers?: { x?: Domain | undefined; y?: Domain | undefined };
    tips?: (scale: DurationScale) => Tip[];
  } = {},
) {
  const endsOf = (column: "start" | "duration") =>
    union(
      partsOf(durations).filter(({ length }) => length)
        .map((part): Domain => extentOf(part[column])),
    ) ?? [Infinity, -Infinity];
  const [min, max] = endsOf("duration");
  const { x = endsOf("start") } = covers;
  const { y = [Math.min(0, min), Math.max(0, max)] } = covers;
  const ends: Domain = range && !covers.y
    ? [range.min, range.max]
    : y[0] < y[1]
    ? y
    : [0, 1];
  return {
    extent: durations.length || durations.known
      ? { x, y: range ? undefined : y, isTime: true }
      : undefined,
    draw: (
      options: DrawOptions & Pick<TimeAxisOptions, "clock">,
    ): Panel =>
      durationFrame("y", options, ends, range, (scale) => ({
        x: timeAxisOver(x, {
          clock: options.clock,
          isAligned: durations.aligned,
        }),
        y: (_, pixels) => scale.axis({ pixels, label: label(options.width) }),
        zero: range ? undefined : "y",
        draw: ({ clip }) => ({
          marks: [
            ...(scale.strip
              ? [Plot.ruleY([scale.strip[1]], { stroke: style.grid })]
              : []),
            ...marks(clip, scale),
          ],
        }),
        ...(tips && { tips: () => tips(scale) }),
        empty: durations.length || durations.known ? undefined : noRows,
      })),
  };
}

const maxTips = 3000;

/** Tips of cells; if there are many, of those with the fewest rows. */
export function cellTips(cells: readonly GridCell[], noun: string): Tip[] {
  return cells.filter(({ y1 }) => y1 !== -Infinity)
    .sort((a, b) => a.count - b.count).slice(0, maxTips)
    .map(({ x1, x2, y1, y2, count }) => ({
      x: x1,
      x2,
      y: (y1 + y2) / 2,
      text: `${counted(count, noun)}\n` +
        `${formatDuration(y1)} to ${formatDuration(y2)}`,
    }));
}
