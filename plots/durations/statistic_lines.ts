import { max } from "d3-array";
import { formatDuration } from "../axes/units.ts";
import { maxInColumn } from "../chart/facet_grid.ts";
import type { Markish } from "../chart/plot_types.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { Plot } from "../drawing/plot.ts";
import { cutText, style, textWidth } from "../drawing/style.ts";
import type { DurationData } from "./duration_chart.ts";
import type { DurationScale } from "./duration_scale.ts";

// Each has a contrast of at least 4.5 to 1 on white.
export const statisticColors = {
  median: "#005a9c",
  mean: "#6f42c1",
  percentile95: "#a04000",
  maximum: "#b3001b",
};

/** Statistics that charts draw as lines, the most important first. */
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
export function statisticLines(
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
