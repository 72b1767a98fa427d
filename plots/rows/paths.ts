// @ts-types="npm:@types/d3-array@3.2.2"
import { quantileSorted } from "d3-array";
import { groupRows, valuesAt, valuesByGroup } from "./group_rows.ts";
import { NumberList } from "./number_list.ts";
import type { StepRows } from "./step_rows.ts";

/** The path of each span through its steps: an entry for each row. */
export interface Paths {
  /** Span `s` has the entries from `first[s]` up to `first[s + 1]`, by time. */
  first: Uint32Array;
  /** The number of each entry's step; -1 if the step does not count. */
  step: Int32Array;
  /** When the span reached the step. */
  time: Float64Array;
  /** The seconds since the span's first entry. */
  since: Float64Array;
}

/** The paths of spans; rows in which a span leaves are no entries. */
export function pathsOf(
  { length, time, span, step, spans }: Pick<
    StepRows,
    "length" | "time" | "span" | "step" | "spans"
  >,
): Paths {
  // Rows are in the order of time, and so are the entries of each span.
  const { rows, first } = groupRows(
    length,
    spans.length,
    (i) => step[i]! < 0 ? -1 : span[i]!,
  );
  const times = valuesAt(time, rows);
  const since = new Float64Array(rows.length);
  for (let s = 0; s < spans.length; s++) {
    for (let k = first[s]!; k < first[s + 1]!; k++) {
      since[k] = times[k]! - times[first[s]!]!;
    }
  }
  return { first, step: valuesAt(step, rows), time: times, since };
}

/** The entries at which a span reaches a step for the first time. */
export function firstArrivals(paths: Paths, steps: number): Paths {
  // The last span that reached each step.
  const last = new Int32Array(steps).fill(-1);
  const entries = new Uint32Array(paths.step.length);
  const first = new Uint32Array(paths.first.length);
  let length = 0;
  for (let s = 0; s + 1 < paths.first.length; s++) {
    for (let k = paths.first[s]!; k < paths.first[s + 1]!; k++) {
      const step = paths.step[k]!;
      if (step < 0 || last[step] === s) continue;
      last[step] = s;
      entries[length++] = k;
    }
    first[s + 1] = length;
  }
  const kept = entries.subarray(0, length);
  return {
    first,
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

/** Median of numbers, if there are any. */
export const medianOf = (values: ArrayLike<number>): number | undefined =>
  // The types ask for an array, the function for anything indexed.
  quantileSorted(new Float64Array(values).sort() as never, 0.5);

// Beyond these, each step before each is too much to count.
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
  const waits = Array.from({ length: steps }, () => new NumberList());
  for (const { step, since } of arrivals) {
    for (let k = 0; k < step.length; k++) waits[step[k]!]!.push(since[k]!);
  }
  const since = waits.map((own) => medianOf(own.values()) ?? Infinity);
  const left = since.map((_, step) => step)
    .sort((a, b) => since[a]! - since[b]! || a - b);
  if (steps > maxSteps) return left;
  const lead = leads(arrivals, steps);
  // How many more spans come first to other steps that are not in order yet.
  const behind = left.map((step) =>
    left.reduce((sum, of) => sum + Math.max(0, lead[of * steps + step]!), 0)
  );
  const order: number[] = [];
  while (left.length) {
    // In a circle, the step with the fewest.
    const place = behind.reduce(
      (best, n, i) => n < behind[best]! ? i : best,
      0,
    );
    const [next] = left.splice(place, 1);
    behind.splice(place, 1);
    left.forEach((step, i) =>
      behind[i]! -= Math.max(0, lead[next! * steps + step]!)
    );
    order.push(next!);
  }
  return order;
}

/** How many more spans reach one step before another; a sample, if many. */
function leads(all: readonly Paths[], steps: number): Int32Array {
  const lead = new Int32Array(steps * steps);
  const pairs = all.reduce(
    (sum, { first }) =>
      first.reduce(
        (sum, end, s) => sum + (end - (first[s - 1] ?? 0)) ** 2,
        sum,
      ),
    0,
  );
  const stride = Math.ceil(pairs / maxPairs) || 1;
  for (const { first, step, since } of all) {
    for (let s = 0; s + 1 < first.length; s += stride) {
      for (let i = first[s]!; i < first[s + 1]!; i++) {
        for (let j = i + 1; j < first[s + 1]!; j++) {
          // At one time neither is the earlier one.
          if (since[i]! >= since[j]!) continue;
          lead[step[i]! * steps + step[j]!]!++;
          lead[step[j]! * steps + step[i]!]!--;
        }
      }
    }
  }
  return lead;
}
