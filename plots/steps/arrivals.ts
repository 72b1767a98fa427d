import type { Rows } from "../rows/channels.ts";
import type { StepChannels } from "../rows/step_channels.ts";
import { leftOut, type StepRowsLeft } from "../rows/step_rows.ts";
import { flowOf, widestOf, type WidestQueue } from "./step_flow.ts";
import { columnsOf } from "../rows/sweep.ts";
import {
  isStateChanges,
  type StateChanges,
  stateChanges,
} from "../counts/state_changes.ts";
import { usualStepOrder } from "./usual_step_order.ts";
import { waysOf } from "./ways.ts";

/** Which steps are told, and how finely. */
export interface ArrivalOptions {
  /**
   * The steps that are told, in their order. If not given all of them, in
   * the order in which spans usually come to them; of more than 20, those that most spans
   * reach.
   */
  steps?: readonly string[] | undefined;
  /**
   * Into how many equal parts the time is cut if it has more moments of change
   * than that. 640 if not given.
   */
  columns?: number | undefined;
}

/** How many spans have come to a step by a time. */
export interface StepArrivals {
  /** From when, in seconds. */
  time: number;
  /** Until when, in seconds. What comes at the last time of all lasts no time. */
  until: number;
  /** Which step. */
  step: string;
  /** How many spans have come to it by then. Never 0. */
  count: number;
  /**
   * How many have come to the next step of the flow; `count` itself, where the
   * step is none of it.
   */
  below: number;
}

/** Arrivals at steps over time, and what else the rows tell. */
export interface Arrivals extends StepRowsLeft {
  /** The counts, by step in their order, and then by time. */
  arrivals: StepArrivals[];
  /**
   * The steps, with how many spans came to each, and whether it is one of those
   * that follow one another: of them a later one is never above an earlier one by
   * more than 5 in 100 of the spans that came to the earlier one.
   */
  steps: { step: string; spans: number; inFlow: boolean }[];
  /**
   * The most spans at one moment between one step of the flow and the next; if
   * no steps are named, of those to which at least half of the spans go on.
   */
  widest: WidestQueue | undefined;
  /** The first and the last time, in seconds. */
  domain: [number, number];
  /** How many spans there are. */
  spans: number;
  /** How many steps are not told. */
  left: number;
  /** How long a column is, in seconds, if counts are those at its end. */
  columnSeconds: number | undefined;
}

/**
 * How many spans have come to each step over time: the transform behind
 * {@linkcode cumulativeFlow}. Takes a row for each step of each span, in any
 * order. A span that comes to a step again, as a task that is tried again,
 * counts when it came first.
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
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 * @throws {RangeError} if `columns` is not at least 1.
 */
export function arrivalsOf(
  rows: Rows | StateChanges,
  { steps, columns = 640, ...channels }:
    & Omit<StepChannels, "series">
    & ArrivalOptions = {},
): Arrivals {
  if (!(columns >= 1)) throw new RangeError("columns must be at least 1");
  const changes = isStateChanges(rows) ? rows : stepChanges(rows, channels);
  const times = firstArrivals(changes);
  const known = times.map((_, s) => s).filter((s) => times[s]!.length > 0);
  const kept = steps
    ? steps.map((step) => changes.states.indexOf(step)).filter((s) => s >= 0)
    : commonest(times, usualOrder(changes));
  const { edges, columnSeconds } = columnsOf(changes.time, undefined, columns);
  const counts = kept.map((s) => countsAt(times[s]!, edges));
  const name = (i: number) => changes.states[kept[i]!]!;
  const flow = flowOf(counts);
  return {
    arrivals: counts.flatMap((own, i) => {
      const next = counts[flow[flow.indexOf(i) + 1]!];
      const isInFlow = flow.includes(i);
      return Array.from(own, (count, column) => ({
        time: edges[column]!,
        until: edges[column + 1]!,
        step: name(i),
        count,
        below: isInFlow ? Math.min(count, next?.[column] ?? 0) : count,
      })).filter(({ count }) => count > 0);
    }),
    steps: kept.map((s, i) => ({
      step: name(i),
      spans: times[s]!.length,
      inFlow: flow.includes(i),
    })),
    widest: widestOf(
      flow.map((i) => times[kept[i]!]!),
      (i) => name(flow[i]!),
      steps !== undefined,
    ),
    domain: [edges[0]!, edges.at(-1)!],
    spans: changes.spans,
    left: known.length - kept.length,
    columnSeconds,
    ...leftOut(changes),
  };
}

const mostSteps = 20;

/** Reads the rows of steps, those of `eventsOf` too. */
export function stepChanges(
  rows: Rows,
  { span, time, step }: Omit<StepChannels, "series">,
): StateChanges {
  return stateChanges(rows, { span, time, state: step });
}

const usualOrder = (changes: StateChanges) =>
  usualStepOrder(
    waysOf({ ...changes, step: changes.state }, changes.spans),
    changes.states.length,
  );

/** Of steps in their order, those that most spans come to. */
function commonest(
  times: readonly (readonly number[])[],
  order: readonly number[],
): number[] {
  const kept = new Set(
    order.toSorted((a, b) => times[b]!.length - times[a]!.length)
      .slice(0, mostSteps),
  );
  return order.filter((s) => kept.has(s));
}

/** When spans came first to each step, in the order of time. */
function firstArrivals(
  { time, span, state, length, states, spans }: StateChanges,
) {
  const seen = new Uint8Array(Math.ceil(spans * states.length / 8));
  const times = states.map((): number[] => []);
  for (let i = 0; i < length; i++) {
    const s = state[i]!;
    if (s < 0) continue;
    const bit = span[i]! * states.length + s;
    const mask = 1 << (bit % 8);
    const at = Math.floor(bit / 8);
    if (seen[at]! & mask) continue;
    seen[at]! |= mask;
    times[s]!.push(time[i]!);
  }
  return times;
}

/** How many times lie before the end of each column. */
function countsAt(
  times: readonly number[],
  edges: Float64Array,
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
