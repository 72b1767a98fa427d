import type { Chart } from "../chart/chart.ts";
import { chartOf, type HelperOptions } from "../chart/chart_kind.ts";
import type { OldChartKind } from "../chart/chart_kind.ts";
import type { TimeAxisOptions } from "../axes/time_axis.ts";
import { countAxis } from "../axes/count_axis.ts";
import { formatDuration, formatMean, formatNumber } from "../axes/units.ts";
import type { Markish } from "../chart/plot_types.ts";
import type { Rows } from "../rows/channels.ts";
import {
  seriesColors,
  seriesLegend,
  seriesMarks,
  seriesPlot,
  topOf,
} from "../chart/series_plot.ts";
import {
  countRunning,
  type RunningCount,
  type RunningCountOptions,
  type RunningCounts,
} from "./running_counts.ts";
import { readRunning, type RunningChannels } from "./running_rows.ts";
import type { StepValue } from "./stacking.ts";
import { counted, rowsWithoutTime } from "../chart/words.ts";

/** What {@linkcode runningSpans} takes beside its rows. */
export interface RunningSpansOptions
  extends
    RunningChannels,
    Pick<RunningCountOptions, "columns">,
    Pick<TimeAxisOptions, "clock">,
    HelperOptions {
  /**
   * Whether series lie one on the other as `counts`, or are `lines`, each from
   * zero. If not given, counts, and lines where each series starts at the left.
   */
  stack?: "counts" | "lines" | undefined;
}

/**
 * How many spans run at once: concurrency, as true steps. One row for each
 * span: when it started and when it ended, in seconds; in the first two
 * columns, or in those that are named.
 *
 * A span without an end runs until the last time that is known. What ends
 * before it starts is not counted. The caption says how many there are of both,
 * the most that ran at once and the mean from the first start to the last end.
 * Where there are more moments of change than columns of pixels, the mean of
 * each column is drawn, and the least and the most that there were in it.
 *
 * `series` are drawn in colours of their own: apps, executors, workers. Runs
 * that came one after the other each start at the left, unless `alignStart` is
 * false.
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
 * assert.match(chart.caption, /^2 spans: at most 2 at once, 1.5 in the mean/);
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

const runningSpansKind: OldChartKind<RunningCounts, RunningSpansOptions> = {
  height: 300,
  read(rows, options) {
    const spans = readRunning(rows as Rows, options);
    const fitting = Math.floor(mostSteps * options.part / spans.names.length);
    return countRunning(
      spans,
      options.columns ?? Math.max(30, Math.min(640, fitting)),
    );
  },
  extent: (counts, options) =>
    counts.total.spans
      ? { x: counts.domain, y: [0, highestOf(counts, options)], isTime: true }
      : {},
  share: (all, options) =>
    seriesColors(
      all.map(({ series }) => series.map(({ name }) => name)),
      all.some((counts) => isStacked(counts, options)),
      options,
    ),
  plots: (counts, options) => [[
    seriesPlot(stepsOf(counts), {
      ...counts,
      upright: (asked, pixels) =>
        countAxis(asked?.[1] ?? highestOf(counts, options), {
          pixels,
          label: "spans running at once",
        }),
      isStacked: isStacked(counts, options),
      empty: counts.total.spans ? "No span runs for any time" : undefined,
    }, options),
  ]],
  title: () => "Spans running at once",
  caption: captionOf,
  legend: (all, options) =>
    seriesLegend(
      all.map(({ series }) => series.map(({ name }) => name)),
      all.some((counts) => isStacked(counts, options)),
      all.some(({ columnSeconds }) => columnSeconds !== undefined),
      options,
    ),
};

// A line and its band take more room than an area.
const mostSteps = 6000;

/**
 * Concurrency as marks for `Plot.plot`. Takes what {@linkcode runningCounts}
 * gives; the series are on the color scale. With `clip`, what is beyond the
 * frame is cut off.
 *
 * @example
 * ```ts
 * import { plot, runningCounts, runningSpansMarks } from "dnpc/plots";
 * import * as Plot from "@observablehq/plot";
 * import assert from "node:assert/strict";
 *
 * const counts = runningCounts([[0, 2], [1, 5]]);
 * const chart = plot({
 *   y: { label: "spans running" },
 *   marks: [...runningSpansMarks(counts), Plot.ruleX([3])],
 * });
 * assert.ok(chart.svg.includes("spans running"));
 * ```
 */
export function runningSpansMarks(
  counts: RunningCounts,
  { clip = false, stack }: { clip?: boolean; stack?: "counts" | "lines" } = {},
): Markish[] {
  return seriesMarks(stepsOf(counts), {
    ...counts,
    isStacked: isStacked(counts, { stack }),
  }, clip);
}

const isStacked = (
  { isAligned }: RunningCounts,
  { stack }: RunningSpansOptions,
) => (stack ?? (isAligned ? "lines" : "counts")) === "counts";

function highestOf(counts: RunningCounts, options: RunningSpansOptions) {
  return Math.max(
    1,
    isStacked(counts, options)
      ? counts.total.most
      : topOf(stepsOf(counts), false),
  );
}

const stepsOf = ({ counts }: RunningCounts): StepValue[] =>
  counts.map(({ series, count, ...others }: RunningCount) => ({
    ...others,
    name: series,
    value: count,
  }));

function captionOf(counts: RunningCounts): string {
  const { total, series, unended, reversed, instant, withoutTime } = counts;
  if (total.spans + reversed + withoutTime === 0) return "No rows.";
  const { columnSeconds, isAligned } = counts;
  const numbers = (most: number, mean: number) =>
    `at most ${formatNumber(most)} at once` +
    (mean > 0 ? `, ${formatMean(mean)} in the mean` : "");
  const parts = [
    `${counted(total.spans, "span")}: ` +
    (isAligned && series.length <= 4
      ? series.map(({ name, most, mean }) => `${name} ${numbers(most, mean)}`)
        .join("; ")
      : isAligned
      ? `at most ${
        formatNumber(Math.max(...series.map(({ most }) => most)))
      } at once of one series`
      : numbers(total.most, total.mean)) +
    ".",
  ];
  if (columnSeconds !== undefined) {
    parts.push(`Drawn as means over ${formatDuration(columnSeconds)} each.`);
  }
  if (unended) {
    parts.push(
      `${counted(unended, "span")} without an end counted as running until ` +
        "the last time known.",
    );
  }
  if (reversed) {
    parts.push(
      `${
        counted(
          reversed,
          "span ends before it starts",
          "spans end before they start",
        )
      }, not counted.`,
    );
  }
  if (instant) {
    parts.push(
      `${
        counted(instant, "span of 0 s is", "spans of 0 s are")
      } at no time among them.`,
    );
  }
  return [...parts, ...rowsWithoutTime(withoutTime)].join(" ");
}
