import type { Rows } from "../rows/channels.ts";
import { leftOut, type StepRowsLeft } from "../rows/step_rows.ts";
import {
  columnEdges,
  type CountOverTime,
  runningCount,
} from "./running_count.ts";
import { foldStates, stackOrder } from "./state_order.ts";
import {
  isStateChanges,
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
  /** The fewest at any time of the column; as `count`, where counts are exact. */
  minimum: number;
  /** The most at any time of the column. */
  maximum: number;
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
export interface StateCounts extends StepRowsLeft {
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
  const { time, length, states, spans } = changes;
  const { edges, columnSeconds } = columnEdges(time, columns);
  const counts = staysOf(changes)
    .map(({ starts, ends }) => runningCount(starts, ends, edges));
  const stack = stackOrder(changes);
  const { maximum: peaks } = counts.at(-1)!;
  return {
    counts: stackCounts(counts, edges, states, stack),
    states: stack.map((state) => states[state]!),
    domain: [edges[0]!, edges.at(-1)!],
    spans,
    most: length ? Math.max(0, ...peaks) : 0,
    columnSeconds,
    peaks: columnSeconds === undefined ? [] : Array.from(peaks, (count, i) => ({
      time: edges[i]!,
      until: edges[i + 1]!,
      count,
    })),
    ...leftOut(changes),
  };
}

/** When spans entered each state and left it, in the order of time. */
function staysOf(
  { time, span, state, length, states, spans }: StateChanges,
): { starts: Float64Array; ends: Float64Array }[] {
  const current = new Int32Array(spans).fill(-1);
  // The last is of all states: it begins and ends where a span was in none.
  const all = states.length;
  const stays = Array.from(
    { length: all + 1 },
    () => ({ starts: [] as number[], ends: [] as number[] }),
  );
  for (let i = 0; i < length; i++) {
    const before = current[span[i]!]!;
    const after = state[i]!;
    if (before === after) continue;
    if (before >= 0) stays[before]!.ends.push(time[i]!);
    if (after >= 0) stays[after]!.starts.push(time[i]!);
    if (before < 0) stays[all]!.starts.push(time[i]!);
    if (after < 0) stays[all]!.ends.push(time[i]!);
    current[span[i]!] = after;
  }
  return stays.map(({ starts, ends }) => ({
    starts: Float64Array.from(starts),
    ends: Float64Array.from(ends),
  }));
}

function stackCounts(
  counts: readonly CountOverTime[],
  edges: readonly number[],
  states: readonly string[],
  stack: readonly number[],
): StateCount[] {
  const height = new Float64Array(edges.length - 1);
  return stack.flatMap((s) => {
    const { mean, minimum, maximum } = counts[s]!;
    const own: StateCount[] = [];
    mean.forEach((count, i) => {
      if (count <= 0) return;
      const y1 = height[i]!;
      height[i]! += count;
      own.push({
        time: edges[i]!,
        until: edges[i + 1]!,
        state: states[s]!,
        count,
        minimum: minimum[i]!,
        maximum: maximum[i]!,
        y1,
        y2: y1 + count,
      });
    });
    return own;
  });
}
