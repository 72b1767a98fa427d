// @ts-types="npm:@types/d3-array@3.2.2"
import { quantile } from "d3-array";
import type { Lifelines } from "./lifelines_of.ts";

/** The median of the times at which the spans of a series come to a step. */
export interface MedianStep {
  /** In seconds since the start. */
  x: number;
  /** The place of the step, in the middle of its row. */
  y: number;
  /** Whether at least half of the spans come to it. */
  isUsual: boolean;
}

/** For each series the medians of its steps, from the first step on. */
export function medianSteps(data: Lifelines): MedianStep[][] {
  const { series, steps, first, step, since, spans } = data;
  const waits: number[][][] = series.names.map(() => steps.map(() => []));
  const sizes = series.names.map(() => 0);
  const last = new Int32Array(steps.length).fill(-1);
  for (let s = 0; s < spans.length; s++) {
    sizes[series.of[s]!]!++;
    for (let k = first[s]!; k < first[s + 1]!; k++) {
      const n = step[k]!;
      if (last[n] === s) continue;
      last[n] = s;
      waits[series.of[s]!]![n]!.push(since[k]!);
    }
  }
  return waits.map((ofSteps, s) => {
    const usual = ofSteps.filter(({ length }) => length * 2 >= sizes[s]!);
    // Ways that have little in common have no usual one: all steps are shown.
    return ofSteps.flatMap((values, n): MedianStep[] =>
      values.length === 0 ? [] : [{
        x: quantile(values, 0.5)!,
        y: n + 0.5,
        isUsual: usual.length < 2 || values.length * 2 >= sizes[s]!,
      }]
    );
  });
}
