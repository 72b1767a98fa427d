import { binsPerSecond } from "../events/statistics.ts";

/**
 * The edges of bins from one time to another, at whole multiples of their width
 * since 1970 between these.
 *
 * @param per the width in seconds, by default for at most 200 bins
 * @throws {RangeError} if there are more than a million bins
 */
export function binEdges(
  start: number,
  end: number,
  per: number | undefined,
): number[] {
  const width = per ?? usualWidth(end - start);
  const rate = binsPerSecond(width);
  const [factor, divisor] = rate ? [rate, 1] : [1, width];
  const first = Math.floor(start * factor / divisor);
  const last = Math.ceil(end * factor / divisor);
  if (!(last - first <= maxBins)) {
    throw new RangeError(
      `${width} s are too few for the bins of a time from ${start} to ${end}, ` +
        "in Unix seconds: take more, or look for a log whose times are damaged",
    );
  }
  const edges = Array.from(
    { length: last - first + 1 },
    (_, i) => (first + i) * divisor / factor,
  );
  return [start, ...edges.slice(1, -1), end];
}

const maxBins = 1_000_000;
const usualBins = 200;

/** The least of 1, 2 and 5 times the powers of ten that makes few bins. */
function usualWidth(seconds: number): number {
  const least = Math.max(seconds, 1e-3) / (usualBins - 1);
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power)
    .find((width) => width >= least)!;
}
