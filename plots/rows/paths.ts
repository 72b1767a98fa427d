// @ts-types="npm:@types/d3-array@3.2.2"
import { minIndex, quantileSorted, range, sum } from "d3-array";
import { groupRows, valuesAt, valuesByGroup } from "./row_order.ts";
import type { StepRows } from "./step_rows.ts";

/** The path of each span through its steps: an entry for each row. */
export interface Paths {
  /** The number of each entry's span; the entries of a span follow by time. */
  span: Uint32Array;
  /** The number of each entry's step; -1 if the step does not count. */
  step: Int32Array;
  /** When the span reached the step. */
  time: Float64Array;
  /** The seconds since the span's first entry. */
  since: Float64Array;
}

/**
 * The paths of spans; rows in which a span leaves are no entries. Span `s` has
 * the entries from `first[s]` up to `first[s + 1]`.
 */
export function pathsOf(read: StepRows): Paths & { first: Uint32Array } {
  // Rows are in the order of time, and so are the entries of each span.
  const { rows, first } = groupRows(
    read.length,
    read.spans.length,
    (i) => read.step[i]! < 0 ? -1 : read.span[i]!,
  );
  const span = valuesAt(read.span, rows);
  const time = valuesAt(read.time, rows);
  const since = new Float64Array(time.length);
  for (let k = 0; k < since.length; k++) {
    since[k] = time[k]! - time[first[span[k]!]!]!;
  }
  return { first, span, time, since, step: valuesAt(read.step, rows) };
}

/** The entries at which a span reaches a step for the first time. */
export function firstArrivals(paths: Paths, steps: number): Paths {
  // The last span that reached each step.
  const last = new Int32Array(steps).fill(-1);
  const entries = new Uint32Array(paths.step.length);
  let length = 0;
  for (let k = 0; k < entries.length; k++) {
    const [step, span] = [paths.step[k]!, paths.span[k]!];
    if (step < 0 || last[step] === span) continue;
    last[step] = span;
    entries[length++] = k;
  }
  const kept = entries.subarray(0, length);
  return {
    span: valuesAt(paths.span, kept),
    step: valuesAt(paths.step, kept),
    time: valuesAt(paths.time, kept),
    since: valuesAt(paths.since, kept),
  };
}

/** The values of a column of entries, step by step. */
export const byStep = (
  { step }: Paths,
  steps: number,
  column: Float64Array,
): Float64Array[] => valuesByGroup(column, steps, (k) => step[k]!);

/** Median of numbers, if there are any; faster than d3's. */
export const medianOf = (values: ArrayLike<number>): number | undefined =>
  // The types ask for an array, the function for anything indexed.
  quantileSorted(new Float64Array(values).sort() as never, 0.5);

// With more steps or pairs, counting each pair of steps takes too long.
const maxSteps = 1000;
const maxPairs = 5e7;

/**
 * The order in which spans usually reach steps: a step precedes another if more
 * spans reach it first than the other way round. Among the steps that may be
 * next, the one with the least median time since the start comes first. That
 * median alone would not do: spans that fail early or wait long have other
 * steps than the rest.
 *
 * @param arrivals the first arrivals of spans, of one or several facets
 * @returns the numbers of the steps
 */
export function usualOrder(
  arrivals: readonly Paths[],
  steps: number,
): number[] {
  const waits = range(steps).map((): number[] => []);
  for (const { step, since } of arrivals) {
    for (let k = 0; k < step.length; k++) waits[step[k]!]!.push(since[k]!);
  }
  const since = waits.map((own) => medianOf(own) ?? Infinity);
  const left = range(steps).sort((a, b) => since[a]! - since[b]! || a - b);
  if (steps > maxSteps) return left;
  const lead = leads(arrivals, steps);
  const ahead = (a: number, b: number) => Math.max(0, lead[a * steps + b]!);
  // How many more spans come first to other steps that are not in order yet.
  const behind = left.map((step) => sum(left, (other) => ahead(other, step)));
  const order: number[] = [];
  while (left.length) {
    // In a circle, the step with the fewest.
    const place = minIndex(behind);
    const [next] = left.splice(place, 1);
    behind.splice(place, 1);
    left.forEach((step, i) => behind[i]! -= ahead(next!, step));
    order.push(next!);
  }
  return order;
}

/** How many more spans reach one step before another; a sample, if many. */
function leads(all: readonly Paths[], steps: number): Int32Array {
  const lead = new Int32Array(steps * steps);
  let pairs = 0;
  for (const { span } of all) {
    for (let k = 0, start = 0; k < span.length; k++) {
      if (span[k] !== span[start]) start = k;
      pairs += 2 * (k - start) + 1;
    }
  }
  const stride = Math.ceil(pairs / maxPairs) || 1;
  for (const { span, step, since } of all) {
    for (let i = 0; i < span.length; i++) {
      if (span[i]! % stride) continue;
      for (let j = i + 1; span[j] === span[i]; j++) {
        // At one time neither is the earlier one.
        if (since[i]! >= since[j]!) continue;
        lead[step[i]! * steps + step[j]!]!++;
        lead[step[j]! * steps + step[i]!]!--;
      }
    }
  }
  return lead;
}
