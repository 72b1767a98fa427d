/** The most spans that were between two steps at one moment. */
export interface WidestQueue {
  /** The step that they had come to. */
  from: string;
  /** The next one, to which they had not. */
  to: string;
  /** How many. */
  spans: number;
}

/**
 * The steps that follow one another: those of which a later one is never above
 * an earlier one by more than a few, as many and as large as can be. A step that only some spans
 * take (failed, and done) would else hide what is below it.
 */
export function flowOf(counts: readonly Float64Array[]): number[] {
  const best: { weight: number; before: number }[] = [];
  counts.forEach((own, i) => {
    let [weight, before] = [0, -1];
    for (let j = 0; j < i; j++) {
      if (best[j]!.weight > weight && isBelow(own, counts[j]!)) {
        [weight, before] = [best[j]!.weight, j];
      }
    }
    best.push({ weight: weight + (own.at(-1) ?? 0), before });
  });
  let last = 0;
  best.forEach(({ weight }, i) => {
    if (weight > best[last]!.weight) last = i;
  });
  const flow: number[] = [];
  for (let i = best.length ? last : -1; i >= 0; i = best[i]!.before) {
    flow.unshift(i);
  }
  return flow;
}

// Clocks differ, and a few take a shorter way: that some are seen at the later
// step first, or alone, is not against it.
const few = 0.05;
const isBelow = (later: Float64Array, earlier: Float64Array) => {
  const most = Math.floor((earlier.at(-1) ?? 0) * few);
  return later.every((count, column) => count <= earlier[column]! + most);
};

/** The most that are past a step and not past the next at one moment. */
export function widestOf(
  times: readonly (readonly number[])[],
  name: (place: number) => string,
  isAsked: boolean,
): WidestQueue | undefined {
  let widest: WidestQueue | undefined;
  for (let step = 0; step + 1 < times.length; step++) {
    const [from, to] = [times[step]!, times[step + 1]!];
    // What few go on to is a way out and no queue, unless it is asked for.
    if (!isAsked && to.length * 2 < from.length) continue;
    let j = 0;
    for (let i = 0; i < from.length; i++) {
      // All that comes at one moment has come.
      if (from[i + 1] === from[i]) continue;
      while (to[j]! <= from[i]!) j++;
      const spans = i + 1 - j;
      if (spans > (widest?.spans ?? 0)) {
        widest = { from: name(step), to: name(step + 1), spans };
      }
    }
  }
  return widest;
}
