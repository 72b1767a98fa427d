import type { Panel, Tip } from "../chart/plot_types.ts";
import type { TimeAxisOptions } from "../axes/time_axis.ts";
import { formatDuration } from "../axes/units.ts";
import type { Chart } from "../chart/chart.ts";
import { chartOf, type HelperOptions } from "../chart/chart_kind.ts";
import type { Extent } from "../chart/facets.ts";
import type { OldChartKind } from "../chart/chart_kind.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { durationOverTimeKind } from "./duration_kind.ts";
import type { DurationScaleOptions, SharedByFacets } from "./duration_scale.ts";
import { seriesLegend } from "./duration_series.ts";
import type { EventNames } from "./duration_words.ts";
import { durationTimePlot } from "./duration_time_plot.ts";
import type { Rows } from "../rows/channels.ts";
import { extentOf } from "./duration_cells.ts";
import type { DurationChannels, Durations } from "./durations.ts";
import {
  type DurationQuantiles,
  fittingBins,
  quantilesOverTime,
  type TimeBinOptions,
} from "./quantiles_over_time.ts";
import { roundSeconds } from "../rows/time_bins.ts";
import { counted } from "../chart/words.ts";
import {
  colors,
  durationQuantilesMarks,
  medianDots,
  middle,
  rowDots,
} from "./duration_quantiles_marks.ts";

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

const durationQuantilesKind: OldChartKind<Durations, DurationQuantilesOptions> =
  {
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
    plots: (
      durations,
      options,
    ) => [[durationQuantilesPlot(durations, options)]],
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
function durationQuantilesPlot(
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
