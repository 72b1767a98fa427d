/** An amount that something holds from one time to another. */
export interface Held {
  /** Unix seconds. */
  from: number;
  /** Unix seconds. */
  to: number;
  value: number;
}

/** What is held from a time on. */
export interface HeldStep {
  /** Unix seconds. */
  time: number;
  sum: number;
  /** The largest single amount. */
  largest: number;
  /** How many are held. */
  number: number;
}

/**
 * The sum of what is held, at each time at which it changes. Takes O(n log n)
 * time.
 */
export function heldOverTime(all: readonly Held[]): HeldStep[] {
  const held = all.filter(({ from, to }) => to > from);
  const begins = held.toSorted((a, b) => a.from - b.from);
  const ends = held.toSorted((a, b) => a.to - b.to);
  const largest = new LargestFirst();
  const steps: HeldStep[] = [];
  let [sum, begun, ended] = [0, 0, 0];
  while (ended < ends.length) {
    const next = begins[begun]?.from ?? Infinity;
    const time = Math.min(next, ends[ended]!.to);
    for (; begins[begun]?.from === time; begun++) {
      sum += begins[begun]!.value;
      largest.add(begins[begun]!);
    }
    for (; ends[ended]?.to === time; ended++) sum -= ends[ended]!.value;
    const number = begun - ended;
    // Differences of fractions leave a rest.
    if (number === 0) sum = 0;
    const step: HeldStep = {
      time,
      sum: Number(sum.toPrecision(12)),
      largest: largest.after(time)?.value ?? 0,
      number,
    };
    const last = steps.at(-1);
    if (
      last?.sum !== step.sum || last.largest !== step.largest ||
      last.number !== step.number
    ) steps.push(step);
  }
  return steps;
}

/** A binary heap; what has ended is removed when it is the largest. */
class LargestFirst {
  #heap: Held[] = [];

  add(one: Held): void {
    const heap = this.#heap;
    let place = heap.push(one) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (heap[above]!.value >= one.value) break;
      heap[place] = heap[above]!;
      place = above;
    }
    heap[place] = one;
  }

  /** The largest that is held after a time. */
  after(time: number): Held | undefined {
    while (this.#heap.length > 0 && this.#heap[0]!.to <= time) this.#remove();
    return this.#heap[0];
  }

  #remove(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= heap.length) break;
      if ((heap[below + 1]?.value ?? -Infinity) > heap[below]!.value) below++;
      if (heap[below]!.value <= last.value) break;
      heap[place] = heap[below]!;
      place = below;
    }
    heap[place] = last;
  }
}
