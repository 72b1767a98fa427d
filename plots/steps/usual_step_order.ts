// @ts-types="npm:@types/d3-array@3.2.2"
import { quantileSorted } from "d3-array";
import { forEachArrival, type Ways } from "./ways.ts";

/**
 * The order in which spans usually come to steps: where more spans come to one
 * before the other than the other way round, it is the earlier one. Which of
 * those that are next so is first, the median of the time since the start says;
 * it alone will not do, for spans that fail early or wait long have other steps
 * than the rest. A span that comes to a step again counts when it came first.
 *
 * @returns the numbers of the steps
 */
export function usualStepOrder(ways: Ways, steps: number): number[] {
  const since = medianWaits(ways, steps);
  const left = since.map((_, step) => step)
    .sort((a, b) => since[a]! - since[b]! || a - b);
  if (steps > mostSteps) return left;
  const lead = leads(ways, steps);
  // How many more spans come to others first that are not in the order yet.
  const behind = left.map((step) =>
    left.reduce((sum, of) => sum + Math.max(0, lead[of * steps + step]!), 0)
  );
  const order: number[] = [];
  while (left.length) {
    // In a circle, the one with the fewest.
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

// Beyond these, each step before each is too much to count.
const mostSteps = 1000;
const mostPairs = 5e7;

/** For each step the median of the time since the start; Infinity for none. */
export function medianWaits(ways: Ways, steps: number): number[] {
  const waits = Array.from({ length: steps }, (): number[] => []);
  forEachArrival(ways, steps, (row) => {
    waits[ways.step[row]!]!.push(ways.since[row]!);
  });
  return waits.map((own) =>
    quantileSorted(Float64Array.from(own).sort() as never, 0.5) ?? Infinity
  );
}

/** How many more spans come to one step before another; of many a sample. */
function leads(ways: Ways, steps: number): Int32Array {
  const { first, step, since } = ways;
  const rows: number[] = [];
  const ofSpan = new Uint32Array(first.length);
  forEachArrival(ways, steps, (row, span) => {
    rows.push(row);
    ofSpan[span + 1]!++;
  });
  const pairs = ofSpan.reduce((sum, rows) => sum + rows ** 2, 0);
  const stride = Math.ceil(pairs / mostPairs) || 1;
  for (let s = 1; s < ofSpan.length; s++) ofSpan[s]! += ofSpan[s - 1]!;
  const lead = new Int32Array(steps * steps);
  for (let s = 0; s + 1 < ofSpan.length; s += stride) {
    for (let i = ofSpan[s]!; i < ofSpan[s + 1]!; i++) {
      const a = rows[i]!;
      for (let j = i + 1; j < ofSpan[s + 1]!; j++) {
        const b = rows[j]!;
        // At one time neither is the earlier one.
        if (since[a]! >= since[b]!) continue;
        lead[step[a]! * steps + step[b]!]!++;
        lead[step[b]! * steps + step[a]!]!--;
      }
    }
  }
  return lead;
}
