import defer * as Plot from "@observablehq/plot";
import type { Axis } from "../axes/axis.ts";
import {
  type TimeAxisOptions,
  timeAxisOver,
  tipTimes,
} from "../axes/time_axis.ts";
import { formatDuration, formatMean } from "../axes/units.ts";
import {
  layOut,
  type Peak,
  type SeriesLayout,
  type SeriesStep,
  type SeriesSteps,
  type StackedStep,
  type Stacking,
  valueDomain,
} from "../counts/series_steps.ts";
import { compactStepLines } from "../drawing/compact.ts";
import { compactSteps } from "../drawing/compact_areas.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { style } from "../drawing/style.ts";
import type { Derived, FacetData, HelperOptions, Size } from "./chart_kind.ts";
import {
  type ColorScale,
  colorScale,
  colorsFor,
  legendOfNames,
  lineColorsFor,
  scaledNames,
} from "./colors.ts";
import type { Domain } from "./facets.ts";
import { frame, noRows } from "./frame.ts";
import type { Markish, Panel, Tip } from "./plot_types.ts";

/** Options of every chart of series over time. */
export interface SeriesOptions
  extends Pick<TimeAxisOptions, "clock">, HelperOptions {
  /**
   * How series lie: one on the other, or as lines, each from zero. By default
   * one on the other, and lines where each series starts at the left.
   */
  stack?: Stacking | undefined;
}

/** Series of one facet, ready to be drawn. */
export interface SeriesFacet<Data extends SeriesSteps = SeriesSteps>
  extends FacetData {
  data: Data;
  stack: Stacking;
  layout: SeriesLayout;
}

/** Lays out the series of all facets, in the same colours. */
export function deriveSeries<Data extends SeriesSteps>(
  all: readonly Data[],
  options: SeriesOptions,
  { title, caption }: {
    title: string;
    caption: (data: Data, stack: Stacking) => string;
  },
): Derived<SeriesFacet<Data>> {
  const {
    stack = all.every(({ isAligned }) => isAligned) ? "lines" : "counts",
  } = options;
  const facets = all.map((data) => ({
    data,
    stack,
    layout: layOut(data, stack),
    caption: caption(data, stack),
    extent: data.steps.length
      ? { x: data.domain, y: valueDomain(data, stack), isTime: true }
      : undefined,
  }));
  const isArea = stack !== "lines";
  const names = new Set(
    all.flatMap(({ names }) => isArea ? names.toReversed() : names),
  );
  const color = seriesColors(names, isArea, options);
  return { facets, title, color, legend: legendOf(facets, names, color) };
}

/** Colours of series: areas have those of states, lines the strong ones. */
export function seriesColors(
  names: ReadonlySet<string>,
  isArea: boolean,
  options: HelperOptions,
): ColorScale {
  const isNamed = names.size > 1 || !names.has("");
  const colors = (isArea && isNamed ? colorsFor : lineColorsFor)(names);
  return colorScale(names, options, colors);
}

function legendOf(
  facets: readonly SeriesFacet[],
  names: ReadonlySet<string>,
  color: ColorScale,
): LegendEntry[] | undefined {
  const isLines = facets.some(({ stack }) => stack === "lines");
  const entries = legendOfNames(names, color, isLines ? "line" : "square");
  const [first] = entries;
  const hasMaxima = facets.some(({ layout }) => layout.maxima.length > 0);
  const isNamed = first?.label !== "";
  if (!first || !isNamed && !hasMaxima) return undefined;
  if (!isNamed) first.label = "mean";
  if (hasMaxima) {
    const color = names.size > 1 ? style.mutedInk : first.color;
    entries.push({ label: "maximum", color: faded(color) });
  }
  if (facets.some(({ layout }) => layout.peaks.length > 0)) {
    const label = "maximum of the sum";
    entries.push({ label, color: style.mutedInk, shape: "line" });
  }
  return entries;
}

/** A colour with the opacity of maxima. */
const faded = (color: string) =>
  /^#[0-9a-f]{6}$/i.test(color)
    ? color + Math.round(255 * seeThrough).toString(16)
    : color;

/**
 * Number of columns of time with which so many series keep a chart under 300 kB,
 * whatever the number of rows.
 */
export function columnsThatFit(series: number, facets: number): number {
  const fitting = Math.floor(maxSteps / facets / (series || 1));
  return Math.max(30, Math.min(640, fitting));
}

const maxSteps = 7000;

/** Draws one facet. */
export function drawSeries(
  { data, stack, layout }: SeriesFacet,
  options: SeriesOptions & Size,
  { y, meanOver, empty = noRows }: {
    /** Axis of the values. */
    y: (domain: Domain, pixels: number) => Axis;
    /** Seconds of which a value is the mean where it is not that of a column. */
    meanOver?: number;
    /** Text of a plot without values. */
    empty?: string;
  },
): Panel {
  const { domain, columnSeconds, isAligned, steps } = data;
  const { clock } = options;
  return frame(options, {
    x: timeAxisOver(domain, { clock, isAligned }),
    y: (asked, pixels) => y(asked ?? valueDomain(data, stack), pixels),
    grid: stack !== "streamgraph",
    zero: stack === "streamgraph" ? undefined : "y",
    draw: ({ clip }) => ({ marks: seriesLayoutMarks(layout, clip) }),
    tips: () =>
      stepTips(steps, tipTimes(domain, columnSeconds ?? meanOver, clock)),
    empty: steps.length ? undefined : empty,
  });
}

/** Sentence of a caption about values that are means. */
export function meansOver(
  { columnSeconds }: SeriesSteps,
  stack: Stacking,
): string[] {
  if (columnSeconds === undefined) return [];
  const bands = stack === "lines" ? ", with bands from minimum to maximum" : "";
  return [`Drawn as means over ${formatDuration(columnSeconds)}${bands}.`];
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
  { stack = data.isAligned ? "lines" : "counts", clip = false }: {
    stack?: Stacking;
    clip?: boolean;
  } = {},
): Markish[] {
  return seriesLayoutMarks(layOut(data, stack), clip);
}

/** Opacity of the maxima behind means. */
const seeThrough = 0.35;

/** A layout of series as marks. */
function seriesLayoutMarks(
  { areas, maxima, peaks, lines }: SeriesLayout,
  clip: boolean,
): Markish[] {
  const bands = lines.filter(({ minimum, maximum }) => maximum > minimum)
    .map((step) => ({ ...step, y1: step.minimum, y2: step.maximum }));
  return [
    ...areaMarks(maxima, { clip, opacity: seeThrough }),
    ...areaMarks(areas, { clip }),
    ...areaMarks(bands, { clip, opacity: 0.3 }),
    ...lineMarks(lines, 1.5, scaledNames("series"), clip),
    ...lineMarks(
      peaks,
      0.75,
      { value: () => style.mutedInk, scale: null } as never,
      clip,
    ),
  ];
}

/** Areas with true steps; series are colours. */
export function areaMarks(
  steps: readonly StackedStep[],
  { clip = false, opacity = 1 }: { clip?: boolean; opacity?: number } = {},
): Markish[] {
  if (steps.length === 0) return [];
  return [
    Plot.rect(steps, {
      x1: "time",
      x2: "until",
      y1: "y1",
      y2: "y2",
      fill: scaledNames("series"),
      fillOpacity: opacity,
      clip,
      render: compactSteps,
    }),
  ];
}

function lineMarks(
  steps: readonly (SeriesStep | Peak)[],
  width: number,
  stroke: ReturnType<typeof scaledNames>,
  clip: boolean,
): Markish[] {
  if (steps.length === 0) return [];
  return [
    Plot.ruleY(steps, {
      x1: "time",
      x2: "until",
      y: "value",
      stroke,
      clip,
      render: compactStepLines(width),
    }),
  ];
}

/** Tips with the values of all series, at each time at which one changes. */
export function stepTips(
  steps: readonly SeriesStep[],
  head: (time: number, until: number) => string,
): Tip[] {
  const columns = Map.groupBy(steps, ({ time }) => time);
  return [...columns].toSorted(([a], [b]) => a - b).map(([time, steps]) => {
    const until = Math.min(...steps.map(({ until }) => until));
    const shown = steps.toReversed().slice(0, maxLines).map((step) => {
      const { series, value, minimum, maximum } = step;
      const range = maximum > minimum
        ? ` (${formatMean(minimum)} to ${formatMean(maximum)})`
        : "";
      return `${series ? `${series}: ` : ""}${formatMean(value)}${range}`;
    });
    const more = steps.length - shown.length;
    return {
      x: time,
      x2: until,
      text: [
        head(time, until),
        ...shown,
        ...(more ? [`and ${more} more`] : []),
      ].join("\n"),
    };
  });
}

const maxLines = 21;
