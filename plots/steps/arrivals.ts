import type { Rows } from "../rows/channels.ts";
import { byStep, firstArrivals, pathsOf, usualOrder } from "../rows/paths.ts";
import { largest } from "../rows/series.ts";
import {
  leftOut,
  type StepChannels,
  type StepRows,
  stepRows,
  type StepRowsLeft,
} from "../rows/step_rows.ts";
import { columnsOf } from "../rows/sweep.ts";

/** Steps to count, and the resolution. */
export interface ArrivalOptions {
  /**
   * Steps to count, in order. By default all steps in their usual order, or the
   * 20 that most spans reach.
   */
  steps?: readonly string[] | undefined;
  /**
   * Maximum number of columns of time. If counts change more often, time is
   * divided into this many equal columns. 640 by default.
   */
  columns?: number | undefined;
}

/** Number of spans that have reached a step by the end of a column of time. */
export interface StepArrivals {
  /** Start of the column, in seconds. */
  time: number;
  /** End of the column, in seconds; the last column may have no length. */
  until: number;
  /** Name of the step. */
  step: string;
  /** Number of spans that have reached the step; never 0. */
  count: number;
  /**
   * Number that have reached the next step of the flow; equals `count` if the
   * step is not in the flow.
   */
  below: number;
}

/** Arrivals at steps over time. */
export interface Arrivals extends StepRowsLeft {
  /** By step in their order, then by time. */
  arrivals: StepArrivals[];
  /**
   * The steps with the number of spans that reached each. Steps in the flow
   * follow one another: a later one is never ahead of an earlier one by more
   * than 5 % of the spans that reached the earlier one.
   */
  steps: { step: string; spans: number; inFlow: boolean }[];
  /**
   * The longest queue between two consecutive steps of the flow. Unless `steps`
   * are given, only between steps from which at least half of the spans
   * continue.
   */
  widest: WidestQueue | undefined;
  /** The first and the last time, in seconds. */
  domain: [number, number];
  /** Number of spans. */
  spans: number;
  /** Number of steps that are not counted. */
  left: number;
  /** Length of a column in seconds, if columns are of equal length. */
  columnSeconds: number | undefined;
}

/** Maximum number of spans between two steps at one moment. */
export interface WidestQueue {
  /** The step that these spans had reached. */
  from: string;
  /** The next step, which they had not reached. */
  to: string;
  /** Number of spans. */
  spans: number;
}

/**
 * Counts the spans that have reached each step over time: the transform behind
 * {@linkcode cumulativeFlow}. Takes one row per span and step, in any order. A
 * span that reaches a step again, such as a retried task, counts at its first
 * arrival.
 *
 * @example
 * ```ts
 * import { arrivalsOf } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { steps, widest } = arrivalsOf([
 *   { task: 1, time: 0, step: "launched" },
 *   { task: 2, time: 1, step: "launched" },
 *   { task: 1, time: 3, step: "done" },
 * ]);
 * assert.deepEqual(steps, [
 *   { step: "launched", spans: 2, inFlow: true },
 *   { step: "done", spans: 1, inFlow: true },
 * ]);
 * assert.deepEqual(widest, { from: "launched", to: "done", spans: 2 });
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 * @throws {RangeError} if `columns` is not at least 1.
 */
export function arrivalsOf(
  rows: Rows,
  { steps, columns, ...channels }:
    & Omit<StepChannels, "series">
    & ArrivalOptions = {},
): Arrivals {
  return arrivalsAt(stepRows(rows, channels), { steps, columns });
}

const maxSteps = 20;

/** The same of rows that are read already. */
export function arrivalsAt(
  read: StepRows,
  { steps, columns = 640 }: ArrivalOptions,
): Arrivals {
  const stepCount = read.steps.length;
  const arrived = firstArrivals(pathsOf(read), stepCount);
  const times = byStep(arrived, stepCount, arrived.time)
    .map((own) => own.sort());
  const usual = steps ? [] : usualOrder([arrived], stepCount);
  const kept = steps
    ? steps.map((step) => read.steps.indexOf(step)).filter((s) => s >= 0)
    : largest(usual.map((s) => times[s]!.length), maxSteps)
      .map((place) => usual[place]!);
  const { edges, columnSeconds } = columnsOf(read.time, undefined, columns);
  const counts = kept.map((s) => countsAt(times[s]!, edges));
  const names = kept.map((s) => read.steps[s]!);
  const flow = flowOf(counts);
  return {
    arrivals: counts.flatMap((own, i) => {
      const place = flow.indexOf(i);
      const next = counts[flow[place + 1]!];
      return Array.from(own, (count, column) => ({
        time: edges[column]!,
        until: edges[column + 1]!,
        step: names[i]!,
        count,
        below: place < 0 ? count : Math.min(count, next?.[column] ?? 0),
      })).filter(({ count }) => count > 0);
    }),
    steps: kept.map((s, i) => ({
      step: names[i]!,
      spans: times[s]!.length,
      inFlow: flow.includes(i),
    })),
    widest: widestOf(
      flow.map((i) => ({ step: names[i]!, times: times[kept[i]!]! })),
      steps !== undefined,
    ),
    domain: [edges[0]!, edges.at(-1)!],
    spans: read.spans.length,
    left: stepCount - kept.length,
    columnSeconds,
    ...leftOut(read),
  };
}

/** How many times lie before the end of each column. */
function countsAt(
  times: ArrayLike<number>,
  edges: ArrayLike<number>,
): Float64Array {
  const counts = new Float64Array(edges.length - 1);
  let i = 0;
  counts.forEach((_, column) => {
    const isLast = column === counts.length - 1;
    while (i < times.length && (isLast || times[i]! < edges[column + 1]!)) i++;
    counts[column] = i;
  });
  return counts;
}

/**
 * The heaviest chain of steps in which no later one is ahead of an earlier one
 * by more than a few spans. A step that only some spans reach (failed, and
 * done) would hide the areas below it.
 */
function flowOf(counts: readonly Float64Array[]): number[] {
  const best: { weight: number; before: number }[] = [];
  counts.forEach((own, i) => {
    let [weight, before] = [0, -1];
    for (let j = 0; j < i; j++) {
      if (best[j]!.weight > weight && isBelow(own, counts[j]!)) {
        [weight, before] = [best[j]!.weight, j];
      }
    }
    best.push({ weight: weight + (own.at(-1) ?? 0), before });
  });
  let last = best.length ? 0 : -1;
  best.forEach(({ weight }, i) => {
    if (weight > best[last]!.weight) last = i;
  });
  const flow: number[] = [];
  for (let i = last; i >= 0; i = best[i]!.before) flow.unshift(i);
  return flow;
}

// Clocks differ, and a few spans skip a step: neither breaks the flow.
const tolerance = 0.05;
const isBelow = (later: Float64Array, earlier: Float64Array) => {
  const extra = Math.floor((earlier.at(-1) ?? 0) * tolerance);
  return later.every((count, column) => count <= earlier[column]! + extra);
};

/**
 * The maximum number of spans at one moment that reached a step but not the
 * next.
 */
function widestOf(
  flow: readonly { step: string; times: ArrayLike<number> }[],
  isAsked: boolean,
): WidestQueue | undefined {
  let widest: WidestQueue | undefined;
  flow.slice(1).forEach(({ step: to, times: after }, n) => {
    const { step: from, times: before } = flow[n]!;
    // A step that few spans go on to is a way out rather than a queue.
    if (!isAsked && after.length * 2 < before.length) return;
    let j = 0;
    for (let i = 0; i < before.length; i++) {
      // Count all that arrive at one moment together.
      if (before[i + 1] === before[i]) continue;
      while (after[j]! <= before[i]!) j++;
      const spans = i + 1 - j;
      if (spans > (widest?.spans ?? 0)) widest = { from, to, spans };
    }
  });
  return widest;
}
