import { medianOf } from "../runs/step_statistics.ts";

/** Steps by number, and when they came, in the order of time. */
interface Timed {
  steps: readonly number[];
  times: readonly number[];
}

/**
 * The order in which spans usually come to steps: where more spans come to one
 * before the other than the other way round, it is the earlier one. Which of
 * the steps that are next so is first, the median of the time since the start
 * says; it alone will not do, for spans that fail early or wait long have other
 * steps than the rest.
 *
 * @returns the numbers of the steps
 */
export function usualOrder(
  count: number,
  walks: readonly Timed[],
): number[] {
  const since: number[][] = Array.from({ length: count }, () => []);
  for (const { steps, times } of walks) {
    steps.forEach((step, i) => since[step]!.push(times[i]! - times[0]!));
  }
  const median = since.map((seconds) => medianOf(seconds)!);
  const all = since.map((_, step) => step)
    .sort((a, b) => median[a]! - median[b]! || a - b);
  return count > mostSteps ? all : byMajority(all, walks);
}

// Beyond these, each step before each is too much to count.
const mostSteps = 1000;
const mostPairs = 2e7;

function byMajority(all: readonly number[], walks: readonly Timed[]): number[] {
  const earlier = countEarlier(all.length, walks);
  const count = all.length;
  // How many more spans come to the one first.
  const lead = (a: number, b: number) =>
    earlier[a * count + b]! - earlier[b * count + a]!;
  const left = new Set(all);
  const isBehind = (step: number) => {
    for (const other of left) if (lead(other, step) > 0) return true;
    return false;
  };
  // Where majorities go in a circle: the one with the fewest before it.
  const leastBehind = () => {
    const behind = (step: number) => {
      let spans = 0;
      for (const other of left) spans += Math.max(0, lead(other, step));
      return spans;
    };
    return [...left].map((step) => [behind(step), step] as const)
      .reduce((a, b) => b[0] < a[0] ? b : a)[1];
  };
  return all.map(() => {
    let next: number | undefined;
    for (const step of left) {
      if (isBehind(step)) continue;
      next = step;
      break;
    }
    next ??= leastBehind();
    left.delete(next);
    return next;
  });
}

/** How many spans come to one step before another; of many a sample. */
function countEarlier(count: number, walks: readonly Timed[]): Float64Array {
  const earlier = new Float64Array(count * count);
  const pairs = walks.reduce((sum, { steps }) => sum + steps.length ** 2, 0);
  const stride = Math.ceil(pairs / mostPairs) || 1;
  for (let w = 0; w < walks.length; w += stride) {
    const { steps, times } = walks[w]!;
    for (let i = 0; i < steps.length; i++) {
      for (let j = i + 1; j < steps.length; j++) {
        // At one time neither is the earlier one.
        if (times[i]! < times[j]!) earlier[steps[i]! * count + steps[j]!]!++;
      }
    }
  }
  return earlier;
}
