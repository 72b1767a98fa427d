import { max } from "d3-array";
import { countAxis, shareAxis } from "../axes/number_axes.ts";
import { type TimeAxisOptions, timeAxisOver } from "../axes/time_axis.ts";
import { formatDuration } from "../axes/units.ts";
import type { DrawOptions } from "../chart/chart_kind.ts";
import { type Domain, union } from "../chart/facets.ts";
import { counted } from "../chart/captions.ts";
import { noRows } from "../chart/frame.ts";
import type { Markish, Panel, Tip } from "../chart/plot_types.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { Plot } from "../drawing/plot.ts";
import { style } from "../drawing/style.ts";
import { extentOf, type GridCell } from "../rows/grid.ts";
import type { DurationData, DurationOptions } from "./duration_chart.ts";
import { durationFrame, type DurationScale } from "./duration_scale.ts";
import { type Durations, partsOf } from "./durations.ts";
import { statisticColors, statisticLines } from "./statistic_lines.ts";

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
