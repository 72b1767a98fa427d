/**
 * Rows in, chart out. Rows may come from anywhere: any iterable of objects or
 * arrays, or an Arquero table. Times and durations are in seconds.
 *
 * Each chart is made of two halves that can be had alone: a transform, from
 * rows to rows, and marks for Observable Plot.
 *
 * ```ts
 * import { twoEvents } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = twoEvents([
 *   { launched: 1795344042.0, running: 1795344042.5 },
 *   { launched: 1795344042.1, running: 1795344045.1 },
 * ]);
 * assert.match(chart.caption, /^2 spans: mean 1.75 s/);
 * ```
 *
 * @module
 */

// Charts
export { twoEvents, type TwoEventsOptions } from "./two_events.ts";
export {
  durationHistogram,
  type DurationHistogramOptions,
} from "./duration_histogram.ts";
export {
  durationsOverTime,
  type DurationsOverTimeOptions,
} from "./durations_over_time.ts";
export {
  durationDensity,
  type DurationDensityOptions,
} from "./duration_density.ts";
export { spansInState, type SpansInStateOptions } from "./spans_in_state.ts";

// Transforms: from rows to rows
export {
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./transforms/durations.ts";
export { type Statistics, statisticsOf } from "./transforms/statistics.ts";
export {
  type BinOptions,
  type DurationBin,
  durationBins,
} from "./transforms/duration_bins.ts";
export {
  type CellOptions,
  type DurationCell,
  durationCells,
} from "./transforms/duration_cells.ts";
export {
  type StateCount,
  type StateCountOptions,
  type StateCounts,
  stateCounts,
  type StatePeak,
} from "./transforms/state_counts.ts";
export {
  type StateChanges,
  stateChanges,
  type StateChannels,
} from "./transforms/state_changes.ts";
export { thinLine } from "./transforms/thin_line.ts";

// Marks for Plot.plot
export { durationHistogramMarks } from "./duration_histogram.ts";
export { durationsOverTimeMarks } from "./durations_over_time.ts";
export { durationDensityMarks } from "./duration_density.ts";
export { spansInStateMarks } from "./spans_in_state.ts";

// A chart of marks of your own
export {
  type Chart,
  type ChartOptions,
  type InteractiveChart,
  plot,
} from "./chart.ts";
export type { HelperOptions } from "./chart_kind.ts";
export type { Axis, AxisOptions, BandAxis } from "./axes/axis.ts";
export { bandAxis, type BandAxisOptions } from "./axes/band_axis.ts";
export { countAxis } from "./axes/count_axis.ts";
export { durationAxis } from "./axes/duration_axis.ts";
export { numberAxis } from "./axes/number_axis.ts";
export { timeAxis, type TimeAxisOptions } from "./axes/time_axis.ts";
export { categoricalColors, colorsFor, lineColorsFor } from "./palette.ts";
export type { Channel, ColumnTable, Rows } from "./rows/channels.ts";
export type { EventNames } from "./duration_words.ts";
export type { LegendEntry } from "./drawing/legend.ts";
export type {
  Markish,
  Panel,
  PanelRow,
  PlotOptions,
  ScaleOptions,
  Tip,
} from "./plot_types.ts";
