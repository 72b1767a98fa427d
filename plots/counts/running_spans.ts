import { countAxis } from "../axes/number_axes.ts";
import { formatMean, formatNumber } from "../axes/units.ts";
import type { Chart } from "../chart/chart.ts";
import { type ChartKind, chartOf } from "../chart/chart_kind.ts";
import {
  columnsThatFit,
  deriveSeries,
  meansOver,
  type SeriesFacet,
  type SeriesOptions,
  seriesPanel,
} from "../chart/series_plot.ts";
import { counted, rowsWithoutTime } from "../chart/words.ts";
import type { Rows } from "../rows/channels.ts";
import type { Stacking } from "./series_steps.ts";
import {
  countRunning,
  readRunning,
  type RunningChannels,
  type RunningCountOptions,
  type RunningCounts,
  type RunningRows,
} from "./running_counts.ts";

/** Options of {@linkcode runningSpans}. */
export interface RunningSpansOptions
  extends RunningChannels, RunningCountOptions, SeriesOptions {}

/**
 * Draws how many spans run at once: concurrency, as true steps. One row for each
 * span: when it started and when it ended, in seconds; in the first two columns,
 * or in those that are named.
 *
 * A span without an end runs until the last known time; a span that ends before
 * it starts is not counted. The caption gives the number of both, the greatest
 * number that ran at once and the mean from the first start to the last end. If
 * there are more moments of change than columns of pixels, each column shows its
 * mean, minimum and maximum.
 *
 * `series` have colours of their own: apps, executors, workers. Runs that came
 * one after the other each start at the left, unless `alignStart` is false.
 *
 * @example
 * ```ts
 * import { runningSpans } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = runningSpans([
 *   { running: 0, done: 3, app: "top" },
 *   { running: 1, done: 4, app: "left" },
 * ], { series: "app" });
 * assert.match(chart.caption, /^2 spans: at most 2 at once, 1.5 on average/);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function runningSpans(
  rows: Rows,
  options: RunningSpansOptions = {},
): Chart {
  return chartOf(runningSpansKind, rows, options);
}

const runningSpansKind: ChartKind<
  RunningRows,
  SeriesFacet,
  RunningSpansOptions
> = {
  height: 300,
  read: (rows, options) => readRunning(rows as Rows, options),
  derive: (all, options) =>
    deriveSeries(
      all.map((spans) =>
        countRunning(
          spans,
          options.columns ?? columnsThatFit(spans.names.length, all.length),
        )
      ),
      options,
      {
        title: "Spans running at once",
        caption: captionOf,
      },
    ),
  draw: (facet, options) => ({
    panels: [[
      seriesPanel(facet, options, {
        y: ([, high], pixels) =>
          countAxis(high, { pixels, label: "spans running at once" }),
        empty: facet.caption === noRows
          ? undefined
          : "No span runs for any time",
      }),
    ]],
    caption: facet.caption,
  }),
};

const noRows = "No rows.";

function captionOf(counts: RunningCounts, stack: Stacking): string {
  const { total, series, unended, reversed, instant, withoutTime } = counts;
  if (total.spans + reversed + withoutTime === 0) return noRows;
  return [
    `${counted(total.spans, "span")}: ${
      !counts.isAligned
        ? numbersOf(total)
        : series.length <= 4
        ? series.map((own) => `${own.name} ${numbersOf(own)}`).join("; ")
        : `at most ${
          formatNumber(Math.max(...series.map(({ peak }) => peak)))
        } at once in one series`
    }.`,
    ...meansOver(counts, stack),
    ...(unended
      ? [
        `${counted(unended, "span")} without an end counted as running until ` +
        "the last known time.",
      ]
      : []),
    ...(reversed
      ? [
        `${
          counted(reversed, "span")
        } not counted, with an end before the start.`,
      ]
      : []),
    ...(instant ? [`${counted(instant, "span")} of 0 s run beside none.`] : []),
    ...rowsWithoutTime(withoutTime),
  ].join(" ");
}

const numbersOf = ({ peak, mean }: RunningCounts["total"]) =>
  `at most ${formatNumber(peak)} at once` +
  (mean > 0 ? `, ${formatMean(mean)} on average` : "");
