import type { StepRows } from "../rows/step_rows.ts";

/** The way of each span through its steps: the rows of steps, span by span. */
export interface Ways {
  /** The rows of span `s` are from `first[s]` to `first[s + 1]`, by time. */
  first: Uint32Array;
  /** The number of the step of each row; -1 for one that does not count. */
  step: Int32Array;
  /** The seconds since the first row of the span. */
  since: Float64Array;
}

/** Rows of steps span by span; where spans leave, there is no step. */
export function waysOf(
  { length, time, span, step }: Pick<
    StepRows,
    "length" | "time" | "span" | "step"
  >,
  spans: number,
): Ways {
  const first = new Uint32Array(spans + 1);
  for (let i = 0; i < length; i++) if (step[i]! >= 0) first[span[i]! + 1]!++;
  for (let s = 0; s < spans; s++) first[s + 1]! += first[s]!;
  const count = first[spans]!;
  const ways = {
    first,
    step: new Int32Array(count),
    since: new Float64Array(count),
  };
  const start = new Float64Array(spans).fill(NaN);
  const next = first.slice();
  // Rows are in the order of time, and so are those of each span.
  for (let i = 0; i < length; i++) {
    if (step[i]! < 0) continue;
    const s = span[i]!;
    if (Number.isNaN(start[s])) start[s] = time[i]!;
    const place = next[s]!++;
    ways.step[place] = step[i]!;
    ways.since[place] = time[i]! - start[s]!;
  }
  return ways;
}

/** Calls `visit` for each row at which a span comes to a step first. */
export function forEachArrival(
  { first, step }: Ways,
  steps: number,
  visit: (row: number, span: number) => void,
): void {
  // The last span that came to each step.
  const last = new Int32Array(steps).fill(-1);
  for (let s = 0; s + 1 < first.length; s++) {
    for (let k = first[s]!; k < first[s + 1]!; k++) {
      const n = step[k]!;
      if (n < 0 || last[n] === s) continue;
      last[n] = s;
      visit(k, s);
    }
  }
}
