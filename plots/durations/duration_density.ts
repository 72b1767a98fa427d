import defer * as Plot from "@observablehq/plot";
import type { Chart } from "../chart/chart.ts";
import type { Markish, ScaleOptions } from "../chart/plot_types.ts";
import type { Rows } from "../rows/channels.ts";
import type { GridCell } from "../rows/grid.ts";
import { durationCells } from "./duration_heatmap.ts";
import type { DurationScale } from "./duration_scale.ts";
import {
  type DurationTimeOptions,
  durationTimePlot,
  timeExtent,
} from "./duration_plots.ts";
import {
  durationChart,
  type DurationData,
  type DurationView,
} from "./duration_chart.ts";
import type { DurationChannels, Durations } from "./durations.ts";

/** Options of {@linkcode durationDensity}. */
export interface DurationDensityOptions extends DurationTimeOptions {
  /**
   * Standard deviation of the Gaussian kernel, in pixels. 9 by default.
   */
  bandwidth?: number;
}

/**
 * Draws the density of rows in time and duration: a kernel density estimate, as
 * bands of equal density. It shows where most rows are, even if a scatter plot
 * would have too many dots.
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
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function durationDensity(
  rows: Rows | Durations,
  options: DurationDensityOptions = {},
): Chart {
  return durationChart(rows, options, {
    height: 280,
    axis: "y",
    derive: (all) => densityView(all, options),
  });
}

const ramp: ScaleOptions = { type: "linear", range: ["#dbe9f5", "#08306b"] };

/** The density as a view of durations. */
export const densityView = (
  all: readonly DurationData[],
  { log, bandwidth }: DurationDensityOptions,
): DurationView => ({
  facets: all.map((data) => {
    const { durations } = data;
    // Cells finer than the kernel give the same picture as the rows, in a
    // time that does not grow with them.
    const weights = durationCells(durations, { log });
    return {
      extent: timeExtent(data),
      draw: (sized) =>
        durationTimePlot(
          data,
          // With series, the colours of the options are those of other plots.
          {
            ...sized,
            color: durations.series ? ramp : { ...ramp, ...sized.color },
          },
          (_, scale) => densityMarks(weights, bandwidth, scale),
        ),
    };
  }),
});

/**
 * Bands of equal density as marks for `Plot.plot`, time and duration in
 * seconds. Takes rows as {@linkcode twoEvents} does, or the
 * result of {@linkcode durationsOf}.
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
  return densityMarks(durationCells(rows, channels), bandwidth);
}

function densityMarks(
  weights: readonly GridCell[],
  bandwidth = 9,
  scale?: DurationScale,
): Markish[] {
  if (weights.length === 0) return [];
  const middle = scale?.log
    ? (low: number, high: number) => Math.sqrt(low * high)
    : (low: number, high: number) => (low + high) / 2;
  return [
    Plot.density(weights as GridCell[], {
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
