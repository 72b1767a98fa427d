import type { Database } from "../../sql/mod.ts";
import { type EventsOfOptions, withDefaultEvents } from "./events_of.ts";
import type { Roots } from "./nested_spans.ts";
import { readSteps, type StepKind } from "./read_steps.ts";
import { medianSeconds } from "./statistics.ts";

/** An event that spans go through, distinguished from others of its kind. */
export interface Step extends StepKind {
  /** Occurrence number within the span; 2 on a retry. */
  nth: number;
}

/** The steps of one root span. */
export interface Walk {
  rootId: number;
  /** Indexes into the list of steps, in the order of time. */
  steps: number[];
  /** Unix seconds of each. */
  times: number[];
}

/** The steps of all root spans. */
export interface Walks {
  /** In their usual order. */
  steps: Step[];
  walks: Walk[];
}

/**
 * Reads the walks of all root spans. Steps at equal times are put in their usual
 * order, because the order of import has no meaning.
 *
 * SQL finds the events, JavaScript numbers the steps: windows over as many rows
 * take three times as long.
 */
export function walksOf(
  db: Database,
  roots: Roots,
  options: EventsOfOptions,
): Walks {
  const numbered: { kind: number; nth: number }[] = [];
  const walks: Walk[] = [];
  // For each kind of event, the steps by their occurrence.
  const stepsOfKinds: number[][] = [];
  const occurrences = new Map<number, number>();
  let walk: Walk | undefined;
  const kinds = readSteps(
    db,
    roots,
    withDefaultEvents(options),
    (rootId, time, kind) => {
      if (walk?.rootId !== rootId) {
        walk = { rootId, steps: [], times: [] };
        walks.push(walk);
        occurrences.clear();
      }
      const nth = (occurrences.get(kind) ?? 0) + 1;
      occurrences.set(kind, nth);
      const ofKind = stepsOfKinds[kind] ??= [];
      walk.steps.push(ofKind[nth - 1] ??= numbered.push({ kind, nth }) - 1);
      walk.times.push(time);
    },
  );
  const steps = numbered.map(({ kind, nth }) => ({ ...kinds[kind]!, nth }));
  const order = usualOrder(steps.length, walks);
  const positions: number[] = [];
  order.forEach((step, position) => positions[step] = position);
  for (const walk of walks) {
    walk.steps = walk.steps.map((step) => positions[step]!);
    sortTies(walk);
  }
  return { steps: order.map((step) => steps[step]!), walks };
}

function sortTies({ steps, times }: Walk): void {
  for (let end = 1, start = 0; end <= steps.length; end++) {
    if (times[end] === times[start]) continue;
    if (end - start > 1) {
      const tied = steps.slice(start, end).sort((a, b) => a - b);
      tied.forEach((step, i) => steps[start + i] = step);
    }
    start = end;
  }
}

/**
 * Yields the wanted steps of a walk in their usual order, each with the seconds
 * since the one before in this order: negative if the two changed places.
 */
export function* alignedSteps(
  { steps, times }: Walk,
  isWanted = (_step: number) => true,
): Generator<{ step: number; time: number; sinceBefore: number | undefined }> {
  const places = steps.map((_, i) => i).filter((i) => isWanted(steps[i]!))
    .sort((a, b) => steps[a]! - steps[b]!);
  let before: number | undefined;
  for (const place of places) {
    const time = times[place]!;
    const sinceBefore = before === undefined ? undefined : time - before;
    yield { step: steps[place]!, time, sinceBefore };
    before = time;
  }
}

/**
 * Sorts steps in the order in which most spans reach them: a step comes first
 * if more spans reach it before the other than after. Among steps with no such
 * predecessor left, the median time since the start decides; alone it would not
 * do, because spans that fail early or wait long have other steps.
 */
function usualOrder(count: number, walks: readonly Walk[]): number[] {
  const since: number[][] = Array.from({ length: count }, () => []);
  for (const { steps, times } of walks) {
    steps.forEach((step, i) => since[step]!.push(times[i]! - times[0]!));
  }
  const medians = since.map((seconds) => medianSeconds(seconds)!);
  const byMedian = since.map((_, step) => step)
    .sort((a, b) => medians[a]! - medians[b]! || a - b);
  return count > maxSteps ? byMedian : byMajority(byMedian, walks);
}

// With more steps, counting each pair takes too long.
const maxSteps = 1000;
const maxPairs = 2e7;

function byMajority(
  byMedian: readonly number[],
  walks: readonly Walk[],
): number[] {
  const count = byMedian.length;
  const earlier = countEarlier(count, walks);
  const lead = (a: number, b: number) =>
    earlier[a * count + b]! - earlier[b * count + a]!;
  const left = new Set(byMedian);
  const isBehind = (step: number) => {
    for (const other of left) if (lead(other, step) > 0) return true;
    return false;
  };
  const spansAhead = (step: number) => {
    let spans = 0;
    for (const other of left) spans += Math.max(0, lead(other, step));
    return spans;
  };
  return byMedian.map(() => {
    const next = left.values().find((step) => !isBehind(step)) ??
      // Majorities form a circle: take the step that the fewest are ahead of.
      [...left].map((step) => [spansAhead(step), step] as const)
        .reduce((a, b) => b[0] < a[0] ? b : a)[1];
    left.delete(next);
    return next;
  });
}

/** Counts the spans, or a sample of many, that reach one step before another. */
function countEarlier(count: number, walks: readonly Walk[]): Float64Array {
  const earlier = new Float64Array(count * count);
  const pairs = walks.reduce((sum, { steps }) => sum + steps.length ** 2, 0);
  const stride = Math.ceil(pairs / maxPairs) || 1;
  for (let w = 0; w < walks.length; w += stride) {
    const { steps, times } = walks[w]!;
    for (let i = 0; i < steps.length; i++) {
      for (let j = i + 1; j < steps.length; j++) {
        // At equal times neither is earlier.
        if (times[i]! < times[j]!) earlier[steps[i]! * count + steps[j]!]!++;
      }
    }
  }
  return earlier;
}
