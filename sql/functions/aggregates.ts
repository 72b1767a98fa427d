import {
  type AggregateFunction,
  type Aggregation,
  describeArgument,
  measured,
  numeric,
  type SqlArgument,
} from "./values.ts";

/** Functions over the rows of a group. */
export const aggregates: readonly AggregateFunction[] = [
  // Interpolated linearly as in SQLite's percentile extension, d3.quantile and
  // NumPy; p is from 0 to 100.
  { name: "median", arity: 1, create: () => percentile("median", 50) },
  { name: "percentile", arity: 2, create: () => percentile("percentile") },
  // Spread and linear regression as in PostgreSQL: stddev and variance are of a
  // sample, the regr_ functions and corr take (y, x) and ignore a pair that has a
  // NULL.
  aggregate("stddev", 1, (m) => Math.sqrt(m.sxx / (m.count - 1)), 2),
  aggregate("stddev_samp", 1, (m) => Math.sqrt(m.sxx / (m.count - 1)), 2),
  aggregate("stddev_pop", 1, (m) => Math.sqrt(m.sxx / m.count)),
  aggregate("variance", 1, (m) => m.sxx / (m.count - 1), 2),
  aggregate("var_samp", 1, (m) => m.sxx / (m.count - 1), 2),
  aggregate("var_pop", 1, (m) => m.sxx / m.count),
  aggregate("regr_slope", 2, (m) => m.sxx === 0 ? null : m.sxy / m.sxx),
  aggregate("regr_intercept", 2, (m) => m.sxx === 0 ? null : intercept(m)),
  aggregate("regr_r2", 2, (m) => {
    if (m.sxx === 0) return null;
    return m.syy === 0 ? 1 : correlation(m) ** 2;
  }),
  aggregate(
    "corr",
    2,
    (m) => m.sxx === 0 || m.syy === 0 ? null : correlation(m),
  ),
];

function percentile(name: string, fixed?: number): Aggregation {
  const values: number[] = [];
  let percentage = fixed;
  return {
    step(value: SqlArgument, given?: SqlArgument) {
      if (given !== undefined) percentage = samePercentage(given, percentage);
      const measure = measured(name, value);
      if (measure !== null) values.push(measure);
    },
    result() {
      if (percentage === undefined || values.length === 0) return null;
      const sorted = Float64Array.from(values).sort();
      const place = (sorted.length - 1) * (percentage / 100);
      const below = Math.floor(place);
      const low = sorted[below]!;
      const high = sorted[below + 1];
      // Without interpolation if possible: infinity minus infinity is NaN.
      return place === below || high === undefined || high === low
        ? low
        : low + (high - low) * (place - below);
    },
  };
}

function samePercentage(given: SqlArgument, before?: number): number {
  const percentage = numeric(given);
  if (percentage === null || !(percentage >= 0 && percentage <= 100)) {
    throw new RangeError(
      `percentile() takes a percentage from 0 to 100, not ${
        describeArgument(given)
      }`,
    );
  }
  if (before !== undefined && percentage !== before) {
    throw new RangeError(
      "percentile() takes one percentage for all rows, " +
        `not ${before} and then ${percentage}`,
    );
  }
  return percentage;
}

// First relative to the first row, then from there to zero.
function intercept(
  { firstX, firstY, meanX, meanY, sxx, sxy }: Moments,
): number {
  const slope = sxy / sxx;
  return meanY - meanX * slope + (firstY - firstX * slope);
}

function correlation({ sxx, syy, sxy }: Moments): number {
  const value = sxy / (Math.sqrt(sxx) * Math.sqrt(syy));
  return Math.min(1, Math.max(-1, value));
}

/**
 * Counts, means and sums of squared distances from the means, updated row by
 * row with Welford's algorithm: subtracting sums of squares at the end loses all
 * digits if the values are Unix seconds. Relative to the first row, because even
 * a mean of Unix seconds has only six decimals.
 */
class Moments {
  count = 0;
  firstX = 0;
  firstY = 0;
  /** Relative to the first row. */
  meanX = 0;
  /** Relative to the first row. */
  meanY = 0;
  sxx = 0;
  syy = 0;
  sxy = 0;

  add(x: number, y: number): void {
    if (this.count === 0) {
      this.firstX = x;
      this.firstY = y;
    }
    this.count++;
    x -= this.firstX;
    y -= this.firstY;
    const dx = x - this.meanX;
    const dy = y - this.meanY;
    this.meanX += dx / this.count;
    this.meanY += dy / this.count;
    this.sxx += dx * (x - this.meanX);
    this.syy += dy * (y - this.meanY);
    this.sxy += dx * (y - this.meanY);
  }
}

function aggregate(
  name: string,
  arity: 1 | 2,
  compute: (moments: Moments) => number | null,
  minCount = 1,
): AggregateFunction {
  const create = (): Aggregation => {
    const moments = new Moments();
    return {
      step(first: SqlArgument, second?: SqlArgument) {
        const y = measured(name, first);
        const x = arity === 1 ? y : measured(name, second!);
        if (x !== null && y !== null) moments.add(x, y);
      },
      result() {
        if (moments.count < minCount) return null;
        const value = compute(moments);
        return value === null || Number.isNaN(value) ? null : value;
      },
    };
  };
  return { name, arity, create };
}
