import { foldPhases, type Phases, placesByLine } from "./phases.ts";

/** Order of the lines of a timeline. */
export type LineOrder = "start" | "name" | "given";

/** Phases whose lines are in order, each phase in a row of the picture. */
export interface TimelineLines extends Phases {
  /** The row of each phase, from the top: a line has one or several. */
  row: Uint32Array;
  /** Number of rows. */
  rows: number;
  /** The lines from the top, with their first row and number of rows. */
  order: { name: string; row: number; lanes: number }[];
  /** Number of lines with overlapping phases, which lie in lanes. */
  overlapping: number;
}

/**
 * Puts lines in order and phases in rows. A line with overlapping phases has as
 * many rows as it needs.
 */
export function timelineLines(
  given: Phases,
  { order: by = "start", maxPhases }: {
    order?: LineOrder | undefined;
    maxPhases?: number | undefined;
  } = {},
): TimelineLines {
  const phases = foldPhases(given, maxPhases);
  const { length, line, start, end, lines, domain } = phases;
  const byStart = placesByLine(phases, length, lines.length);
  // Less than can be seen is no overlap: clocks and roundings differ.
  const slack = (domain[1] - domain[0]) * 1e-4;
  const lane = new Int32Array(length).fill(-1);
  const found: { l: number; start: number; lanes: number }[] = [];
  for (let k = 0; k < length;) {
    const l = line[byStart[k]!]!;
    const from = k;
    while (k < length && line[byStart[k]!] === l) k++;
    const own = byStart.subarray(from, k);
    const lanes = takeLanes(own, start, end, slack, lane);
    found.push({ l, start: start[own[0]!]!, lanes });
  }
  if (by === "start") found.sort((a, b) => a.start - b.start || a.l - b.l);
  if (by === "name") found.sort((a, b) => compare(lines[a.l]!, lines[b.l]!));
  let rows = 0;
  const top = new Uint32Array(lines.length);
  const order = found.map(({ l, lanes }) => {
    const row = top[l] = rows;
    rows += lanes;
    return { name: lines[l]!, row, lanes };
  });
  return {
    ...phases,
    row: line.map((l, i) => top[l]! + lane[i]!),
    rows,
    order,
    overlapping: order.filter(({ lanes }) => lanes > 1).length,
  };
}

/** Gives each phase of a line the lane that is free the longest. */
function takeLanes(
  byStart: Uint32Array,
  start: Float64Array,
  end: Float64Array,
  slack: number,
  lane: Int32Array,
): number {
  const hasOverlap = byStart.some((i, k) =>
    k > 0 && start[i]! + slack < end[byStart[k - 1]!]!
  );
  if (!hasOverlap) {
    for (const i of byStart) lane[i] = 0;
    return 1;
  }
  const byEnd = byStart.toSorted((a, b) => end[a]! - end[b]! || a - b);
  const free: number[] = [];
  let [lanes, ended] = [0, 0];
  for (const i of byStart) {
    for (; ended < byEnd.length; ended++) {
      const other = byEnd[ended]!;
      if (lane[other]! < 0 || end[other]! > start[i]! + slack) break;
      free.push(lane[other]!);
    }
    lane[i] = free.shift() ?? lanes++;
  }
  return lanes;
}

const { compare } = new Intl.Collator("en", { numeric: true });
