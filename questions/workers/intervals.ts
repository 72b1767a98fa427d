// @ts-types="npm:@types/d3-array@3.2.2"
import { bisector } from "d3-array";
import { withRoom } from "../../sql/mod.ts";

/** A stretch of time, in Unix seconds. */
export type Interval = readonly [start: number, end: number];

export const lengthOf = ([start, end]: Interval): number => end - start;

/** The shortest interval that contains all of the given ones. */
export function hullOf(intervals: readonly Interval[]): Interval {
  let [first, last] = [Infinity, -Infinity];
  for (const [start, end] of intervals) {
    first = Math.min(first, start);
    last = Math.max(last, end);
  }
  return [first, last];
}

/** The union of intervals: in order, without overlaps, none empty. */
export function unionOf(intervals: Iterable<Interval>): Interval[] {
  const all = new Intervals();
  for (const [start, end] of intervals) all.add(start, end);
  return all.union();
}

/** Intervals of which only the union matters: there may be a million. */
export class Intervals {
  #length = 0;
  #starts = new Float64Array(8);
  #ends = new Float64Array(8);

  add(start: number, end: number): void {
    if (!(start < end)) return;
    this.#starts = withRoom(this.#starts, this.#length + 1);
    this.#ends = withRoom(this.#ends, this.#length + 1);
    this.#starts[this.#length] = start;
    this.#ends[this.#length++] = end;
  }

  /** As {@linkcode unionOf}. */
  union(): Interval[] {
    const starts = this.#starts.subarray(0, this.#length).sort();
    const ends = this.#ends.subarray(0, this.#length).sort();
    const whole: Interval[] = [];
    for (let from = 0, i = 1; i <= starts.length; i++) {
      // Before the next one starts, all others have ended.
      if (i < starts.length && starts[i]! <= ends[i - 1]!) continue;
      whole.push([starts[from]!, ends[i - 1]!]);
      from = i;
    }
    return whole;
  }
}

/** The parts of an interval that a union covers. */
export function within(
  [start, end]: Interval,
  others: readonly Interval[],
): Interval[] {
  const found: Interval[] = [];
  for (let i = firstEndingAfter(others, start); i < others.length; i++) {
    const [from, to] = others[i]!;
    if (from >= end) break;
    found.push([Math.max(start, from), Math.min(end, to)]);
  }
  return found;
}

/** The parts of an interval that a union leaves. */
export function outside(
  [start, end]: Interval,
  others: readonly Interval[],
): Interval[] {
  const left: Interval[] = [];
  let since = start;
  for (const [from, to] of within([start, end], others)) {
    if (since < from) left.push([since, from]);
    since = to;
  }
  if (since < end) left.push([since, end]);
  return left;
}

/** Returns a function for the seconds of an interval that a union covers. */
export function coveredSeconds(
  others: readonly Interval[],
): (interval: Interval) => number {
  // Total length before each.
  const before = new Float64Array(others.length + 1);
  others.forEach(([from, to], i) => before[i + 1] = before[i]! + to - from);
  return ([start, end]) => {
    const first = firstEndingAfter(others, start);
    const last = firstEndingAfter(others, end);
    const whole = before[last]! - before[first]!;
    const early = first < last ? Math.max(0, start - others[first]![0]) : 0;
    const [from = Infinity] = others[last] ?? [];
    const late = Math.max(0, end - Math.max(from, start));
    return whole - early + (from < end ? late : 0);
  };
}

const { right: firstEndingAfter } = bisector(([, end]: Interval) => end);
