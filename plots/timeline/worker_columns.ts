/** What workers did, as columns of one length. */
export interface WorkerRows {
  /** How many rows there are. */
  length: number;
  /** The place of each row's worker in `workers`. */
  worker: Uint32Array;
  /** From when, in seconds. */
  start: Float64Array;
  /** Until when. Never before `start`; that of the data, if it is open. */
  end: Float64Array;
  /** 1 for each that has no end. */
  open: Uint8Array;
  /** The place of each row's state in `states`. */
  state: Int32Array;
  /** How many workers were busy in it: 1, 0, or a mean. */
  busy: Float64Array;
  /** How many workers were there in it: 1, or a mean. */
  there: Float64Array;
  /** The workers in the order in which they come, with what they are part of. */
  workers: { name: string; groups: string[] }[];
  /** The states in the order in which they come. */
  states: string[];
  /** The columns that `groups` are of. */
  groupNames: string[];
  /** How many rows were left out because they have no start. */
  withoutTime: number;
  /** How many have no end. */
  withoutEnd: number;
  /** How many end before they start: they are turned round. */
  negative: number;
}

/** The columns of what workers did. */
export type RowColumns = Pick<
  WorkerRows,
  "worker" | "start" | "end" | "open" | "state" | "busy" | "there"
>;

/** Columns for so many rows. */
export function emptyRows(length: number): RowColumns {
  return {
    worker: new Uint32Array(length),
    start: new Float64Array(length),
    end: new Float64Array(length),
    open: new Uint8Array(length),
    state: new Int32Array(length),
    busy: new Float64Array(length),
    there: new Float64Array(length),
  };
}

/** The first so many rows. */
export function cut(rows: RowColumns, length: number): RowColumns {
  const { worker, start, end, open, state, busy, there } = rows;
  return {
    worker: worker.subarray(0, length),
    start: start.subarray(0, length),
    end: end.subarray(0, length),
    open: open.subarray(0, length),
    state: state.subarray(0, length),
    busy: busy.subarray(0, length),
    there: there.subarray(0, length),
  };
}

/** Gives what is open the end of the data, and says how many that are. */
export function endOpen({ start, end, open }: RowColumns, length: number) {
  let last = -Infinity;
  let withoutEnd = 0;
  for (let i = 0; i < length; i++) {
    last = Math.max(last, open[i] ? start[i]! : end[i]!);
    withoutEnd += open[i]!;
  }
  for (let i = 0; i < length; i++) if (open[i]) end[i] = last;
  return { withoutEnd };
}
