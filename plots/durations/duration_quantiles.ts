// Over 300 lines: the chart stands with its transform, its marks and examples.

import { max } from "d3-array";
import { checkOptions } from "../../display/text/mistakes.ts";
import { formatDuration } from "../axes/units.ts";
import { counted, plural } from "../chart/captions.ts";
import type { Chart } from "../chart/chart.ts";
import { scaledNames } from "../chart/colors.ts";
import type { Markish, Tip } from "../chart/plot_types.ts";
import { compactStepLines, compactSteps } from "../drawing/compact.ts";
import { Plot } from "../drawing/plot.ts";
import type { Rows } from "../rows/channels.ts";
import { endsOf, roundSeconds, timeBins } from "../rows/grid.ts";
import { valuesByGroup } from "../rows/row_order.ts";
import {
  type DurationTimeOptions,
  longestTime,
  quantileColors,
  quantileLegend,
  timeFacet,
} from "./duration_plots.ts";
import { durationChart, durationOptionNames } from "./duration_chart.ts";
import {
  bySeries,
  durationChannelNames,
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./durations.ts";
import { type Quantiles, quantilesOf } from "./statistics.ts";

/** Options of {@linkcode durationQuantiles}. */
export interface DurationQuantilesOptions
  extends DurationTimeOptions, TimeBinOptions {
  /**
   * Minimum number of rows for quantiles; a bin with fewer shows its rows as
   * dots. By default 10, or 5 with `dots`.
   */
  minRows?: number | undefined;
  /**
   * Whether each row is a dot above the bands, of at most 2,000 rows: for rows
   * that matter one by one, such as runs. False by default.
   */
  dots?: boolean | undefined;
}

/**
 * Draws how durations change over time: for each bin of time the median as a
 * line, bands from 25 to 75% and from 5 to 95%, and the maximum as a dot.
 * Takes one row per span, as {@linkcode twoEvents} does; a row belongs to the
 * bin in which it starts. With `series`, each series has only its median.
 *
 * @example
 * ```ts
 * import { durationQuantiles } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const rows = Array.from({ length: 100 }, (_, i) => [i, i + 2 + i % 7]);
 * const chart = durationQuantiles(rows, { every: 20 });
 * assert.match(chart.caption, /Quantiles of the spans that start within 20 s/);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 * @throws {RangeError} if `every` is not above zero, or makes too many bins.
 */
export function durationQuantiles(
  rows: Rows | Durations,
  options: DurationQuantilesOptions = {},
): Chart {
  checkOptions("durationQuantiles", options, {
    ...durationOptionNames,
    every: true,
    bins: true,
    minRows: true,
    dots: true,
    clock: true,
  });
  return durationChart(rows, options, {
    height: 300,
    axis: "y",
    seriesShape: "line",
    derive(all) {
      const sets = all.map(({ durations }) => durations);
      const rows = max(sets, ({ length }) => length) ?? 0;
      const hasDots = options.dots === true && rows <= maxDots;
      const { minRows = hasDots ? 5 : 10 } = options;
      const every = options.every ??
        roundSeconds(
          longestTime(sets),
          options.bins ??
            // Those of each series have a median each.
            (hasDots
              ? fittingBins(max(sets, rowsOfSeries) ?? 0, 8)
              : fittingBins(rows)),
        );
      const kinds = sets.map((durations) =>
        Object.groupBy(
          quantilesOverTime(durations, { every }),
          ({ count }) => count < minRows ? "sparse" : "dense",
        )
      );
      return {
        legend: [
          ...(kinds.some(({ dense }) => dense)
            ? quantileLegend.filter(({ label }) =>
              !hasDots || label !== "maximum"
            )
            : []),
          ...(hasDots || kinds.some(({ sparse }) => sparse)
            ? [
              {
                label: `each ${all[0]!.durations.noun}` +
                  (hasDots ? "" : `, where fewer than ${minRows} start`),
                color: quantileColors.row,
                shape: "dot",
              } as const,
            ]
            : []),
        ],
        facets: all.map((data, i) => {
          const { durations, caption } = data;
          const nouns = plural(durations.noun);
          const { dense = [], sparse = [] } = kinds[i]!;
          const bins = timeBins(durations.start, { every });
          const covers = durations.length ? { x: endsOf(bins) } : {};
          const few = sparse.length && durations.series
            ? `; rings: medians of fewer than ${minRows}`
            : "";
          const note = durations.length
            ? ` ${
              durations.series ? "Medians" : "Quantiles"
            } of the ${nouns} ` +
              `that start within ${formatDuration(every)}${few}.`
            : "";
          const starts = new Set(sparse.map(({ x1 }) => x1));
          const rows = hasDots || starts.size
            ? [...durations.start.keys()]
            : [];
          const alone = rows.filter((row) =>
            hasDots ||
            starts.has(bins.range(bins.place(durations.start[row]!))[0])
          );
          const tooMany = options.dots && !hasDots
            ? ` Too many ${nouns} for a dot each.`
            : "";
          return {
            caption: caption + note + tooMany,
            ...timeFacet(data, (clip, { at }) => [
              ...quantileMarks(dense, clip, at, !hasDots),
              // A bin with too few rows for quantiles shows a ring at the
              // median of each series, or without series a dot per row.
              ...durations.series
                ? [Plot.dot(sparse, {
                  x: middle,
                  y: ({ median }: DurationQuantiles) => at(median),
                  r: 2.25,
                  stroke: scaledNames("series"),
                  clip,
                })]
                : [],
              ...hasDots || !durations.series
                ? [dotsOf(durations, alone, at, clip)]
                : [],
            ], {
              covers,
              tips: ({ at }) => [
                ...hasDots
                  ? alone.map((row) => rowTip(durations, row, at))
                  : [...dense, ...sparse].map((bin) =>
                    tipOf(bin, durations.noun)
                  ),
              ],
            }),
          };
        }),
      };
    },
  });
}

const maxDots = 2000;

const rowsOfSeries = ({ length, series }: Durations) =>
  length / (series?.names.length ?? 1);

function dotsOf(
  { start, duration, series }: Durations,
  rows: readonly number[],
  at: (duration: number) => number,
  clip: boolean,
): Markish {
  return Plot.dot({ length: rows.length }, {
    x: rows.map((row) => start[row]!),
    y: rows.map((row) => at(duration[row]!)),
    clip,
    r: 2,
    fill: series
      ? scaledNames(rows.map((row) => series.names[series.of[row]!]!))
      : quantileColors.row,
    fillOpacity: 0.55,
  });
}

function rowTip(
  { start, duration, nameOf }: Durations,
  row: number,
  at: (duration: number) => number,
): Tip {
  return {
    x: start[row]!,
    y: at(duration[row]!),
    text: [nameOf?.(row), formatDuration(duration[row]!)]
      .filter(Boolean).join("\n"),
  };
}

function tipOf(bin: DurationQuantiles, noun: string): Tip {
  return {
    ...(bin.series === undefined
      ? { x: bin.x1, x2: bin.x2 }
      : { x: middle(bin), y: bin.median }),
    text: [
      ...(bin.series === undefined ? [] : [bin.series]),
      ...bin.count === 1 ? [`1 ${noun}: ${formatDuration(bin.median)}`] : [
        counted(bin.count, noun),
        `median ${formatDuration(bin.median)}`,
        `5 to 95%: ${formatDuration(bin.percentile5)} to ` +
        formatDuration(bin.percentile95),
        `maximum ${formatDuration(bin.maximum)}`,
      ],
    ].join("\n"),
  };
}

/**
 * Quantiles over time as marks for `Plot.plot`: the bands, the median and the
 * maximum of each bin; for several series the medians, on the color scale.
 * Takes the result of {@linkcode quantilesOverTime}. `clip` cuts the marks at
 * the frame.
 *
 * @example
 * ```ts
 * import { durationQuantilesMarks, plot, quantilesOverTime } from "dnpc/plots";
 * import * as Plot from "@observablehq/plot";
 * import assert from "node:assert/strict";
 *
 * const quantiles = quantilesOverTime([[0, 2], [1, 5]]);
 * const chart = plot({
 *   y: { label: "duration (s)" },
 *   marks: [...durationQuantilesMarks(quantiles), Plot.ruleX([3])],
 * });
 * assert.ok(chart.svg.includes("duration (s)"));
 * ```
 */
export function durationQuantilesMarks(
  quantiles: readonly DurationQuantiles[],
  options: { clip?: boolean } = {},
): Markish[] {
  checkOptions("durationQuantilesMarks", options, { clip: true });
  const { clip = false } = options;
  return quantileMarks(quantiles, clip, (duration) => duration);
}

/** The marks, durations at their places on the axis. */
function quantileMarks(
  quantiles: readonly DurationQuantiles[],
  clip: boolean,
  at: (duration: number) => number,
  hasMaxima = true,
): Markish[] {
  const isSeries = quantiles.some(({ series }) => series !== undefined);
  const each = (color: string) => ({
    value: quantiles.map(() => color),
    scale: null,
  });
  // With a gap where a bin is missing.
  const line = Plot.ruleY(quantiles, {
    x1: "x1",
    x2: "x2",
    y: ({ median }: DurationQuantiles) => at(median),
    stroke: isSeries
      ? scaledNames("series")
      : each(quantileColors.median) as never,
    clip,
    render: compactStepLines(1.5),
  });
  if (isSeries) return [line];
  const band = (low: keyof Quantiles, high: keyof Quantiles, color: string) =>
    Plot.rect(quantiles, {
      x1: "x1",
      x2: "x2",
      y1: (bin: DurationQuantiles) => at(bin[low]),
      y2: (bin: DurationQuantiles) => at(bin[high]),
      clip,
      render: compactSteps,
      fill: each(color),
    });
  return [
    band("percentile5", "percentile95", quantileColors.wide),
    band("percentile25", "percentile75", quantileColors.narrow),
    line,
    ...hasMaxima
      ? [Plot.dot(quantiles, {
        x: middle,
        y: ({ maximum }: DurationQuantiles) => at(maximum),
        r: 1.75,
        fill: quantileColors.maximum,
        clip,
      })]
      : [],
  ];
}

const middle = ({ x1, x2 }: DurationQuantiles) => (x1 + x2) / 2;

/** Distribution of the durations that started within one bin of time. */
export interface DurationQuantiles extends Quantiles {
  /** The series, if the rows have any. */
  series?: string;
  /** Start of the bin, in seconds. */
  x1: number;
  /** End of the bin, in seconds. */
  x2: number;
  /** Number of durations that started in it. */
  count: number;
}

/** Options of bins of time. */
export interface TimeBinOptions {
  /** Width of a bin in seconds, in place of `bins`. */
  every?: number | undefined;
  /**
   * Approximate number of bins, which have a round width. By default about one
   * per 15 rows, or 8 with `dots`, at most 80.
   */
  bins?: number | undefined;
}

/**
 * Quantiles of the durations that started in each bin of time: the transform
 * behind {@linkcode durationQuantiles}. Quantiles interpolate, as `d3.quantile`
 * does. Empty bins and rows without a start are left out. All series have the
 * same bins.
 *
 * @example
 * ```ts
 * import { quantilesOverTime } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const rows = [[0, 1], [5, 8], [12, 13]];
 * const [first, second] = quantilesOverTime(rows, { every: 10 });
 * assert.deepEqual([first?.count, first?.median, first?.maximum], [2, 2, 3]);
 * assert.deepEqual([second?.x1, second?.x2], [10, 20]);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 * @throws {RangeError} if `every` is not above zero, or makes too many bins.
 */
export function quantilesOverTime(
  rows: Rows | Durations,
  options: DurationChannels & TimeBinOptions = {},
): DurationQuantiles[] {
  checkOptions("quantilesOverTime", options, {
    ...durationChannelNames,
    every: true,
    bins: true,
  });
  const { every, bins, ...channels } = options;
  const durations = durationsOf(rows, channels);
  const { count, place, range } = timeBins(durations.start, {
    every,
    bins: bins ?? fittingBins(durations.length),
  });
  return bySeries(durations).flatMap(({ name, start, duration }) =>
    valuesByGroup(duration, count, (row) => place(start[row]!)).flatMap(
      (values, i) => {
        if (values.length === 0) return [];
        const [x1, x2] = range(i);
        return [{
          ...(name !== undefined && { series: name }),
          x1,
          x2,
          ...quantilesOf(values.sort()),
        }];
      },
    )
  );
}

/** Number of bins that have about 15 rows each, enough for quantiles. */
const fittingBins = (rows: number, each = 15): number =>
  Math.max(4, Math.min(80, Math.round(rows / each)));
