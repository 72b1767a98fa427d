import type { Rows } from "../rows/channels.ts";
import { stepRows, type StepRowsLeft } from "../rows/step_rows.ts";
import type { StateChannels } from "./state_counts.ts";

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
