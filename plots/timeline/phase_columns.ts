/** Phases as columns of one length. */
export interface Phases {
  /** How many phases there are. */
  length: number;
  /** The place of each one's line in `lines`. */
  line: Uint32Array;
  /** When each started, in seconds; never after its `end`. */
  start: Float64Array;
  /** When each ended, in seconds; that of the data, if it is open. */
  end: Float64Array;
  /** The place of each one in `phases`. */
  phase: Int32Array;
  /** 1 for each that has no end. */
  open: Uint8Array;
  /** What the lines are called, in the order in which they come. */
  lines: string[];
  /** What the phases are called, in the order in which they come. */
  phases: string[];
  /** The first and the last time, in seconds. */
  domain: [number, number];
  /** How many rows were left out because they have no start. */
  withoutTime: number;
  /** How many have no end. */
  withoutEnd: number;
  /** How many end before they start: they are turned round. */
  negative: number;
  /** What the column of the lines is called, where it has a name. */
  lineName: string | undefined;
}

/** Empty columns of phases. */
export function columnsOf(length: number) {
  return {
    line: new Uint32Array(length),
    start: new Float64Array(length),
    end: new Float64Array(length),
    phase: new Int32Array(length),
    open: new Uint8Array(length),
  };
}

/** Gives open phases the end of the data, as far as it is known. */
export function closed(
  phases: Omit<Phases, "domain" | "withoutEnd">,
): Phases {
  let first = Infinity;
  let last = -Infinity;
  let withoutEnd = 0;
  for (let i = 0; i < phases.length; i++) {
    first = Math.min(first, phases.start[i]!);
    last = Math.max(last, phases.start[i]!);
    if (phases.open[i]) withoutEnd++;
    else last = Math.max(last, phases.end[i]!);
  }
  phases.open.forEach((open, i) => {
    if (open) phases.end[i] = last;
  });
  return {
    ...phases,
    domain: first <= last ? [first, last] : [0, 0],
    withoutEnd,
  };
}
