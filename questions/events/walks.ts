import { type Database, withRoom } from "../../sql/mod.ts";
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
  walks: Iterable<Walk>;
}

/** Walks in arrays of numbers: objects of millions would take gigabytes. */
class WalkList implements Iterable<Walk> {
  length = 0;
  #roots = new Float64Array(64);
  /** Where each walk ends among the steps. */
  #ends = new Int32Array(64);
  #steps = new Int32Array(256);
  #times = new Float64Array(256);

  start(rootId: number): void {
    const end = this.#ends[this.length]!;
    this.length++;
    this.#roots = withRoom(this.#roots, this.length);
    this.#roots[this.length - 1] = rootId;
    this.#ends = withRoom(this.#ends, this.length + 1);
    this.#ends[this.length] = end;
  }

  /** Adds a step to the last walk. */
  add(step: number, time: number): void {
    const end = this.#ends[this.length]!++;
    this.#steps = withRoom(this.#steps, end + 1);
    this.#times = withRoom(this.#times, end + 1);
    this.#steps[end] = step;
    this.#times[end] = time;
  }

  /** Replaces each step by its position in the usual order. */
  reorder(positions: readonly number[]): void {
    for (let w = 0; w < this.length; w++) {
      const [from, end] = [this.#ends[w]!, this.#ends[w + 1]!];
      for (let i = from; i < end; i++) {
        this.#steps[i] = positions[this.#steps[i]!]!;
      }
      sortTies(
        this.#steps.subarray(from, end),
        this.#times.subarray(from, end),
      );
    }
  }

  at(index: number): Walk {
    const steps: number[] = [];
    const times: number[] = [];
    for (let i = this.#ends[index]!; i < this.#ends[index + 1]!; i++) {
      steps.push(this.#steps[i]!);
      times.push(this.#times[i]!);
    }
    return { rootId: this.#roots[index]!, steps, times };
  }

  *[Symbol.iterator](): Generator<Walk> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }
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
  const walks = new WalkList();
  // For each kind of event, the steps by their occurrence.
  const stepsOfKinds: number[][] = [];
  const occurrences = new Map<number, number>();
  let root: number | undefined;
  const kinds = readSteps(
    db,
    roots,
    withDefaultEvents(options),
    (rootId, time, kind) => {
      if (root !== rootId) {
        root = rootId;
        walks.start(rootId);
        occurrences.clear();
      }
      const nth = (occurrences.get(kind) ?? 0) + 1;
      occurrences.set(kind, nth);
      const ofKind = stepsOfKinds[kind] ??= [];
      walks.add(ofKind[nth - 1] ??= numbered.push({ kind, nth }) - 1, time);
    },
  );
  const steps = numbered.map(({ kind, nth }) => ({ ...kinds[kind]!, nth }));
  const order = usualOrder(steps.length, walks);
  const positions: number[] = [];
  order.forEach((step, position) => positions[step] = position);
  walks.reorder(positions);
  return { steps: order.map((step) => steps[step]!), walks };
}

function sortTies(steps: Int32Array, times: Float64Array): void {
  for (let end = 1, start = 0; end <= steps.length; end++) {
    if (times[end] === times[start]) continue;
    if (end - start > 1) steps.subarray(start, end).sort();
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
function usualOrder(count: number, walks: WalkList): number[] {
  const since: number[][] = Array.from({ length: count }, () => []);
  for (const { steps, times } of walks) {
    steps.forEach((step, i) => since[step]!.push(times[i]! - times[0]!));
  }
  const medians = since.map((seconds) => medianSeconds(seconds)!);
  const byMedian = since.map((_, step) => step)
    .sort((a, b) => medians[a]! - medians[b]! || a - b);
  return count > maxOrdered
    ? byMedian
    : orderByMajority(byMedian, countEarlier(count, walks));
}

/** With more steps, counting each pair takes too long. */
export const maxOrdered = 1000;
/** Of more pairs, a sample is counted. */
export const maxPairs = 2e7;

/**
 * Steps in the order that most spans have.
 *
 * @param byMedian the steps by the median of their time
 * @param earlier for each pair, how many spans reach the first before the second
 */
export function orderByMajority(
  byMedian: readonly number[],
  earlier: Float64Array,
): number[] {
  const count = byMedian.length;
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
function countEarlier(count: number, walks: WalkList): Float64Array {
  const earlier = new Float64Array(count * count);
  let pairs = 0;
  for (const { steps } of walks) pairs += steps.length ** 2;
  const stride = Math.ceil(pairs / maxPairs) || 1;
  for (let w = 0; w < walks.length; w += stride) {
    const { steps, times } = walks.at(w);
    for (let i = 0; i < steps.length; i++) {
      for (let j = i + 1; j < steps.length; j++) {
        // At equal times neither is earlier.
        if (times[i]! < times[j]!) earlier[steps[i]! * count + steps[j]!]!++;
      }
    }
  }
  return earlier;
}
