// Over 300 lines: series over time, from their values to their chart.

// @ts-types="npm:@types/d3-array@3.2.2"
import { max, min } from "d3-array";
import { checkOptions, type OptionNames } from "../../display/text/mistakes.ts";
import type { Axis } from "../axes/axis.ts";
import {
  type TimeAxisOptions,
  timeAxisOver,
  tipTimes,
} from "../axes/time_axis.ts";
import { formatDuration, formatMean } from "../axes/units.ts";
import { sentences } from "../chart/captions.ts";
import type { Chart } from "../chart/chart.ts";
import {
  chartOf,
  type FacetData,
  helperOptionNames,
  type HelperOptions,
} from "../chart/chart_kind.ts";
import {
  type ColorScale,
  colorScale,
  colorsFor,
  legendOfNames,
  lineColorsFor,
  scaledNames,
} from "../chart/colors.ts";
import type { Domain } from "../chart/facets.ts";
import { frame, noRows } from "../chart/frame.ts";
import type { Markish, Tip } from "../chart/plot_types.ts";
import { compactStepLines, compactSteps } from "../drawing/compact.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { Plot } from "../drawing/plot.ts";
import { style } from "../drawing/style.ts";
import type { Rows } from "../rows/channels.ts";
import type { Sweep } from "../rows/sweep.ts";

/**
 * Arrangement of several series in one chart: stacked (`counts`), stacked as
 * shares of all (`shares`), stacked around the middle (`streamgraph`), or each
 * from zero (`lines`).
 */
export type Stacking = "counts" | "shares" | "streamgraph" | "lines";

/** Resolution of counts over time. */
export interface ColumnOptions {
  /**
   * Maximum number of columns of time. If values change more often, they are
   * means over this many columns of equal width. 640 by default.
   */
  columns?: number | undefined;
}

export const columnOptionNames: OptionNames<ColumnOptions> = { columns: true };

/** Options of every chart of series over time. */
export interface SeriesOptions
  extends Pick<TimeAxisOptions, "clock">, HelperOptions {
  /**
   * Arrangement of the series. By default stacked, or lines if each series
   * starts at the left.
   */
  stack?: Stacking | undefined;
}

export const seriesOptionNames: OptionNames<SeriesOptions> = {
  stack: true,
  clock: true,
  ...helperOptionNames,
};

/** Maximum of the sum of all series within a column of time. */
export interface Peak {
  /** Start of the column, in seconds. */
  time: number;
  /** End of the column, in seconds. */
  until: number;
  /** Sum over all series at one moment. */
  value: number;
}

/** Value of a series during a period. */
export interface SeriesStep {
  /** Start, in seconds. */
  time: number;
  /** End, in seconds. */
  until: number;
  /** Name of the series; "" if there is only one. */
  series: string;
  /** The value, or the mean over a column of time. Never 0. */
  value: number;
  /** Minimum within the column; `value` if values are exact. */
  minimum: number;
  /** Maximum within the column. */
  maximum: number;
}

/** A value with its place in a stack. */
export interface StackedStep extends SeriesStep {
  y1: number;
  y2: number;
}

/** Values of several series over time. */
export interface SeriesSteps {
  /** The values, by series in the order of `names`, and then by time. */
  steps: SeriesStep[];
  /** Names of the series, from the bottom of a stack to its top. */
  names: string[];
  /** First and last time, in seconds. */
  domain: [number, number];
  /** Maximum of the sum of all series. */
  peak: number;
  /** The maximum in each column, if values are means over columns. */
  peaks: Peak[];
  /** Width of a column in seconds, if values are means over columns. */
  columnSeconds: number | undefined;
  /** Whether the time of each series is counted from its own start. */
  isAligned: boolean;
}

/** Counts over time as rows, divided by a unit. */
export function seriesSteps(
  { edges, columnSeconds, series, total }: Sweep,
  names: string[],
  isAligned: boolean = false,
  unit: number = 1,
): SeriesSteps {
  const column = (i: number) => ({ time: edges[i]!, until: edges[i + 1]! });
  return {
    steps: series.flatMap(({ mean, minimum, maximum }, s) =>
      Array.from(mean, (value, i): SeriesStep => ({
        ...column(i),
        series: names[s]!,
        value: value / unit,
        minimum: minimum[i]! / unit,
        maximum: maximum[i]! / unit,
      })).filter(({ value }) => value > 0)
    ),
    names,
    domain: [edges[0]!, edges.at(-1)!],
    peak: total.peak / unit,
    peaks: columnSeconds === undefined ? [] : Array.from(
      total.maximum,
      (value, i) => ({ ...column(i), value: value / unit }),
    ),
    columnSeconds,
    isAligned,
  };
}

/** How rows become a chart of series over time. */
interface SeriesKind<Columns, Data extends SeriesSteps> {
  height: number;
  title: string | ((data: Data) => string);
  read(rows: Rows): Columns;
  /** Counts all facets, in this many columns of time for this many series. */
  count(all: readonly Columns[], columns: (series: number) => number): Data[];
  /** Sentences about the values and the omitted rows. */
  caption(data: Data): [values: string | false, ...rest: readonly string[]];
  /** Axis of the values. */
  y(domain: Domain, pixels: number, stack: Stacking, data: Data): Axis;
  /** A value in a tip. */
  format?(value: number, data: Data): string;
  /** Seconds that a value is the mean of, unless it is that of a column. */
  meanOver?(data: Data): number;
  /** Whether each facet has an axis of values of its own. */
  ownsHeight?: boolean;
  /** Text of a plot of rows without values. */
  empty?: string;
  /** Colours of the series that have a fixed one. */
  colors?: ReadonlyMap<string, string>;
  /** Marks over the series. */
  marksOver?(data: Data, stack: Stacking, clip: boolean): Markish[];
  /** Entries of the legend for these marks. */
  legendOver?: readonly LegendEntry[];
}

// In all facets together, which keeps a chart under 300 kB.
const maxSteps = 7000;

/** Makes a chart of series, which have the same colours in all facets. */
export function seriesChart<Columns, Data extends SeriesSteps>(
  rows: Rows,
  options: SeriesOptions & ColumnOptions,
  kind: SeriesKind<Columns, Data>,
): Chart {
  const { clock } = options;
  return chartOf(rows, options, {
    height: kind.height,
    read: kind.read,
    derive(columns) {
      const all = kind.count(columns, (series) => {
        const fitting = Math.floor(maxSteps / columns.length / (series || 1));
        return options.columns ?? Math.max(30, Math.min(640, fitting));
      });
      const isAligned = all.every(({ isAligned }) => isAligned);
      const { stack = isAligned ? "lines" : "counts" } = options;
      const layouts = all.map((data) => layOutSeries(data, stack));
      const facets = all.map((data, i): FacetData => {
        const { steps, domain, isAligned } = data;
        const { columnSeconds = kind.meanOver?.(data) } = data;
        const [first, ...rest] = kind.caption(data);
        const means = first && meansOver(data, stack);
        const y = valueDomain(data, stack);
        const empty = first ? kind.empty ?? noRows : noRows;
        return {
          caption: sentences(first, means, rest) || "No rows.",
          extent: steps.length
            ? { x: domain, y: kind.ownsHeight ? undefined : y, isTime: true }
            : undefined,
          draw: (sized) =>
            frame(sized, {
              x: timeAxisOver(domain, { clock, isAligned }),
              y: (asked, pixels) => kind.y(asked ?? y, pixels, stack, data),
              grid: stack !== "streamgraph",
              zero: stack === "streamgraph" ? undefined : "y",
              draw: ({ clip }) => ({
                marks: [
                  ...layoutMarks(layouts[i]!, clip),
                  ...kind.marksOver?.(data, stack, clip) ?? [],
                ],
              }),
              tips: () =>
                stepTips(
                  steps,
                  tipTimes(domain, columnSeconds, clock),
                  (value) => kind.format?.(value, data) ?? formatMean(value),
                ),
              empty: steps.length ? undefined : empty,
            }),
        };
      });
      const isArea = stack !== "lines";
      const found = new Set(
        all.flatMap(({ names }) => isArea ? names.toReversed() : names),
      );
      const known = [...kind.colors?.keys() ?? []];
      const names = new Set(known.filter((name) => found.has(name)))
        .union(found);
      const color = seriesColors(names, isArea, options, kind.colors);
      const own = legendOf(layouts, names, color);
      const legend = own && [...own, ...kind.legendOver ?? []];
      const title = typeof kind.title === "string"
        ? kind.title
        : kind.title(all[0]!);
      return { facets, title, color, legend };
    },
  });
}

/** Colours of series: areas have those of states, lines the strong ones. */
export function seriesColors(
  names: ReadonlySet<string>,
  isArea: boolean,
  options: HelperOptions,
  fixed: ReadonlyMap<string, string> = new Map(),
): ColorScale {
  const isNamed = names.size > 1 || !names.has("");
  const others = new Set(names).difference(new Set(fixed.keys()));
  const colors = (isArea && isNamed ? colorsFor : lineColorsFor)(others);
  return colorScale(names, options, new Map([...colors, ...fixed]));
}

function legendOf(
  layouts: readonly SeriesLayout[],
  names: ReadonlySet<string>,
  color: ColorScale,
): LegendEntry[] | undefined {
  const has = (part: keyof SeriesLayout) =>
    layouts.some((layout) => layout[part].length > 0);
  const entries = legendOfNames(names, color, has("lines") ? "line" : "square");
  const [first] = entries;
  if (!first || first.label === "" && !has("maxima")) return undefined;
  if (first.label === "") first.label = "mean";
  if (has("maxima")) {
    const color = names.size > 1 ? style.mutedInk : first.color;
    entries.push({ label: "maximum", color: fadedColor(color) });
  }
  if (has("peaks")) {
    const label = "maximum of the sum";
    entries.push({ label, color: style.mutedInk, shape: "line" });
  }
  return entries;
}

export const maximaOpacity = 0.35;

/** A colour with the opacity of maxima. */
export const fadedColor = (color: string): string =>
  /^#[0-9a-f]{6}$/i.test(color)
    ? color + Math.round(255 * maximaOpacity).toString(16)
    : color;

/** Sentence of a caption about values that are means. */
function meansOver(
  { columnSeconds }: SeriesSteps,
  stack: Stacking,
): string | undefined {
  if (columnSeconds === undefined || stack !== "lines") return undefined;
  return `Lines are means over ${formatDuration(columnSeconds)}, bands reach ` +
    "from minimum to maximum.";
}

type SeriesLayout = ReturnType<typeof layOutSeries>;

/** Positions of the series for each way of stacking. */
function layOutSeries(
  { steps, names, domain, peaks }: SeriesSteps,
  stack: Stacking,
) {
  const areas = stack === "lines" ? [] : stackSteps(steps, stack);
  const hasPeaks = stack === "counts" && peaks.length > 0;
  const isAlone = names.length === 1;
  return {
    /** The stacked values. */
    areas,
    /** The maxima of a single series, behind its means. */
    maxima: hasPeaks && isAlone
      ? steps.map((step) => ({ ...step, y1: 0, y2: step.maximum }))
      : [],
    /** The peaks, if they are clearly above the means. */
    peaks: hasPeaks && !isAlone && areHidden(peaks, areas) ? peaks : [],
    /** The values of each series from end to end. */
    lines: stack === "lines" ? filled(steps, domain) : [],
  };
}

/** Ends of the y axis of such a layout. */
export function valueDomain(
  { steps, peak }: SeriesSteps,
  stack: Stacking,
): Domain {
  if (stack === "shares") return [0, 1];
  if (stack === "streamgraph") return [-peak / 2, peak / 2];
  if (stack === "counts") return [0, peak || 1];
  return [0, max(steps, ({ maximum }) => maximum) || 1];
}

/**
 * Stacks values in their order. A stream is centered around zero: its thickness
 * is the sum.
 */
export function stackSteps(
  steps: readonly SeriesStep[],
  stack: Exclude<Stacking, "lines">,
): StackedStep[] {
  const tops = new Map<number, number>();
  const stacked = steps.map((step) => {
    const y1 = tops.get(step.time) ?? 0;
    const y2 = y1 + step.value;
    tops.set(step.time, y2);
    return { ...step, y1, y2 };
  });
  if (stack === "counts") return stacked;
  return stacked.map((step) => {
    const total = tops.get(step.time)!;
    const place = (y: number) =>
      stack === "shares" ? y / (total || 1) : y - total / 2;
    return { ...step, y1: place(step.y1), y2: place(step.y2) };
  });
}

/** Fills the gaps of each series with zeros, as a line has them. */
function filled(
  steps: readonly SeriesStep[],
  [first, last]: readonly [number, number],
): SeriesStep[] {
  const none = { value: 0, minimum: 0, maximum: 0 };
  return [...Map.groupBy(steps, ({ series }) => series)]
    .flatMap(([series, own]) => [
      ...own.flatMap((step, i) => [
        { time: own[i - 1]?.until ?? first, until: step.time, series, ...none },
        step,
      ]),
      { time: own.at(-1)!.until, until: last, series, ...none },
    ]).filter(({ time, until }) => until > time);
}

/** Whether means hide that for a moment there were clearly more. */
function areHidden(
  peaks: readonly Peak[],
  areas: readonly StackedStep[],
): boolean {
  const tops = new Map(areas.map(({ time, y2 }) => [time, y2]));
  const heights = peaks.map(({ time }) => tops.get(time) ?? 0);
  return peaks.some(({ value }, i) => {
    // The columns beside count too: else every steep slope would be a peak.
    const top = max(heights.slice(Math.max(0, i - 1), i + 2))!;
    return value > top * 1.05 + 0.5;
  });
}

/**
 * Series over time as marks for `Plot.plot`, stacked as `stack` says. Takes the
 * result of {@linkcode stateCounts}, {@linkcode runningCounts} or
 * {@linkcode eventRates}; the series are on the color scale. With `clip`, marks
 * end at the frame.
 *
 * @example
 * ```ts
 * import { plot, runningCounts, seriesMarks } from "dnpc/plots";
 * import * as Plot from "@observablehq/plot";
 * import assert from "node:assert/strict";
 *
 * const counts = runningCounts([[0, 2], [1, 5]]);
 * const chart = plot({
 *   y: { label: "spans running" },
 *   marks: [...seriesMarks(counts), Plot.ruleX([3])],
 * });
 * assert.ok(chart.svg.includes("spans running"));
 * ```
 */
export function seriesMarks(
  data: SeriesSteps,
  options: {
    stack?: Stacking;
    clip?: boolean;
  } = {},
): Markish[] {
  checkOptions("seriesMarks", options, { stack: true, clip: true });
  const { stack = data.isAligned ? "lines" : "counts", clip = false } = options;
  return layoutMarks(layOutSeries(data, stack), clip);
}

/** A layout of series as marks. */
function layoutMarks(
  { areas, maxima, peaks, lines }: SeriesLayout,
  clip: boolean,
): Markish[] {
  const bands = lines.filter(({ minimum, maximum }) => maximum > minimum)
    .map((step) => ({ ...step, y1: step.minimum, y2: step.maximum }));
  return [
    areaMarks(maxima, { clip, opacity: maximaOpacity }),
    areaMarks(areas, { clip }),
    areaMarks(bands, { clip, opacity: 0.3 }),
    stepLines(lines, 1.5, { clip }),
    stepLines(peaks, 0.75, { clip, color: style.mutedInk }),
  ];
}

/** Areas with true steps; series are colours. */
export const areaMarks = (
  steps: readonly StackedStep[],
  { clip, opacity = 1 }: { clip: boolean; opacity?: number },
): Markish =>
  steps.length === 0 ? null : Plot.rect(steps, {
    x1: "time",
    x2: "until",
    y1: "y1",
    y2: "y2",
    fill: scaledNames("series"),
    fillOpacity: opacity,
    clip,
    render: compactSteps,
  });

/** Lines with true steps, in one colour or in those of their series. */
export const stepLines = (
  steps: readonly (SeriesStep | Peak)[],
  strokeWidth: number,
  { clip, color }: { clip: boolean; color?: string },
): Markish =>
  steps.length === 0 ? null : Plot.ruleY(steps, {
    x1: "time",
    x2: "until",
    y: "value",
    stroke: color
      ? { value: () => color, scale: null } as never
      : scaledNames("series"),
    clip,
    render: compactStepLines(strokeWidth),
  });

const maxTipLines = 21;

/** Tips with the values of all series, at each time at which one changes. */
export function stepTips(
  steps: readonly SeriesStep[],
  head: (time: number, until: number) => string,
  format: (value: number) => string = formatMean,
): Tip[] {
  const columns = Map.groupBy(steps, ({ time }) => time);
  return [...columns].toSorted(([a], [b]) => a - b).map(([time, steps]) => {
    const x2 = min(steps, ({ until }) => until)!;
    const lines = steps.toReversed().slice(0, maxTipLines).map((step) => {
      const { series, value, minimum, maximum } = step;
      const range = maximum > minimum
        ? ` (${format(minimum)} to ${format(maximum)})`
        : "";
      return `${series ? `${series}: ` : ""}${format(value)}${range}`;
    });
    const more = steps.length - lines.length;
    if (more) lines.push(`and ${more} more`);
    return { x: time, x2, text: [head(time, x2), ...lines].join("\n") };
  });
}
