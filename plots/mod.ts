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

// Charts of durations: how long things took, and when
export { twoEvents, type TwoEventsOptions } from "./durations/two_events.ts";
export {
  durationHistogram,
  type DurationHistogramOptions,
} from "./durations/duration_histogram.ts";
export {
  cumulativeDistribution,
  type CumulativeDistributionOptions,
} from "./durations/cumulative_distribution.ts";
export { durationsOverTime } from "./durations/durations_over_time.ts";
export {
  durationDensity,
  type DurationDensityOptions,
} from "./durations/duration_density.ts";
export {
  durationHeatmap,
  type DurationHeatmapOptions,
} from "./durations/duration_heatmap.ts";
export {
  durationQuantiles,
  type DurationQuantilesOptions,
} from "./durations/duration_quantiles.ts";

// Charts of steps: how spans go from one to the next
export {
  cumulativeFlow,
  type CumulativeFlowOptions,
} from "./steps/cumulative_flow.ts";
export { lifelines, type LifelinesOptions } from "./steps/lifelines.ts";
export {
  stepDurations,
  type StepDurationsOptions,
} from "./steps/step_durations.ts";
export {
  typicalSequence,
  type TypicalSequenceOptions,
} from "./steps/typical_sequence.ts";
export {
  coverageMatrix,
  type CoverageMatrixOptions,
} from "./coverage/coverage_matrix.ts";

// Charts of what there was at each time: counts, rates, numbers
export {
  spansInState,
  type SpansInStateOptions,
} from "./counts/spans_in_state.ts";
export {
  runningSpans,
  type RunningSpansOptions,
} from "./counts/running_spans.ts";
export { eventRate, type EventRateOptions } from "./counts/event_rate.ts";
export {
  metricSeries,
  type MetricSeriesOptions,
} from "./metrics/metric_series.ts";

// Charts with a line for each thing
export { timeline, type TimelineOptions } from "./timeline/timeline.ts";
export {
  busyWorkers,
  type BusyWorkersOptions,
} from "./timeline/busy_workers.ts";

// Charts of graphs: what holds, equals or waits for what
export {
  spanTypeDot,
  spanTypeGraph,
  type SpanTypeGraphOptions,
  type SpanTypeOptions,
  type TypeRelationChannels,
} from "./graphs/span_type_graph.ts";
export {
  type DependencyChannels,
  dependencyGraph,
  type DependencyGraphOptions,
  type DependencyRows,
} from "./graphs/dependency_graph.ts";

// A chart of marks of your own
export {
  type Chart,
  type ChartOptions,
  type InteractiveChart,
  plot,
} from "./chart/chart.ts";
export type { HelperOptions } from "./chart/chart_kind.ts";
export type { LegendEntry } from "./drawing/legend.ts";
export type {
  Markish,
  Panel,
  PanelRow,
  PlotOptions,
  ScaleOptions,
  Tip,
} from "./chart/plot_types.ts";

// Transforms of durations: from rows to rows
export {
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./durations/durations.ts";
export type { DurationOptions, EventNames } from "./durations/duration_view.ts";
export type { DurationTimeOptions } from "./durations/duration_time_plot.ts";
export type { CountsOrShares } from "./durations/distribution_plot.ts";
export type { DurationScaleOptions } from "./durations/duration_scale.ts";
export {
  type Quantiles,
  type Statistics,
  statisticsOf,
} from "./durations/statistics.ts";
export {
  type BinOptions,
  type DurationBin,
  durationBins,
} from "./durations/duration_bins.ts";
export {
  type CellOptions,
  durationCells,
  type HeatCellOptions,
} from "./durations/duration_cells.ts";
export type { GridCell } from "./rows/grid.ts";
export {
  type CumulativeOptions,
  type CumulativeShare,
  cumulativeShares,
} from "./durations/cumulative_shares.ts";
export {
  type DurationQuantiles,
  quantilesOverTime,
  type TimeBinOptions,
} from "./durations/quantiles_over_time.ts";

// Transforms of steps
export {
  type ArrivalOptions,
  type Arrivals,
  arrivalsOf,
  type StepArrivals,
  type WidestQueue,
} from "./steps/arrivals.ts";
export {
  type Lifelines,
  lifelinesOf,
  type LifeStep,
} from "./steps/lifelines_of.ts";
export {
  type StepTime,
  type StepTimes,
  stepTimes,
  type StepTimesOptions,
  type TypicalStep,
  typicalSteps,
} from "./steps/step_times.ts";
export {
  type CoverageCell,
  type CoverageCells,
  coverageCells,
  type CoverageChannels,
} from "./coverage/coverage_cells.ts";
export type { StepChannels, StepRowsLeft } from "./rows/step_rows.ts";

// Transforms of what there was at each time
export {
  type StateChannels,
  type StateCountOptions,
  type StateCounts,
  stateCounts,
} from "./counts/spans_in_state.ts";
export {
  type RunningChannels,
  type RunningCounts,
  runningCounts,
  type RunningSeries,
} from "./counts/running_spans.ts";
export {
  type EventChannels,
  type EventRates,
  eventRates,
  type RateOptions,
  type RateUnit,
} from "./counts/event_rate.ts";
export type {
  ColumnOptions,
  Peak,
  SeriesStep,
  SeriesSteps,
  Stacking,
} from "./counts/series_steps.ts";
export {
  type MetricChannels,
  type MetricPoints,
  metricPoints,
  type MetricSummary,
} from "./metrics/metric_points.ts";
export type { MetricMark } from "./metrics/metric_layout.ts";
export { thinLine } from "./rows/thin_line.ts";

// Transforms of phases and workers
export {
  type Phase,
  type PhaseChannels,
  type PhaseColumns,
  type Phases,
  phasesOf,
  type PhasesOfOptions,
  type ReadPhasesOptions,
} from "./timeline/phases.ts";
export type { LineOrder } from "./timeline/timeline_lines.ts";
export {
  type WorkerChannels,
  type WorkerLife,
  type WorkerLives,
  workerLives,
  type WorkerSteps,
} from "./timeline/worker_lives.ts";

// Graphs: as DOT, and laid out
export { layoutGraph, type LayoutOptions } from "./graphs/layout_graph.ts";
export type {
  Graph,
  GraphEdge,
  GraphNode,
  PlacedEdge,
  PlacedGraph,
  PlacedNode,
  Point,
  Share,
} from "./graphs/graph.ts";

// Marks for Plot.plot, of what the transforms give
export { durationHistogramMarks } from "./durations/duration_histogram.ts";
export { cumulativeDistributionMarks } from "./durations/cumulative_distribution.ts";
export { durationsOverTimeMarks } from "./durations/durations_over_time.ts";
export { durationDensityMarks } from "./durations/duration_density.ts";
export { durationHeatmapMarks } from "./durations/duration_heatmap.ts";
export { durationQuantilesMarks } from "./durations/duration_quantiles.ts";
export { seriesMarks, type SeriesOptions } from "./chart/series_plot.ts";
export { metricSeriesMarks } from "./metrics/metric_series.ts";
export { graphMarks } from "./graphs/graph_marks.ts";

// Axes and colours
export { timeAxis, type TimeAxisOptions } from "./axes/time_axis.ts";
export {
  durationAxis,
  logDurationAxis,
  type LogDurationAxisOptions,
} from "./axes/duration_axis.ts";
export { countAxis, numberAxis } from "./axes/number_axes.ts";
export { bandAxis, type BandAxisOptions } from "./axes/name_axes.ts";
export type { Axis, AxisOptions, BandAxis } from "./axes/axis.ts";
export {
  categoricalColors,
  colorsFor,
  lineColorsFor,
} from "./chart/palette.ts";

// Rows, and where a helper finds its values in them
export type { Channel, ColumnTable, Rows } from "./rows/channels.ts";
export type { Series, SeriesChannels } from "./rows/series.ts";
