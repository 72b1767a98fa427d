import type { Channel, Rows } from "../rows/channels.ts";
import { stepRows, type StepRowsLeft } from "../rows/step_rows.ts";

/** Which columns say what entered which state when. */
export interface StateChannels {
  /**
   * What is in a state: any value that tells spans apart. The column "root_id"
   * or "span", or else the first.
   */
  span?: Channel | undefined;
  /** When it entered the state, in seconds. The column "time", or the second. */
  time?: Channel | undefined;
  /**
   * The state that it entered, or null: it left. The column "step", "state" or
   * "event_type", or else the third.
   */
  state?: Channel | undefined;
}

/** Changes of state in the order of time, as columns of one length. */
export interface StateChanges extends StepRowsLeft {
  /** How many changes there are. */
  length: number;
  /** When, in seconds. */
  time: Float64Array;
  /** Each span's own number, from 0. */
  span: Uint32Array;
  /** The place of the state in `states`; -1 where the span leaves. */
  state: Int32Array;
  /** The states in the order in which they are first entered. */
  states: string[];
  /** How many spans there are. */
  spans: number;
  /** What the spans are called, by their numbers. */
  names: unknown[];
  /** What the column of the spans is called, where it has a name. */
  spanName: string | undefined;
}

/**
 * Reads changes of state and puts them in the order of time. Rows at equal
 * times keep the order given.
 *
 * @example
 * ```ts
 * import { stateChanges } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { time, states } = stateChanges([
 *   { task: 1, time: 3, state: "done" },
 *   { task: 1, time: 0, state: "running" },
 * ]);
 * assert.deepEqual([...time], [0, 3]);
 * assert.deepEqual(states, ["running", "done"]);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function stateChanges(
  rows: Rows,
  { span, time, state }: StateChannels = {},
): StateChanges {
  const { step, steps, spans, series: _, ...changes } = stepRows(rows, {
    span,
    time,
    step: state,
  });
  return {
    ...changes,
    state: step,
    states: steps,
    spans: spans.length,
    names: spans,
  };
}

/** Whether rows are read already. */
export const isStateChanges = (
  rows: Rows | StateChanges,
): rows is StateChanges =>
  (rows as StateChanges | undefined)?.state instanceof Int32Array;
