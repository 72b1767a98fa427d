/**
 * Rows in, chart out. Rows may come from anywhere: any iterable of objects or
 * arrays, or an Arquero table. Times and durations are in seconds.
 *
 * The transforms behind the charts, from rows to rows, can be used alone, and
 * {@linkcode plot} draws marks of your own.
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

import { showHelp } from "../display/notebook/help.ts";
import { showPlots } from "./chart/plots_in_cells.ts";

// A file is exported whole if all that it exports is public.

// Charts of durations: how long things took, and when
export * from "./durations/two_events.ts";
export {
  type BinOptions,
  type DurationBin,
  durationBins,
  durationHistogram,
  durationHistogramMarks,
  type DurationHistogramOptions,
} from "./durations/duration_histogram.ts";
export {
  cumulativeDistribution,
  cumulativeDistributionMarks,
  type CumulativeDistributionOptions,
  type CumulativeOptions,
  type CumulativeShare,
  cumulativeShares,
} from "./durations/cumulative_distribution.ts";
export {
  durationsOverTime,
  durationsOverTimeMarks,
} from "./durations/durations_over_time.ts";
export * from "./durations/duration_heatmap.ts";
export * from "./durations/duration_quantiles.ts";
export * from "./durations/duration_boxes.ts";
export type { BoxChannels } from "./durations/duration_groups.ts";

// Charts of steps: how spans go from one to the next
export * from "./steps/cumulative_flow.ts";
export {
  type Lifelines,
  lifelines,
  lifelinesOf,
  type LifelinesOptions,
  type LifeStep,
} from "./steps/lifelines.ts";
export * from "./steps/step_comparison.ts";
export * from "./steps/step_durations.ts";
export {
  typicalSequence,
  type TypicalSequenceOptions,
} from "./steps/typical_sequence.ts";
export * from "./steps/waterfall.ts";
export {
  type CoverageCell,
  type CoverageCells,
  coverageCells,
  type CoverageChannels,
  coverageMatrix,
  type CoverageMatrixOptions,
} from "./coverage/coverage_matrix.ts";

// Charts over time: counts, rates, metrics
export * from "./counts/spans_in_state.ts";
export * from "./counts/running_spans.ts";
export * from "./counts/event_rate.ts";
export * from "./counts/throughput_limits.ts";
export * from "./metrics/metric_series.ts";

// Charts with a line for each entity, and of workers
export * from "./timeline/timeline.ts";
export * from "./workers/blocks_over_time.ts";
export * from "./workers/busy_workers.ts";
export * from "./workers/task_stream.ts";
export * from "./workers/utilisation_over_time.ts";
export * from "./workers/worker_time_bars.ts";

// Charts of graphs: what holds, equals or waits for what
export * from "./graphs/span_type_graph.ts";
export * from "./graphs/dependency_graph.ts";

// A chart of marks of your own
export { type Chart, plot } from "./chart/chart.ts";
export type { HelperOptions } from "./chart/chart_kind.ts";
export type { LegendEntry } from "./drawing/legend.ts";
export type { Length, SizeOptions } from "./drawing/size.ts";
export * from "./chart/plot_types.ts";

// Transforms of durations: from rows to rows
export { durationsOf } from "./durations/durations.ts";
export type { DurationChannels, Durations } from "./durations/durations.ts";
export type { DurationOptions } from "./durations/duration_chart.ts";
export type { CountsOrShares } from "./durations/duration_plots.ts";
export type { DurationTimeOptions } from "./durations/duration_plots.ts";
export type { DurationScaleOptions } from "./durations/duration_scale.ts";
export { statisticsOf } from "./durations/statistics.ts";
export type { Quantiles, Statistics } from "./durations/statistics.ts";
export type { GridCell } from "./rows/grid.ts";

// Transforms of steps
export { stepTimes, typicalSteps } from "./steps/step_times.ts";
export type { StepComparisonChannels } from "./steps/step_means.ts";
export type { StepTime, StepTimes } from "./steps/step_times.ts";
export type { StepTimesOptions, TypicalStep } from "./steps/step_times.ts";
export type { StepChannels, StepRowsLeft } from "./rows/step_rows.ts";

// Transforms for charts over time
export type { ColumnOptions, Peak, SeriesStep } from "./counts/series.ts";
export type { SeriesSteps, Stacking } from "./counts/series.ts";
export * from "./rows/thin_line.ts";

// Transforms of phases and workers
export { phasesOf } from "./timeline/phases.ts";
export type { Phase, PhaseChannels, PhaseColumns } from "./timeline/phases.ts";
export type { Phases, PhasesOfOptions } from "./timeline/phases.ts";
export type { ReadPhasesOptions } from "./timeline/phases.ts";
export type { LineOrder } from "./timeline/timeline_lines.ts";
export {
  type WorkerChannels,
  type WorkerLife,
  type WorkerLives,
  workerLives,
  type WorkerSteps,
} from "./workers/worker_lives.ts";
export type { WorkerRowChannels } from "./workers/worker_rows.ts";

// Graphs: as DOT, and laid out
export { layoutGraph, type LayoutOptions } from "./graphs/layout_graph.ts";
export * from "./graphs/graph.ts";

// Marks for Plot.plot from the results of transforms
export type { WorkerTimeChannels } from "./workers/worker_time_parts.ts";
export type { WeightChannels, WeightedCounts } from "./counts/weights.ts";
export type { Measure } from "./axes/measure.ts";
export { seriesMarks, type SeriesOptions } from "./counts/series.ts";
export { graphMarks } from "./graphs/layout_graph.ts";

// Axes and colours
export { timeAxis, type TimeAxisOptions } from "./axes/time_axis.ts";
export * from "./axes/duration_axis.ts";
export { countAxis, numberAxis } from "./axes/number_axes.ts";
export { bandAxis, type BandAxisOptions } from "./axes/name_axes.ts";
export type { Axis, AxisOptions, BandAxis } from "./axes/axis.ts";
export { categoricalColors, colorsFor, lineColorsFor } from "./chart/colors.ts";

// Rows, and where a helper finds its values in them
export type { Channel, ColumnTable, Rows } from "./rows/channels.ts";
export type { Series, SeriesChannels } from "./rows/series.ts";

showHelp(import.meta.url);
showPlots();
