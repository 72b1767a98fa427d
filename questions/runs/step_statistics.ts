/** Seconds, over spans. */
export type StepStatistics = Record<string, number | null>;

/**
 * What is said of a list of seconds, as columns: name_mean, name_minimum,
 * name_maximum and name_p50 for the percentage 50. NULL where there are none.
 */
export function statistics(
  name: string,
  seconds: readonly number[],
  percentiles: readonly number[],
): StepStatistics {
  const sorted = Float64Array.from(seconds).sort();
  const columns: [string, number | null][] = [
    ["mean", meanOf(sorted)],
    ["minimum", sorted[0] ?? null],
    ["maximum", sorted.at(-1) ?? null],
    ...percentiles.map((p): [string, number | null] => [
      `p${p}`,
      percentileOf(sorted, p),
    ]),
  ];
  return Object.fromEntries(
    columns.map(([column, value]) => [`${name}_${column}`, value]),
  );
}

/** What these columns are, for a table that shows them. */
export const kindsOf = (
  name: string,
  percentiles: readonly number[],
): Record<string, "seconds"> =>
  Object.fromEntries(
    Object.keys(statistics(name, [], percentiles))
      .map((column) => [column, "seconds"]),
  );

/** The middle of a list of seconds; NULL where there are none. */
export function medianOf(seconds: readonly number[]): number | null {
  return percentileOf(Float64Array.from(seconds).sort(), 50);
}

/** The mean; NULL where there are none. */
export function meanOf(seconds: Float64Array): number | null {
  const { length } = seconds;
  return length ? seconds.reduce((a, b) => a + b, 0) / length : null;
}

/** On the straight line between two values, as percentile() of SQL has it. */
export function percentileOf(
  sorted: Float64Array,
  percentage: number,
): number | null {
  const place = (sorted.length - 1) * (percentage / 100);
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  if (low === undefined || high === undefined) return null;
  return high === low ? low : low + (high - low) * (place - Math.floor(place));
}

/** @throws {RangeError} for what is no percentage */
export function checkPercentiles(percentiles: readonly number[]): void {
  for (const p of percentiles) {
    if (!(p >= 0 && p <= 100)) {
      throw new RangeError(`a percentile is from 0 to 100, not ${p}`);
    }
  }
}
