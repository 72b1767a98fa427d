import { binsPerSecond } from "../events/statistics.ts";
import type { Interval } from "./intervals.ts";

/** Bins of time, by number. */
export interface TimeBins {
  /** The ends of a bin, in Unix seconds. */
  endsOf(bin: number): Interval;
  /** Divides an interval among the bins that it is in. */
  spread(
    interval: Interval,
    add: (bin: number, part: Interval) => void,
  ): void;
}

const maxBins = 1_000_000;

/**
 * Divides a time into bins that begin at whole multiples of their width since
 * 1970; without a width there is one.
 *
 * @throws {RangeError} for more than a million bins
 */
export function timeBins(
  [start, end]: Interval,
  width: number | undefined,
): TimeBins {
  if (width !== undefined && (end - start) / width > maxBins) {
    throw new RangeError(
      `${width} s are too few for the bins of a time from ${start} to ${end}, ` +
        "in Unix seconds: take more, or look for a log whose times are damaged",
    );
  }
  const rate = width === undefined ? null : binsPerSecond(width);
  const [factor, divisor] = rate ? [rate, 1] : [1, width ?? 1];
  const binOf = (time: number) =>
    width === undefined ? 0 : Math.floor(time * factor / divisor);
  const startOf = (bin: number) =>
    width === undefined ? [start, end][bin]! : bin * divisor / factor;
  return {
    endsOf: (bin) => [startOf(bin), startOf(bin + 1)],
    spread([from, to], add) {
      let since = from;
      for (let bin = binOf(from); since < to; bin++) {
        const until = Math.min(to, startOf(bin + 1));
        if (until <= since) continue;
        add(bin, [since, until]);
        since = until;
      }
    },
  };
}

/** The round width, in seconds, of at most this many bins of a time. */
export function roundWidth([start, end]: Interval, max: number): number {
  const least = (end - start) / max;
  if (!(least > 0)) return 1;
  if (least > 1) {
    const known = clockWidths.find((width) => width >= least);
    if (known) return known;
  }
  const power = 10 ** Math.floor(Math.log10(least));
  return power * [1, 2, 5, 10].find((n) => n * power >= least * (1 - 1e-9))!;
}

const [minute, hour, day] = [60, 3600, 86_400];
const clockWidths = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 5, 10, 20, 50, 100].map((n) => n * day),
];
