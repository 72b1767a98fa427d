import defer * as Plot from "@observablehq/plot";
import type { Markish, Panel, Tip } from "./plot_types.ts";
import type { TimeAxisOptions } from "./axes/time_axis.ts";
import { formatDuration } from "./axes/units.ts";
import type { Chart } from "./chart.ts";
import {
  type ChartKind,
  chartOf,
  type Extent,
  type HelperOptions,
} from "./chart_kind.ts";
import { compactStepLines } from "./drawing/compact_lines.ts";
import { compactSteps } from "./drawing/compact_steps.ts";
import type { LegendEntry } from "./drawing/legend.ts";
import { durationOverTimeKind } from "./duration_kind.ts";
import type { DurationScaleOptions, SharedByFacets } from "./duration_scale.ts";
import { seriesLegend } from "./duration_series.ts";
import type { EventNames } from "./duration_words.ts";
import { durationTimePlot } from "./durations_over_time.ts";
import type { Rows } from "./rows/channels.ts";
import { extentOf } from "./transforms/duration_cells.ts";
import type { DurationChannels, Durations } from "./transforms/durations.ts";
import {
  type DurationQuantiles,
  fittingBins,
  quantilesOverTime,
  type TimeBinOptions,
} from "./transforms/quantiles_over_time.ts";
import { roundSeconds } from "./transforms/time_bins.ts";
import { counted } from "./words.ts";

/** What {@linkcode durationQuantiles} takes beside its rows. */
export interface DurationQuantilesOptions
  extends
    DurationChannels,
    EventNames,
    TimeBinOptions,
    DurationScaleOptions,
    Pick<TimeAxisOptions, "clock">,
    HelperOptions {
  /**
   * A bin of fewer rows has no quantiles worth a band: its rows are dots. 10 if
   * not given.
   */
  fewest?: number | undefined;
}

/**
 * How durations change over time: of each bin of time the median as a line,
 * bands from 25 to 75 % and from 5 to 95 %, and the maximum as a dot. One row a
 * span, as {@linkcode twoEvents} takes them; a row belongs to the bin in which
 * it starts. With `series` each series has its median alone.
 *
 * @example
 * ```ts
 * import { durationQuantiles } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const rows = Array.from({ length: 100 }, (_, i) => [i, i + 2 + i % 7]);
 * const chart = durationQuantiles(rows, { every: 20 });
 * assert.match(chart.caption, /Quantiles of the spans that start within each 20 s/);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 * @throws {RangeError} if `every` is not above zero, or makes too many bins.
 */
export function durationQuantiles(
  rows: Rows | Durations,
  options: DurationQuantilesOptions = {},
): Chart {
  return chartOf(durationQuantilesKind, rows, options);
}

const durationQuantilesKind: ChartKind<Durations, DurationQuantilesOptions> = {
  ...durationOverTimeKind,
  height: 300,
  share(data, given) {
    const options = durationOverTimeKind.share!(data, given);
    const longest = Math.max(
      ...data.map(({ start }) => {
        const [first, last] = extentOf(start);
        return last - first;
      }),
    );
    const most = Math.max(...data.map(({ length }) => length));
    return {
      ...options,
      every: given.every ??
        roundSeconds(longest, given.bins ?? fittingBins(most)),
    };
  },
  extent: (durations, options) => ({
    ...durationOverTimeKind.extent!(durations, options),
    ...binsCover(durations, options),
  }),
  plots: (durations, options) => [[durationQuantilesPlot(durations, options)]],
  legend: (data, options) =>
    seriesLegend(data, options.color, "line") ?? bandLegend(data, options),
  caption: (durations, options) =>
    [
      durationOverTimeKind.caption(durations, options),
      binWords(durations, options),
    ]
      .join(" "),
};

/** The plot of {@linkcode durationQuantiles}, as one panel of a figure. */
export function durationQuantilesPlot(
  durations: Durations,
  options: DurationQuantilesOptions & SharedByFacets,
): Panel {
  const { fewest = fewestRows, log } = options;
  const quantiles = quantilesOverTime(durations, options);
  const { dense, sparse } = split(quantiles, fewest);
  const panel = durationTimePlot(durations, options, (clip, { at }) => [
    ...durationQuantilesMarks(log ? placed(dense, at) : dense, { clip }),
    ...(durations.series
      ? [medianDots(log ? placed(sparse, at) : sparse, clip)]
      : [rowDots(durations, sparse, at, clip)]),
  ], binsCover(durations, options));
  return { ...panel, tips: () => quantiles.map(tipOf) };
}

/** The bins end with the last of them, not with the last row. */
export function binsCover(
  { start, length }: Durations,
  { every }: TimeBinOptions,
): Extent {
  if (length === 0 || !every) return {};
  const [first, last] = extentOf(start);
  const bins = Math.floor((last - first) / every) + 1;
  return { x: [first, first + bins * every] };
}

const fewestRows = 10;

/**
 * Quantiles over time as marks for `Plot.plot`: the bands, the median and the
 * maximum of each bin; of several series the medians, on the color scale. Takes
 * what {@linkcode quantilesOverTime} gives. With `clip`, what is beyond the
 * frame is cut off.
 */
export function durationQuantilesMarks(
  quantiles: readonly DurationQuantiles[],
  { clip = false }: { clip?: boolean } = {},
): Markish[] {
  if (quantiles.some(({ series }) => series !== undefined)) {
    return [medianLine(quantiles, clip)];
  }
  const band = (
    y1: keyof DurationQuantiles,
    y2: keyof DurationQuantiles,
    color: string,
  ) =>
    Plot.rect(quantiles, {
      ...{ x1: "x1", x2: "x2", y1, y2, clip, render: compactSteps },
      fill: { value: quantiles.map(() => color), scale: null },
    });
  return [
    band("percentile5", "percentile95", colors.wide),
    band("percentile25", "percentile75", colors.narrow),
    medianLine(quantiles, clip),
    Plot.dot(quantiles, {
      x: middle,
      y: "maximum",
      r: 1.75,
      fill: colors.maximum,
      clip,
    }),
  ];
}

const colors = {
  wide: "#d3e4f1",
  narrow: "#8cb8dc",
  median: "#00467f",
  maximum: "#b3001b",
  row: "#0072b2",
};

const middle = ({ x1, x2 }: DurationQuantiles) => (x1 + x2) / 2;

/** A line of steps, with a gap where a bin is missing. */
function medianLine(
  quantiles: readonly DurationQuantiles[],
  clip: boolean,
): Markish {
  let run = 0;
  const points = quantiles.flatMap((bin, i) => {
    const before = quantiles[i - 1];
    const isNext = before && before.series === bin.series &&
      Math.abs(before.x2 - bin.x1) < (bin.x2 - bin.x1) / 2;
    if (!isNext) run++;
    const { series, median } = bin;
    return [
      { series, x: bin.x1, median, run },
      { series, x: bin.x2, median, run },
    ];
  });
  return Plot.line(points, {
    x: "x",
    y: "median",
    z: "run",
    stroke: points[0]?.series === undefined
      ? { value: points.map(() => colors.median), scale: null }
      : "series",
    clip,
    render: compactStepLines,
  });
}

/** Of a series, in a bin of few rows: the median as a ring. */
function medianDots(
  quantiles: readonly DurationQuantiles[],
  clip: boolean,
): Markish {
  return Plot.dot(quantiles, {
    x: middle,
    y: "median",
    r: 2.25,
    stroke: "series",
    clip,
  });
}

/** The rows that start in bins of few. */
function rowDots(
  { start, duration }: Durations,
  sparse: readonly DurationQuantiles[],
  at: (duration: number) => number,
  clip: boolean,
): Markish {
  const width = sparse[0] ? sparse[0].x2 - sparse[0].x1 : 1;
  const [first] = extentOf(start);
  const bins = new Set(
    sparse.map((bin) => Math.floor((middle(bin) - first) / width)),
  );
  const [x, y]: [number[], number[]] = [[], []];
  if (bins.size) {
    start.forEach((time, i) => {
      if (!bins.has(Math.floor((time - first) / width))) return;
      x.push(time);
      y.push(at(duration[i]!));
    });
  }
  return Plot.dot({ length: x.length }, {
    ...{ x, y, clip },
    r: 2,
    fill: colors.row,
    fillOpacity: 0.55,
  });
}

function split(quantiles: readonly DurationQuantiles[], fewest: number) {
  return {
    dense: quantiles.filter(({ count }) => count >= fewest),
    sparse: quantiles.filter(({ count }) => count < fewest),
  };
}

/** On a logarithmic axis, what is not above zero lies in its strip. */
function placed(
  quantiles: readonly DurationQuantiles[],
  at: (duration: number) => number,
): DurationQuantiles[] {
  return quantiles.map((bin) => ({
    ...bin,
    percentile5: at(bin.percentile5),
    percentile25: at(bin.percentile25),
    median: at(bin.median),
    percentile75: at(bin.percentile75),
    percentile95: at(bin.percentile95),
    maximum: at(bin.maximum),
  }));
}

function bandLegend(
  data: readonly Durations[],
  options: DurationQuantilesOptions,
): LegendEntry[] | undefined {
  const { fewest = fewestRows } = options;
  const parts = data.map((durations) =>
    split(quantilesOverTime(durations, options), fewest)
  );
  const hasBands = parts.some(({ dense }) => dense.length);
  return [
    ...(hasBands
      ? [
        { label: "median", color: colors.median, shape: "line" } as const,
        { label: "25 to 75 %", color: colors.narrow },
        { label: "5 to 95 %", color: colors.wide },
        { label: "maximum", color: colors.maximum, shape: "dot" } as const,
      ]
      : []),
    ...(parts.some(({ sparse }) => sparse.length)
      ? [
        {
          label: `each span, where fewer than ${fewest} start`,
          color: colors.row,
          shape: "dot",
        } as const,
      ]
      : []),
  ];
}

function binWords(
  durations: Durations,
  options: DurationQuantilesOptions,
): string {
  const { fewest = fewestRows, every } = options;
  if (durations.length === 0 || !every) return "";
  const { sparse } = split(quantilesOverTime(durations, options), fewest);
  const what = durations.series ? "Medians" : "Quantiles";
  const few = sparse.length
    ? `; ${counted(sparse.length, "bin")} of fewer than ${fewest}: ` +
      (durations.series ? "rings at the medians" : "dots")
    : "";
  return `${what} of the spans that start within each ${
    formatDuration(every)
  }${few}.`;
}

function tipOf(bin: DurationQuantiles): Tip {
  return {
    ...(bin.series === undefined
      ? { x: bin.x1, x2: bin.x2 }
      : { x: middle(bin), y: bin.median }),
    text: [
      ...(bin.series === undefined ? [] : [bin.series]),
      counted(bin.count, "span"),
      `median ${formatDuration(bin.median)}`,
      `5 to 95 %: ${formatDuration(bin.percentile5)} to ` +
      formatDuration(bin.percentile95),
      `maximum ${formatDuration(bin.maximum)}`,
    ].join("\n"),
  };
}
