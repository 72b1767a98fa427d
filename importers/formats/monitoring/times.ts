import { localTimeReader } from "../../clock/local_time.ts";
import type { Clock } from "../../clock/clock.ts";

/** Reads a clock time that a run's host wrote. */
export interface TimeOfRun {
  /** Unix seconds, NaN for what is no time. */
  (text: string, run: string): number;
  /** How many times were read that the clock showed twice. */
  readonly ambiguous: number;
}

/**
 * Reads the times of each run by the clock that its own parsl.log shows, and
 * those of other runs in a zone.
 */
export function timesOfRuns(
  clocks: ReadonlyMap<string, Clock>,
  timeZone: string,
): TimeOfRun {
  const inZone = localTimeReader(timeZone);
  const asWritten = localTimeReader("UTC");
  const read = (text: string, run: string): number => {
    const clock = clocks.get(run);
    return clock && !hasZone.test(text)
      ? clock.unix(asWritten(text))
      : inZone(text);
  };
  return Object.defineProperty(read, "ambiguous", {
    get: () =>
      clocks.values().reduce(
        (sum, { ambiguous }) => sum + ambiguous,
        inZone.ambiguous,
      ),
  }) as TimeOfRun;
}

const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/;
