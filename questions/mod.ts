/**
 * Questions to ask of a database: functions that return SQL to run with
 * `db.query`, or that take the database and return rows.
 *
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { timesBetween } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/wq/runinfo");
 * const rows = db.query(timesBetween({
 *   from: "parsl.monitoring.try/launched",
 *   to: "parsl.monitoring.try/running",
 * }));
 * assert.ok(rows.length > 0);
 * ```
 *
 * @module
 */

import { showHelp } from "../display/notebook/help.ts";

// Contents of a database, and comparisons of runs
export { relatedTypes, spanTypes } from "./runs/span_types.ts";
export * from "./runs/compare.ts";
export type { CompareOptions } from "./runs/asked_comparison.ts";
export { outlierRuns, type OutlierRunsOptions } from "./runs/outlier_runs.ts";
export type { OutlierRun } from "./runs/outlier_runs_text.ts";
export { runTrends, type RunTrendsOptions } from "./runs/run_trends.ts";
export type { RunTrend } from "./runs/run_trends_text.ts";
export * from "./runs/runs_over_time.ts";
export type { StepDifference } from "./runs/step_differences.ts";
export type { Spread } from "./events/welch.ts";
export * from "./runs/gate.ts";
export type * from "./runs/gate_schema.ts";
export {
  compareSpans,
  type CompareSpansOptions,
  type SpanComparison,
} from "./runs/compare_spans.ts";
export { type Run, runs } from "./runs/list_runs.ts";
export { summary } from "./runs/summary.ts";
export type * from "./runs/summary_schema.ts";
export { answersOfRun } from "./runs/answers_of_run.ts";
export type {
  AnsweringRuns,
  RunAnswers,
  SummaryData,
} from "./runs/answering_runs.ts";
export { findRun, type FoundRun, inRun } from "./runs/find_run.ts";
export { coverage, type StepCoverage } from "./runs/coverage.ts";

// Events, the times between them, and states
export { nestedSpans, type Roots } from "./events/nested_spans.ts";
export { spanLinks } from "./events/span_links.ts";
export {
  componentOf,
  eventsOf,
  type EventsOfOptions,
} from "./events/events_of.ts";
export { managerHosts, steps } from "./events/steps.ts";
export * from "./events/times_between.ts";
export * from "./events/spans_between.ts";
export type { By } from "./events/by_attributes.ts";
export type { WeightOption } from "./events/weights.ts";
export { eventCounts, type EventCountsOptions } from "./events/event_counts.ts";
export {
  type EventName,
  eventName,
  type EventPair,
  type NamedEvent,
} from "./events/event_names.ts";
export {
  statesInOrder,
  statesOverTime,
  type StatesOverTimeOptions,
} from "./events/states_over_time.ts";
export {
  eventSequences,
  type EventSequencesOptions,
  type SequenceStep,
} from "./events/event_sequences.ts";
export {
  type AsyncQueryable,
  sequencesInCampaign,
} from "./events/sequences_in_campaign.ts";

// Tasks and their dependencies
export {
  type TaskPlace,
  taskPlaces,
  whereIsEveryTask,
  type WhereIsEveryTaskOptions,
} from "./tasks/where_is_every_task.ts";
export * from "./tasks/critical_path.ts";
export type {
  CriticalSeconds,
  CriticalTask,
} from "./tasks/critical_path_text.ts";
export * from "./tasks/task_graph.ts";
export {
  eachTask,
  type Task,
  tasks,
  type TasksOptions,
} from "./tasks/tasks.ts";
export * from "./tasks/bottleneck.ts";
export { type Bottleneck, bottleneckText } from "./tasks/bottleneck_text.ts";
export * from "./tasks/duration_factors.ts";
export type { DurationFactor } from "./tasks/duration_factors_text.ts";
export type { DurationsAsked } from "./tasks/named_durations.ts";
export * from "./tasks/queue_lengths.ts";
export type { TaskRow } from "./tasks/task_times.ts";
export * from "./tasks/resource_use.ts";
export * from "./tasks/resource_over_time.ts";
export type { ResourceName } from "./tasks/held_resources.ts";
export {
  taskDependencies,
  type TaskDependenciesOptions,
} from "./tasks/task_dependencies.ts";

// Failures
export { type Failure, failures } from "./failures/failures.ts";
export type {
  FailureCounts,
  FoundFailures,
} from "./failures/shown_failures.ts";

// Workers
export { attempts, eachAttempt } from "./workers/attempts.ts";
export * from "./workers/durations_by.ts";
export type {
  Attempt,
  Outcome,
  WorkerName,
  WorkerOptions,
} from "./workers/worker.ts";
export {
  type WorkerActivity,
  workerActivity,
  type WorkerState,
} from "./workers/worker_activity.ts";
export * from "./workers/worker_idle_time.ts";
export * from "./workers/utilisation.ts";
export * from "./workers/worker_time.ts";
export * from "./workers/worker_use_over_time.ts";
export { workerTimeText } from "./workers/worker_time_text.ts";
export type { WorkerTime, WorkerUse } from "./workers/worker_uses.ts";
export { type Block, blocks } from "./workers/blocks.ts";
export * from "./workers/block_activity.ts";
export * from "./workers/worker_stream.ts";
export type { Resources } from "./workers/executions.ts";
export type { EndReason } from "./workers/lives.ts";

// Lines of logs, and the story of one task
export * from "./lines/log_volume.ts";
export { story, type StoryEvent, type StoryOf } from "./lines/story.ts";
export {
  lines,
  type LinesOf,
  type LinesOptions,
  type SourceLine,
} from "./lines/lines.ts";
export { visitMessages, type WantedMessages } from "./lines/visit_messages.ts";

showHelp(import.meta.url);
