import { placesByLine } from "./by_line.ts";
import { Lanes } from "./lanes.ts";
import { foldPhases } from "./fold_phases.ts";
import type { Phases } from "./phase_columns.ts";

/** In which order lines lie one below the other. */
export type LineOrder = "start" | "name" | "given";

/** Phases whose lines are in order, each in a row of the picture. */
export interface TimelineLines extends Phases {
  /** In which row each phase lies, from the top: a line has one or several. */
  row: Uint32Array;
  /** How many rows there are. */
  rows: number;
  /** The lines from the top, with the first of their rows and how many. */
  order: { name: string; row: number; lanes: number }[];
  /** How many lines have phases at one time, which lie in lanes of their own. */
  overlapping: number;
}

/**
 * Puts lines in order and phases in rows. A line in which several phases are at
 * one time has as many rows as it needs.
 */
export function timelineLines(
  given: Phases,
  { order: by = "start", mostPhases = 20 }: {
    order?: LineOrder | undefined;
    mostPhases?: number | undefined;
  } = {},
): TimelineLines {
  const phases = foldPhases(given, mostPhases);
  const { length, line, start, end, lines, domain } = phases;
  const { places: byStart } = placesByLine(phases, lines.length);
  const first = new Float64Array(lines.length).fill(Infinity);
  for (let i = 0; i < length; i++) {
    first[line[i]!] = Math.min(first[line[i]!]!, start[i]!);
  }
  // Less than can be seen is no overlap: clocks and roundings differ.
  const least = (domain[1] - domain[0]) * 1e-4;
  const lanes = lines.map(() => new Lanes());
  const lane = new Uint32Array(length);
  for (const i of byStart) {
    lane[i] = lanes[line[i]!]!.take(start[i]! + least, end[i]!);
  }
  const places = lines.map((_, l) => l).filter((l) => first[l]! < Infinity);
  if (by === "start") places.sort((a, b) => first[a]! - first[b]! || a - b);
  if (by === "name") places.sort((a, b) => compare(lines[a]!, lines[b]!));
  let rows = 0;
  const top = new Uint32Array(lines.length);
  const order = places.map((l) => {
    const { count } = lanes[l]!;
    top[l] = rows;
    rows += count;
    return { name: lines[l]!, row: top[l]!, lanes: count };
  });
  return {
    ...phases,
    row: lane.map((lane, i) => top[line[i]!]! + lane),
    rows,
    order,
    overlapping: order.filter(({ lanes }) => lanes > 1).length,
  };
}

const { compare } = new Intl.Collator("en", { numeric: true });
