import {
  type AggregateFunction,
  type Aggregation,
  describeArgument,
  measured,
  numeric,
  type SqlArgument,
} from "./values.ts";

/**
 * median(x) and percentile(x, p), with p from 0 to 100, interpolated linearly
 * as in SQLite's percentile extension, d3.quantile and NumPy.
 */
export const percentiles: readonly AggregateFunction[] = [
  { name: "median", arity: 1, create: () => new Percentile("median", 50) },
  { name: "percentile", arity: 2, create: () => new Percentile("percentile") },
];

class Percentile implements Aggregation {
  readonly #name: string;
  readonly #values: number[] = [];
  #percentage: number | undefined;

  constructor(name: string, percentage?: number) {
    this.#name = name;
    this.#percentage = percentage;
  }

  step(value: SqlArgument, percentage?: SqlArgument): void {
    if (percentage !== undefined) this.#fix(percentage);
    const measure = measured(this.#name, value);
    if (measure !== null) this.#values.push(measure);
  }

  result(): number | null {
    const percentage = this.#percentage;
    if (percentage === undefined || this.#values.length === 0) return null;
    const sorted = Float64Array.from(this.#values).sort();
    const place = (sorted.length - 1) * (percentage / 100);
    const below = Math.floor(place);
    const low = sorted[below]!;
    const high = sorted[below + 1];
    // Without interpolation if possible: infinity minus infinity is NaN.
    return place === below || high === undefined || high === low
      ? low
      : low + (high - low) * (place - below);
  }

  #fix(given: SqlArgument): void {
    const percentage = numeric(given);
    if (percentage === null || !(percentage >= 0 && percentage <= 100)) {
      throw new RangeError(
        `percentile() takes a percentage from 0 to 100, not ${
          describeArgument(given)
        }`,
      );
    }
    this.#percentage ??= percentage;
    if (percentage !== this.#percentage) {
      throw new RangeError(
        "percentile() takes one percentage for all rows, " +
          `not ${this.#percentage} and then ${percentage}`,
      );
    }
  }
}
