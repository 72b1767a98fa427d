// @ts-types="npm:@types/d3-array@3.2.2"
import { sum } from "d3-array";
import { secondsText } from "../../display/text/format.ts";
import type { LimitSummary } from "../runs/summary_schema.ts";
import { type LimitingStage, limitingStages } from "./limiting_stage.ts";

/** A bin of time of an executor: a row of {@linkcode bottleneck}. */
export interface Bottleneck {
  /** Label of the run, such as "000"; if it has none, its id or directory. */
  run: string;
  /** The label of the executor; null if no task was launched on any. */
  executor: string | null;
  /** Unix seconds. */
  start: number;
  /** Unix seconds. */
  end: number;
  /**
   * The stage that limited the throughput for most of the bin; null if the logs
   * do not tell.
   */
  bound: LimitingStage | null;
  /** Mean number of tasks that waited for their dependencies. */
  pending_tasks: number;
  /** Mean number that waited to be launched, or were on the way from there. */
  launching_tasks: number;
  /** Mean number in the queue of the executor, such as its interchange. */
  queued_tasks: number;
  /** Mean number with a manager that had not reached a worker. */
  held_tasks: number;
  /** Mean number in workers. */
  running_tasks: number;
  /** Mean number whose result was on the way back. */
  returning_tasks: number;
  /** Mean number of workers that lived; null if no log has them. */
  workers: number | null;
  /** Tasks submitted per second. */
  submission_rate: number;
  /** Tasks sent to a manager or worker per second. */
  dispatch_rate: number;
  /** Tasks that workers began per second. */
  start_rate: number;
  /** Tasks that workers completed per second. */
  completion_rate: number;
  /** Results that reached Parsl per second. */
  return_rate: number;
  /** Seconds in which submission limited the throughput. */
  bound_by_submission: number;
  /** Seconds in which dependencies did. */
  bound_by_dependencies: number;
  /** Seconds in which dispatch did. */
  bound_by_dispatch: number;
  /** Seconds in which workers did. */
  bound_by_workers: number;
  /** Seconds in which the return of results did. */
  bound_by_return: number;
}

/**
 * Sums up in words what limited the throughput: a line for each run, and for
 * each executor if it has several. Stages below half a percent are left out.
 *
 * In the line of a run, each executor counts at each time by its tasks: one
 * without any does not count.
 *
 * @param rows the result of {@linkcode bottleneck}, or some of its rows
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { bottleneck, bottleneckText } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/flow/submission.tar.gz");
 *
 * assert.equal(
 *   bottleneckText(bottleneck(db)),
 *   "Run 000: bound by submission for 63% of its 25.7 s; by the workers for " +
 *     "37%, 37% without a worker.",
 * );
 * ```
 */
export function bottleneckText(rows: readonly Bottleneck[]): string {
  const lines = Map.groupBy(rows, ({ run }) => run).values().flatMap((own) => {
    const name = `Run ${own[0]!.run}`;
    const executors = Map.groupBy(own, ({ executor }) => executor);
    const weights = executors.size === 1 ? evenly : byTasks(own);
    return [
      lineOf(name, own, weights),
      ...executors.size === 1 ? [] : executors.entries().map(
        ([executor, own]) => lineOf(`${name}, ${executor}`, own, evenly),
      ),
    ];
  });
  return [...lines].join("\n");
}

type Weights = (row: Bottleneck) => number;

const evenly: Weights = () => 1;

/** Weights of executors in each bin, which add up to 1. */
function byTasks(rows: readonly Bottleneck[]): Weights {
  const bins = new Map(
    Map.groupBy(rows, ({ start }) => start).entries()
      .map(([start, own]) => [start, [own.length, sum(own, tasksOf)] as const]),
  );
  return (row) => {
    const [executors, tasks] = bins.get(row.start)!;
    return tasks > 0 ? tasksOf(row) / tasks : 1 / executors;
  };
}

const tasksOf = (row: Bottleneck): number =>
  row.pending_tasks + row.launching_tasks + row.queued_tasks +
  row.held_tasks + row.running_tasks + row.returning_tasks;

/** The parts of the time of each run in which a stage limited it, largest first. */
export function limitsOf(rows: readonly Bottleneck[]): LimitSummary[] {
  return Map.groupBy(rows, ({ run }) => run).entries().flatMap(([run, own]) => {
    const executors = new Set(own.map(({ executor }) => executor));
    return sharesOf(own, executors.size === 1 ? evenly : byTasks(own)).shares
      .map((share) => ({ run, ...share }));
  }).toArray();
}

function sharesOf(rows: readonly Bottleneck[], weightOf: Weights) {
  const total = sum(rows, (row) => (row.end - row.start) * weightOf(row));
  const shareOf = (stage: LimitingStage, of = rows) =>
    sum(of, (row) => row[`bound_by_${stage}`] * weightOf(row)) / total;
  const all = limitingStages
    .map((stage) => ({ stage, share: shareOf(stage) }))
    .sort((a, b) => b.share - a.share);
  return {
    total,
    shares: all.filter(({ share }) => share >= leastShare),
    unknown: 1 - sum(all, ({ share }) => share),
    early: shareOf("workers", rows.filter(({ workers }) => workers === 0)),
  };
}

function lineOf(
  name: string,
  rows: readonly Bottleneck[],
  weightOf: Weights,
): string {
  const { total, shares, unknown, early } = sharesOf(rows, weightOf);
  const length = ` of its ${secondsText(total)}`;
  const parts = shares.map(({ stage, share }, i) => {
    const name = stage === "workers" ? "the workers" : stage;
    const note = stage === "workers" && early >= leastShare
      ? `, ${percent(early)} without a worker`
      : "";
    return `by ${name} for ${percent(share)}${i === 0 ? length : ""}${note}`;
  });
  if (parts.length === 0) return `${name}: no log shows what limited it.`;
  if (unknown >= leastShare) parts.push(`unknown for ${percent(unknown)}`);
  return `${name}: bound ${parts.join("; ")}.`;
}

const leastShare = 0.005;
const percent = (share: number): string => `${Math.round(100 * share)}%`;
