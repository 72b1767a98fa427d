import defer * as Plot from "@observablehq/plot";
import type { Markish, Panel } from "../chart/plot_types.ts";
import type { Rows } from "../rows/channels.ts";
import type { Chart } from "../chart/chart.ts";
import { chartOf } from "../chart/chart_kind.ts";
import type { OldChartKind } from "../chart/chart_kind.ts";
import { durationOverTimeKind } from "./duration_kind.ts";
import type { DurationScale } from "./duration_scale.ts";
import { durationCells } from "./duration_cells.ts";
import {
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./durations.ts";
import type { DurationsOverTimeOptions } from "./durations_over_time.ts";
import { durationTimePlot } from "./duration_time_plot.ts";

/** What {@linkcode durationDensity} takes beside its rows. */
export interface DurationDensityOptions extends DurationsOverTimeOptions {
  /**
   * How far a row's weight is spread, in pixels: the standard deviation of the
   * Gaussian kernel.
   */
  bandwidth?: number;
}

/**
 * Where rows lie closest in time and duration: a kernel density estimate,
 * drawn as bands of equal density. What a scatter of too many dots hides shows
 * here: that most of them are in one place.
 *
 * @example
 * ```ts
 * import { durationDensity } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const rows = [[0, 2], [1, 2.5], [1, 3]];
 * const chart = durationDensity(rows, { from: "launched", to: "running" });
 * assert.ok(chart.svg.includes("launched → running"));
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function durationDensity(
  rows: Rows | Durations,
  options: DurationDensityOptions = {},
): Chart {
  return chartOf(durationDensityKind, rows, options);
}

const durationDensityKind: OldChartKind<Durations, DurationDensityOptions> = {
  ...durationOverTimeKind,
  height: 280,
  plots: (durations, options) => [[durationDensityPlot(durations, options)]],
};

/** The plot of {@linkcode durationDensity}, as one panel of a figure. */
export function durationDensityPlot(
  durations: Durations,
  options: DurationDensityOptions,
): Panel {
  const color = { type: "linear", range: ["#dbe9f5", "#08306b"] } as const;
  return durationTimePlot(
    durations,
    {
      ...options,
      // Colours of series are those of other charts.
      color: durations.series ? color : { ...color, ...options.color },
    },
    (_, scale) =>
      durations.length ? densityMarks(durations, options, scale) : [],
  );
}

/**
 * Bands of equal density as marks for `Plot.plot`, time and duration in
 * seconds. Takes rows as {@linkcode twoEvents} does, or what
 * {@linkcode durationsOf} gives.
 *
 * @example
 * ```ts
 * import { durationDensityMarks, plot } from "dnpc/plots";
 * import * as Plot from "@observablehq/plot";
 * import assert from "node:assert/strict";
 *
 * const rows = [[0, 2], [1, 5], [2, 4]];
 * const chart = plot({
 *   y: { label: "duration (s)" },
 *   marks: [...durationDensityMarks(rows), Plot.ruleX([3])],
 * });
 * assert.ok(chart.svg.includes("duration (s)"));
 * ```
 */
export function durationDensityMarks(
  rows: Rows | Durations,
  { bandwidth, ...channels }: DurationChannels & { bandwidth?: number } = {},
): Markish[] {
  return densityMarks(durationsOf(rows, channels), { bandwidth });
}

function densityMarks(
  durations: Durations,
  { bandwidth = 9 }: { bandwidth?: number | undefined },
  scale?: DurationScale,
): Markish[] {
  // Cells finer than the kernel give the same picture as the rows themselves,
  // in a time that does not grow with the rows.
  const cells = durationCells(durations, { log: scale?.log });
  const middle = scale?.log
    ? (low: number, high: number) => Math.sqrt(low * high)
    : (low: number, high: number) => (low + high) / 2;
  return [
    Plot.density(cells, {
      x: ({ x1, x2 }) => (x1 + x2) / 2,
      y: ({ y1, y2 }) => y2 <= 0 && scale ? scale.at(y2) : middle(y1, y2),
      weight: "count",
      fill: "density",
      bandwidth,
      thresholds: 12,
      clip: true,
    }),
  ];
}
