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

// Charts of durations: how long things took, and when
export { twoEvents, type TwoEventsOptions } from "./two_events.ts";
export {
  durationHistogram,
  type DurationHistogramOptions,
} from "./duration_histogram.ts";
export {
  cumulativeDistribution,
  type CumulativeDistributionOptions,
} from "./cumulative_distribution.ts";
export {
  durationsOverTime,
  type DurationsOverTimeOptions,
} from "./durations_over_time.ts";
export {
  durationDensity,
  type DurationDensityOptions,
} from "./duration_density.ts";
export {
  durationHeatmap,
  type DurationHeatmapOptions,
} from "./duration_heatmap.ts";
export {
  durationQuantiles,
  type DurationQuantilesOptions,
} from "./duration_quantiles.ts";

// Charts of steps: how spans go from one to the next
export {
  cumulativeFlow,
  type CumulativeFlowOptions,
} from "./cumulative_flow.ts";
export { lifelines, type LifelinesOptions } from "./lifelines.ts";
export { stepDurations, type StepDurationsOptions } from "./step_durations.ts";
export {
  typicalSequence,
  type TypicalSequenceOptions,
} from "./typical_sequence.ts";
export {
  coverageMatrix,
  type CoverageMatrixOptions,
} from "./coverage_matrix.ts";

// Charts of what there was at each time: counts, rates, numbers
export { spansInState, type SpansInStateOptions } from "./spans_in_state.ts";
export { runningSpans, type RunningSpansOptions } from "./running_spans.ts";
export { eventRate, type EventRateOptions } from "./event_rate.ts";
export { metricSeries, type MetricSeriesOptions } from "./metric_series.ts";

// Charts with a line for each thing
export { timeline, type TimelineOptions } from "./timeline.ts";
export { busyWorkers, type BusyWorkersOptions } from "./busy_workers.ts";

// Charts of graphs: what holds, equals or waits for what
export { spanTypeGraph, type SpanTypeGraphOptions } from "./span_type_graph.ts";
export {
  dependencyGraph,
  type DependencyGraphOptions,
} from "./dependency_graph.ts";

// A chart of marks of your own
export {
  type Chart,
  type ChartOptions,
  type InteractiveChart,
  plot,
} from "./chart.ts";
export type { HelperOptions } from "./chart_kind.ts";
export type { LegendEntry } from "./drawing/legend.ts";
export type {
  Markish,
  Panel,
  PanelRow,
  PlotOptions,
  ScaleOptions,
  Tip,
} from "./plot_types.ts";

// Transforms of durations: from rows to rows
export {
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./transforms/durations.ts";
export type { EventNames } from "./duration_words.ts";
export type { DurationScaleOptions } from "./duration_scale.ts";
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
export { type HeatCellOptions, heatCells } from "./transforms/heat_cells.ts";
export {
  type CumulativeOptions,
  type CumulativeShare,
  cumulativeShares,
} from "./transforms/cumulative_shares.ts";
export {
  type DurationQuantiles,
  type Quantiles,
  quantilesOverTime,
  type TimeBinOptions,
} from "./transforms/quantiles_over_time.ts";

// Transforms of steps
export {
  type ArrivalOptions,
  type Arrivals,
  arrivalsOf,
  type StepArrivals,
} from "./transforms/arrivals.ts";
export type { WidestQueue } from "./transforms/step_flow.ts";
export {
  type Lifelines,
  lifelinesOf,
  type LifeStep,
} from "./transforms/lifelines_of.ts";
export {
  type StepTime,
  type StepTimes,
  stepTimes,
  type StepTimesOptions,
} from "./transforms/step_times.ts";
export { type TypicalStep, typicalSteps } from "./transforms/typical_steps.ts";
export {
  type CoverageCell,
  type CoverageCells,
  coverageCells,
  type CoverageChannels,
} from "./transforms/coverage_cells.ts";
export type { StepChannels } from "./rows/step_channels.ts";
export type { StepRowsLeft } from "./rows/step_rows.ts";

// Transforms of what there was at each time
export {
  type StateChanges,
  stateChanges,
  type StateChannels,
} from "./transforms/state_changes.ts";
export {
  type StateCount,
  type StateCountOptions,
  type StateCounts,
  stateCounts,
  type StatePeak,
} from "./transforms/state_counts.ts";
export {
  type RunningCount,
  type RunningCountOptions,
  type RunningCounts,
  runningCounts,
  type RunningSeries,
} from "./transforms/running_counts.ts";
export type { RunningChannels } from "./transforms/running_rows.ts";
export {
  type EventRateRow,
  type EventRates,
  eventRates,
  type RateOptions,
} from "./transforms/event_rates.ts";
export type { EventChannels } from "./transforms/event_times.ts";
export {
  type MetricChannels,
  type MetricPoints,
  metricPoints,
  type MetricSummary,
} from "./transforms/metric_points.ts";
export { thinLine } from "./transforms/thin_line.ts";
export type { Stacking } from "./transforms/stacking.ts";

// Transforms of phases and workers
export {
  type Phase,
  phasesOf,
  type PhasesOfOptions,
} from "./transforms/phases_of.ts";
export type { Phases } from "./transforms/phase_columns.ts";
export type {
  PhaseChannels,
  ReadPhasesOptions,
} from "./transforms/read_phases.ts";
export type { LineOrder, TimelineLines } from "./transforms/timeline_lines.ts";
export type { TimelineBar, TimelineBars } from "./transforms/timeline_bars.ts";
export {
  type WorkerLife,
  type WorkerLives,
  workerLives,
} from "./transforms/worker_lives.ts";
export type { WorkerRows } from "./transforms/worker_columns.ts";
export type { WorkerSteps } from "./transforms/worker_steps.ts";
export type { WorkerChannels } from "./transforms/worker_rows.ts";

// Graphs: as DOT, and laid out
export {
  spanTypeDot,
  type SpanTypeOptions,
  type TypeRelationChannels,
} from "./transforms/type_relations.ts";
export type {
  DependencyChannels,
  DependencyRows,
} from "./transforms/task_rows.ts";
export { layoutGraph, type LayoutOptions } from "./graph/layout_graph.ts";
export type {
  Graph,
  GraphEdge,
  GraphNode,
  PlacedEdge,
  PlacedGraph,
  PlacedNode,
  Point,
  Share,
} from "./graph/graph.ts";

// Marks for Plot.plot, of what the transforms give
export { durationHistogramMarks } from "./duration_histogram_marks.ts";
export { cumulativeDistributionMarks } from "./cumulative_distribution_marks.ts";
export { durationsOverTimeMarks } from "./durations_over_time.ts";
export { durationDensityMarks } from "./duration_density.ts";
export { durationHeatmapMarks } from "./duration_heatmap.ts";
export { durationQuantilesMarks } from "./duration_quantiles_marks.ts";
export { cumulativeFlowMarks } from "./cumulative_flow.ts";
export { type LifelineMarkOptions, lifelinesMarks } from "./lifelines_marks.ts";
export { typicalSequenceMarks } from "./typical_sequence_marks.ts";
export { coverageMatrixMarks } from "./coverage_matrix_marks.ts";
export { spansInStateMarks } from "./spans_in_state.ts";
export { runningSpansMarks } from "./running_spans.ts";
export { eventRateMarks } from "./event_rate.ts";
export { metricSeriesMarks } from "./metric_series.ts";
export { type TimelineMarkOptions, timelineMarks } from "./timeline_marks.ts";
export { busyStepsMarks } from "./busy_steps.ts";
export { graphMarks } from "./graph/graph_marks.ts";

// Axes and colours
export { timeAxis, type TimeAxisOptions } from "./axes/time_axis.ts";
export { durationAxis } from "./axes/duration_axis.ts";
export {
  logDurationAxis,
  type LogDurationAxisOptions,
} from "./axes/log_duration_axis.ts";
export { countAxis } from "./axes/count_axis.ts";
export { numberAxis } from "./axes/number_axis.ts";
export { bandAxis, type BandAxisOptions } from "./axes/band_axis.ts";
export type { Axis, AxisOptions, BandAxis } from "./axes/axis.ts";
export { categoricalColors, colorsFor, lineColorsFor } from "./palette.ts";

// Rows, and where a helper finds its values in them
export type { Channel, ColumnTable, Rows } from "./rows/channels.ts";
export type { Series } from "./rows/series.ts";
