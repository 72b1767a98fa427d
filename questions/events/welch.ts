// @ts-types="npm:@types/d3-array@3.2.2"
import { mean, variance } from "d3-array";

/** How one number differs between two groups of repeated runs. */
export interface Spread {
  /** Standard deviation over the runs of the group; null for fewer than two. */
  stddev: number | null;
  /** The same of the baseline. */
  baseline_stddev: number | null;
  /**
   * The 95% confidence interval of the difference, by Welch, reaches so far to
   * both sides; null if one of the two has fewer than two runs.
   */
  margin: number | null;
  /**
   * 1 if the difference is larger: it exceeds the spread of repeated runs; 0 if it
   * is not; null if that is unknown.
   */
  exceeds_spread: 0 | 1 | null;
}

/**
 * Compares the means of two groups, whose values may spread differently: the
 * interval of Welch, with the degrees of freedom of Satterthwaite.
 * docs/statistics.md has the formula.
 *
 * @param scale by which the values of the baseline are multiplied
 */
export function welch(
  values: readonly number[],
  baseline: readonly number[],
  scale = 1,
): Spread {
  const stddev = Math.sqrt(variance(values) ?? NaN);
  const baselineStddev = Math.sqrt(variance(baseline) ?? NaN);
  const own = stddev ** 2 / values.length;
  const other = (scale * baselineStddev) ** 2 / baseline.length;
  const freedom = (own + other) ** 2 /
    (own ** 2 / (values.length - 1) + other ** 2 / (baseline.length - 1));
  const difference = mean(values)! - scale * mean(baseline)!;
  // Values without a spread leave no doubt.
  const margin = own + other === 0
    ? 0
    : studentQuantile(freedom) * Math.sqrt(own + other);
  const isKnown = Number.isFinite(margin);
  return {
    stddev: Number.isNaN(stddev) ? null : stddev,
    baseline_stddev: Number.isNaN(baselineStddev) ? null : baselineStddev,
    margin: isKnown ? margin : null,
    // Sums of floating-point numbers differ by less than a log can tell.
    exceeds_spread: isKnown
      ? (Math.abs(difference) > margin + 1e-9 ? 1 : 0)
      : null,
  };
}

/** 97.5% of Student's t distribution are below this. */
export function studentQuantile(freedom: number): number {
  if (!(freedom > 0)) return NaN;
  let [low, high] = [1.9, 2];
  while (outside(high, freedom) > 0.05) high *= 2;
  while (high - low > 1e-12 * high) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (outside(middle, freedom) > 0.05) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * The chance that a value of Student's t distribution is beyond t, on either side:
 * the incomplete beta function by its continued fraction, which for these
 * arguments converges in a few dozen steps.
 */
function outside(t: number, freedom: number): number {
  const a = freedom / 2;
  const x = freedom / (freedom + t * t);
  // The ratio of gamma functions in 1 / B(a, 1/2).
  const logScale = a * Math.log(x) + 0.5 * Math.log1p(-x) + logGamma(a + 0.5) -
    logGamma(a) - 0.5 * Math.log(Math.PI);
  if (x < (a + 1) / (a + 2.5)) {
    return Math.exp(logScale) * fraction(x, a, 0.5) / a;
  }
  return 1 - Math.exp(logScale) * fraction(1 - x, 0.5, a) / 0.5;
}

/** Lentz's method, as in section 6.4 of Numerical Recipes. */
function fraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number) => Math.abs(value) < tiny ? tiny : value;
  let c = 1;
  let d = 1 / away(1 - (a + b) * x / (a + 1));
  let result = d;
  for (let m = 1; m < 10_000; m++) {
    for (
      const term of [
        m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
        -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
      ]
    ) {
      d = 1 / away(1 + term * d);
      c = away(1 + term / c);
      result *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return result;
}

/** Stirling's series, after steps up to where it is exact. */
function logGamma(x: number): number {
  let shift = 0;
  for (; x < 10; x++) shift += Math.log(x);
  const series = 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5) -
    1 / (1680 * x ** 7);
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series -
    shift;
}
