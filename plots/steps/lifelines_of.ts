import type { Rows } from "../rows/channels.ts";
import { type Series, seriesOf } from "../rows/series.ts";
import type { StepChannels } from "../rows/step_channels.ts";
import {
  leftOut,
  type StepRows,
  stepRows,
  type StepRowsLeft,
} from "../rows/step_rows.ts";
import { medianWaits, usualStepOrder } from "./usual_step_order.ts";
import { forEachArrival, type Ways, waysOf } from "./ways.ts";

/** A step that spans come to. */
export interface LifeStep {
  /** What it is called. */
  name: string;
  /** How many spans come to it. */
  count: number;
  /** The median of the times from a span's start until it first comes to it. */
  median: number;
}

/** The way of each span through its steps, as columns of one length. */
export interface Lifelines extends StepRowsLeft {
  /** How many rows there are. */
  length: number;
  /** The place of each row's span in `spans`; rows lie span by span, by time. */
  span: Uint32Array;
  /** The seconds since the span's first row. */
  since: Float64Array;
  /** The place of each row's step in `steps`. */
  step: Int32Array;
  /** The rows of span `s` are from `first[s]` to `first[s + 1]`. */
  first: Uint32Array;
  /** What the spans are called. */
  spans: string[];
  /** In the order in which spans usually come to them. */
  steps: LifeStep[];
  /** The series of each span. */
  series: Series;
}

/**
 * The way of each span through its steps, in the seconds since it started: the
 * transform behind {@linkcode lifelines}. Takes a row for each step that a span
 * comes to, in any order. Steps are in the order in which spans usually
 * come to them. Of more than 100, those with the fewest rows become one,
 * "other (n)".
 *
 * @example
 * ```ts
 * import { lifelinesOf } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { steps } = lifelinesOf([
 *   { task: 1, time: 10, step: "launched" },
 *   { task: 1, time: 14, step: "running" },
 *   { task: 2, time: 20, step: "launched" },
 *   { task: 2, time: 22, step: "running" },
 * ]);
 * assert.deepEqual(steps.map(({ name, median }) => [name, median]), [
 *   ["launched", 0],
 *   ["running", 3],
 * ]);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function lifelinesOf(
  rows: Rows,
  channels: StepChannels = {},
): Lifelines {
  const read = foldedSteps(stepRows(rows, channels));
  const spans = read.spans.length;
  const ways = waysOf(read, spans);
  const order = usualStepOrder(ways, read.steps.length);
  const place = new Int32Array(order.length);
  order.forEach((step, i) => place[step] = i);
  return {
    ...ways,
    length: ways.step.length,
    span: spansOf(ways.first),
    step: ways.step.map((step) => place[step]!),
    spans: read.spans.map((name) => String(name ?? "(none)")),
    steps: stepsOf(ways, read.steps, order),
    series: seriesOf(read.series ?? [], spans),
    ...leftOut(read),
  };
}

// More cannot be told apart, nor drawn in a chart of some size.
const mostSteps = 100;

/** Makes one step, "other (n)", of those that have the fewest rows. */
function foldedSteps(read: StepRows): StepRows {
  const { steps, step } = read;
  if (steps.length <= mostSteps) return read;
  const rows = new Uint32Array(steps.length);
  for (const s of step) if (s >= 0) rows[s]!++;
  const kept = steps.map((_, s) => s)
    .sort((a, b) => rows[b]! - rows[a]! || a - b).slice(0, mostSteps);
  const place = new Int32Array(steps.length).fill(mostSteps);
  kept.forEach((s, i) => place[s] = i);
  return {
    ...read,
    step: step.map((s) => s < 0 ? s : place[s]!),
    steps: [
      ...kept.map((s) => steps[s]!),
      `other (${steps.length - mostSteps})`,
    ],
  };
}

/** The span of each row. */
function spansOf(first: Uint32Array): Uint32Array {
  const span = new Uint32Array(first.at(-1)!);
  for (let s = 0; s + 1 < first.length; s++) {
    span.fill(s, first[s], first[s + 1]);
  }
  return span;
}

function stepsOf(
  ways: Ways,
  names: readonly string[],
  order: readonly number[],
): LifeStep[] {
  const medians = medianWaits(ways, names.length);
  const counts = new Uint32Array(names.length);
  forEachArrival(ways, names.length, (row) => counts[ways.step[row]!]!++);
  return order.map((step) => ({
    name: names[step]!,
    count: counts[step]!,
    median: medians[step]!,
  }));
}
