// @ts-types="npm:@types/d3-array@3.2.2"
import { max, sum } from "d3-array";
import { percentileOf } from "../events/statistics.ts";

/**
 * A step in one set and in the baseline. A mean counts all spans of its set, those
 * without the step as well, so that the means of all steps add up.
 */
export interface StepDifference {
  /** Mean seconds per span. */
  mean: number;
  /** The same in the baseline. */
  baseline: number;
  /** Mean minus baseline. */
  difference: number;
  /** Mean divided by baseline; null if that is 0. */
  ratio: number | null;
  /** 95th percentile over the spans that have the step; null if none has. */
  p95: number | null;
  /** The same in the baseline. */
  baseline_p95: number | null;
}

/** The seconds that the spans of some sets, by number, took for each step. */
export class StepSeconds {
  /** Number of spans of each set. */
  readonly spans: number[];
  readonly #seconds: Map<string, number[]>[];

  constructor(sets: number, readonly steps: readonly string[]) {
    this.spans = new Array<number>(sets).fill(0);
    this.#seconds = Array.from({ length: sets }, () => new Map());
  }

  /** Adds a span of a set. */
  add(set: number, seconds: Iterable<readonly [step: string, number]>): void {
    this.spans[set]!++;
    const own = this.#seconds[set]!;
    for (const [step, value] of seconds) {
      own.getOrInsertComputed(step, () => []).push(value);
    }
  }

  /** The numbers of the sets that have spans. */
  get sets(): number[] {
    return [...this.spans.keys()].filter((set) => this.spans[set]! > 0);
  }

  /** The steps of each set that has spans; the first of these is the baseline. */
  differences(): StepOfSet[] {
    const [baseline, ...sets] = this.sets;
    if (baseline === undefined) return [];
    const { kept, folded } = this.#foldSteps(baseline);
    return sets.flatMap((set) => {
      const rows = kept.map((step): StepOfSet => ({
        set,
        step,
        ...difference(this.#mean(set, [step]), this.#mean(baseline, [step])),
        p95: this.#p95(set, step),
        baseline_p95: this.#p95(baseline, step),
      }));
      return folded.length === 0 ? rows : [...rows, {
        set,
        step: `${folded.length} other steps`,
        ...difference(this.#mean(set, folded), this.#mean(baseline, folded)),
        p95: null,
        baseline_p95: null,
      }];
    });
  }

  /** Keeps the steps with the largest differences, in their order. */
  #foldSteps(
    baseline: number,
  ): { kept: readonly string[]; folded: readonly string[] } {
    const steps = this.steps.filter((step) =>
      this.#seconds.some((own) => own.has(step))
    );
    if (steps.length <= maxSteps) return { kept: steps, folded: [] };
    const sizes = new Map(steps.map((step) => {
      const mean = this.#mean(baseline, [step]);
      return [
        step,
        max(this.sets, (set) => Math.abs(this.#mean(set, [step]) - mean))!,
      ];
    }));
    const smallest = new Set(
      [...steps].sort((a, b) => sizes.get(b)! - sizes.get(a)!)
        .slice(maxSteps - 1),
    );
    return {
      kept: steps.filter((step) => !smallest.has(step)),
      folded: [...smallest],
    };
  }

  #mean(set: number, steps: readonly string[]): number {
    const seconds = this.#seconds[set]!;
    const total = sum(steps, (step) => sum(seconds.get(step) ?? []));
    return total / this.spans[set]!;
  }

  #p95(set: number, step: string): number | null {
    const seconds = this.#seconds[set]!.get(step) ?? [];
    return percentileOf(Float64Array.from(seconds).sort(), 95);
  }
}

/** A step of a set, by the number of the set. */
export interface StepOfSet extends StepDifference {
  set: number;
  step: string;
}

const maxSteps = 12;

const difference = (mean: number, baseline: number) => ({
  mean,
  baseline,
  difference: mean - baseline,
  ratio: baseline > 0 ? mean / baseline : null,
});

/** The steps of some sets, and what is known of them. */
export interface ComparedSteps {
  seconds: StepSeconds;
  /** Spans of each set that never ended, and are left out. */
  unfinished?: number[];
  /** Steps that no log of the set has, but that of another. */
  missing: string[][];
}

/** The sums of the parts of each name. */
export function sumsBy(
  parts: Iterable<readonly [name: string, seconds: number]>,
  nameOf: (name: string) => string,
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [part, seconds] of parts) {
    const name = nameOf(part);
    sums.set(name, (sums.get(name) ?? 0) + seconds);
  }
  return sums;
}
