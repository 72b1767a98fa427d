import type { Rows } from "../rows/channels.ts";
import { foldStates, stackOrder } from "./state_order.ts";
import {
  type StateChanges,
  stateChanges,
  type StateChannels,
} from "./state_changes.ts";

/** How finely the counts are told. */
export interface StateCountOptions {
  /**
   * Into how many equal parts the time is cut if it has more moments of change
   * than that. The count of a part is the mean over it. 640 if not given.
   */
  columns?: number | undefined;
  /**
   * How many states are told apart: those that spans are in the longest. The
   * others go into one, "other (n)". 20 if not given.
   */
  mostStates?: number | undefined;
}

/** How many spans were in one state for some time. */
export interface StateCount {
  /** From when, in seconds. */
  time: number;
  /** Until when, in seconds. */
  until: number;
  /** Which state. */
  state: string;
  /** How many spans, or how many in the mean. Never 0. */
  count: number;
  /** Where the count starts if the states are stacked. */
  y1: number;
  /** Where the count ends if the states are stacked. */
  y2: number;
}

/** The most spans that were in any state at one moment of a column. */
export interface StatePeak {
  /** Where the column starts, in seconds. */
  time: number;
  /** Where the column ends, in seconds. */
  until: number;
  /** How many spans. */
  count: number;
}

/** Counts of spans in states over time, and what else the rows tell. */
export interface StateCounts {
  /** The counts, by state in the order of the stack, and then by time. */
  counts: StateCount[];
  /** The states from the bottom of the stack to its top. */
  states: string[];
  /** The first and the last time, in seconds. */
  domain: [number, number];
  /** How many spans there are. */
  spans: number;
  /** The most spans that were in any state at one moment. */
  most: number;
  /** How long a column is, in seconds, if counts are means over columns. */
  columnSeconds: number | undefined;
  /** The most spans at one moment of each column, if there are columns. */
  peaks: StatePeak[];
  /** How many rows were left out because they have no time. */
  withoutTime: number;
}

/**
 * How many spans were in each state over time: the transform behind
 * {@linkcode spansInState}. Takes a row for each change of state, in any
 * order; rows at equal times count in the order given. A span is in a state
 * from that row to its next one, or to the end of all rows. A state of null
 * takes it out.
 *
 * Where there are more moments of change than columns, each column holds the
 * mean over its time, so that time in a state is right for spans far shorter
 * than a column.
 *
 * @example
 * ```ts
 * import { stateCounts } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { counts, most } = stateCounts([
 *   { task: 1, time: 0, state: "running" },
 *   { task: 2, time: 1, state: "running" },
 *   { task: 1, time: 3, state: null },
 *   { task: 2, time: 4, state: null },
 * ]);
 * assert.deepEqual(
 *   counts.map(({ time, until, count }) => [time, until, count]),
 *   [[0, 1, 1], [1, 3, 2], [3, 4, 1]],
 * );
 * assert.equal(most, 2);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 * @throws {RangeError} if `columns` or `mostStates` is not at least 1.
 */
export function stateCounts(
  rows: Rows | StateChanges,
  { columns = 640, mostStates = 20, ...channels }:
    & StateChannels
    & StateCountOptions = {},
): StateCounts {
  if (!(columns >= 1) || !(mostStates >= 1)) {
    throw new RangeError("columns and mostStates must be at least 1");
  }
  const changes = foldStates(
    isStateChanges(rows) ? rows : stateChanges(rows, channels),
    mostStates,
  );
  const { time, length, states, spans, withoutTime } = changes;
  const first = time[0] ?? 0;
  // All at one moment: a second of it can be drawn, nothing cannot.
  const last = length && time[length - 1]! > first
    ? time[length - 1]!
    : first + 1;
  const stack = stackOrder(changes);
  const isExact = momentsOf(time) <= columns;
  const edges = isExact ? [...new Set(time), last] : Array.from(
    { length: columns + 1 },
    (_, i) => first + (last - first) * (i / columns),
  );
  const { means, peaks } = sweep(changes, edges);
  return {
    counts: stackCounts(means, edges, states, stack),
    states: stack.map((state) => states[state]!),
    domain: [first, last],
    spans,
    most: Math.max(0, ...peaks),
    columnSeconds: isExact ? undefined : (last - first) / columns,
    peaks: isExact ? [] : Array.from(peaks, (count, i) => ({
      time: edges[i]!,
      until: edges[i + 1]!,
      count,
    })),
    withoutTime,
  };
}

// The one pass over all changes. Between two changes of a state its count is
// the same, so each change adds what passed since the last one to the columns
// that it covers: the work grows with changes and columns, not their product.
function sweep(
  { time, span, state, length, states, spans }: StateChanges,
  edges: readonly number[],
): { means: Float64Array[]; peaks: Float64Array } {
  const columns = edges.length - 1;
  const means = states.map(() => new Float64Array(columns));
  const peaks = new Float64Array(columns);
  const current = new Int32Array(spans).fill(-1);
  const count = new Float64Array(states.length);
  const since = new Float64Array(states.length);
  const sinceColumn = new Uint32Array(states.length);
  let total = 0;
  let column = 0;

  const settle = (s: number, until: number, untilColumn: number) => {
    if (count[s] !== 0) {
      const mean = means[s]!;
      for (let c = sinceColumn[s]!; c <= untilColumn; c++) {
        const from = Math.max(since[s]!, edges[c]!);
        const to = Math.min(until, edges[c + 1]!);
        if (to > from) {
          mean[c]! += count[s]! * ((to - from) / (edges[c + 1]! - edges[c]!));
        }
      }
    }
    since[s] = until;
    sinceColumn[s] = untilColumn;
  };

  for (let i = 0; i < length; i++) {
    const now = time[i]!;
    while (column < columns - 1 && now >= edges[column + 1]!) {
      column++;
      peaks[column] = total;
    }
    const before = current[span[i]!]!;
    const after = state[i]!;
    if (before !== after) {
      if (before >= 0) {
        settle(before, now, column);
        count[before]!--;
        total--;
      }
      if (after >= 0) {
        settle(after, now, column);
        count[after]!++;
        total++;
      }
      current[span[i]!] = after;
    }
    // Only what lasts is a moment: changes at one time count as one.
    const isLast = i + 1 === length || time[i + 1]! > now;
    if (isLast && total > peaks[column]!) peaks[column] = total;
  }
  states.forEach((_, s) => settle(s, edges[columns]!, columns - 1));
  return { means, peaks };
}

function stackCounts(
  means: readonly Float64Array[],
  edges: readonly number[],
  states: readonly string[],
  stack: readonly number[],
): StateCount[] {
  const height = new Float64Array(edges.length - 1);
  return stack.flatMap((s) => {
    const counts: StateCount[] = [];
    means[s]!.forEach((count, i) => {
      // What is left of a sum of parts of a second is rounding, not a span.
      if (count < 1e-9) return;
      const y1 = height[i]!;
      height[i]! += count;
      counts.push({
        time: edges[i]!,
        until: edges[i + 1]!,
        state: states[s]!,
        count,
        y1,
        y2: y1 + count,
      });
    });
    return counts;
  });
}

function momentsOf(times: Float64Array): number {
  let moments = 0;
  for (let i = 0; i < times.length; i++) {
    if (i === 0 || times[i] !== times[i - 1]) moments++;
  }
  return moments;
}

function isStateChanges(rows: Rows | StateChanges): rows is StateChanges {
  return (rows as StateChanges | undefined)?.state instanceof Int32Array;
}
