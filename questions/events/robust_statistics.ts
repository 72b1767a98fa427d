// Statistics that a few odd values do not spoil: docs/statistics.md has their
// sources.

// @ts-types="npm:@types/d3-array@3.2.2"
import { mean, median } from "d3-array";

/** A normal value is beyond this, on either side, once in a hundred times. */
const normal99 = 2.5758293035489;

/** How a number changes with another one. */
export interface Slope {
  /** Units of y per unit of x. */
  slope: number;
  /** The lower end of its 99% confidence interval. */
  low: number;
  /** The upper end. */
  high: number;
  /** The line's y at x = 0. */
  intercept: number;
  /** Whether the slope is not zero, as the interval and a test of Mann and Kendall say. */
  isClear: boolean;
}

/**
 * The median of the slopes between all pairs of points, as Theil and Sen define
 * it, with Sen's confidence interval. Of fewer than six points it is never clear.
 * Null unless two points differ in x.
 */
export function theilSen(
  x: readonly number[],
  y: readonly number[],
): Slope | null {
  const slopes = new Float64Array(x.length * (x.length - 1) / 2);
  let [pairs, rises] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < i; j++) {
      if (x[i] === x[j]) continue;
      const slope = (y[i]! - y[j]!) / (x[i]! - x[j]!);
      slopes[pairs++] = slope;
      rises += Math.sign(slope);
    }
  }
  if (pairs === 0) return null;
  const sorted = slopes.subarray(0, pairs).sort();
  const variance = (kendall(x.length) - ties(x) - ties(y)) / 18;
  const reach = normal99 * Math.sqrt(Math.max(0, variance));
  const at = (place: number) =>
    sorted[Math.min(pairs - 1, Math.max(0, Math.round(place)))]!;
  const [low, high] = [at((pairs - reach) / 2 - 1), at((pairs + reach) / 2)];
  const slope = median(sorted)!;
  return {
    slope,
    low,
    high,
    intercept: median(y, (value, i) => value - slope * x[i]!)!,
    // The sum of signs has steps of two: one less, for continuity.
    isClear: Math.abs(rises) - 1 > reach && low * high > 0,
  };
}

/** 18 times the variance of the sum of signs. */
const kendall = (count: number) => count * (count - 1) * (2 * count + 5);

/** What values that occur several times take from it. */
function ties(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts.values().reduce((sum, count) => sum + kendall(count), 0);
}

/**
 * How far each value is from the median, in units of the usual deviation: the
 * modified z-scores of Iglewicz and Hoaglin. If more than half of the values are
 * equal, the mean deviation takes the place of the median one.
 */
export function modifiedScores(values: readonly number[]): number[] {
  const middle = median(values) ?? 0;
  const deviations = values.map((value) => Math.abs(value - middle));
  const scale = 1.482602 * median(deviations)! ||
    1.253314 * mean(deviations)! || 1;
  return values.map((value) => (value - middle) / scale);
}

/** A share of a spread that groups explain. */
export interface ExplainedShare {
  /**
   * Beyond what as many groups explain by chance: epsilon squared, which is also
   * the adjusted R squared. From 0 to 1.
   */
  share: number;
  /** Whether chance would explain as much less than once in a thousand times. */
  isClear: boolean;
}

/**
 * How much of a spread of ranks is between groups, with the test of Kruskal and
 * Wallis. Null if there are as many groups as values.
 *
 * @param total sum of the squares of deviations from the mean
 * @param between the same of the groups' means
 * @param free number of values, less one for each stratum in which they are ranks
 * @param groups number of groups, less one for each such part that has its own
 */
export function explainedShare(
  { total, between, free, groups }: {
    total: number;
    between: number;
    free: number;
    groups: number;
  },
): ExplainedShare | null {
  if (free <= groups) return null;
  if (groups < 1 || !(total > 0)) return { share: 0, isClear: false };
  const plain = Math.min(1, Math.max(0, between / total));
  return {
    share: Math.max(0, 1 - (1 - plain) * free / (free - groups)),
    isClear: normalOf(plain * free, groups) > 3.09,
  };
}

/** The normal value as rare as one of chi squared, as Wilson and Hilferty found. */
function normalOf(chiSquared: number, freedom: number): number {
  const variance = 2 / (9 * freedom);
  return (Math.cbrt(chiSquared / freedom) - 1 + variance) / Math.sqrt(variance);
}
