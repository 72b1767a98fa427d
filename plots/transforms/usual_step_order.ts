// @ts-types="npm:@types/d3-array@3.2.2"
import { median } from "d3-array";

/**
 * The order in which spans usually come to steps: where more spans come to one
 * before the other than the other way round, it is the earlier one. Which of
 * those that are next so is first, the median of the time since the start says.
 *
 * @param time when each span came to each step, span by span; NaN for never
 * @param start when each span started
 * @returns the numbers of the steps
 */
export function usualStepOrder(
  time: Float64Array,
  start: Float64Array,
  steps: number,
): number[] {
  const since = Array.from(
    { length: steps },
    (_, step) =>
      median(start, (from, span) => time[span * steps + step]! - from) ??
        Infinity,
  );
  const lead = leads(time, steps);
  const left = since.map((_, step) => step)
    .sort((a, b) => since[a]! - since[b]! || a - b);
  const order: number[] = [];
  while (left.length) {
    // How many more spans come to others first; in a circle, the fewest.
    const behind = left.map((step) =>
      left.reduce(
        (sum, other) => sum + Math.max(0, lead[other * steps + step]!),
        0,
      )
    );
    const next = behind.indexOf(Math.min(...behind));
    order.push(...left.splice(next, 1));
  }
  return order;
}

/** How many more spans come to one step before another. */
function leads(time: Float64Array, steps: number): Int32Array {
  const lead = new Int32Array(steps * steps);
  for (let from = 0; from < time.length; from += steps) {
    for (let a = 0; a < steps; a++) {
      for (let b = a + 1; b < steps; b++) {
        // NaN is neither before nor after.
        const first = time[from + a]!;
        const second = time[from + b]!;
        if (first < second) {
          lead[a * steps + b]!++;
          lead[b * steps + a]!--;
        } else if (first > second) {
          lead[a * steps + b]!--;
          lead[b * steps + a]!++;
        }
      }
    }
  }
  return lead;
}
