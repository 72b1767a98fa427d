import type { Durations } from "./durations.ts";

/** From where to where durations go on a logarithmic axis. */
export interface LogRange {
  /** The least that is above zero, in seconds. */
  least: number;
  /** The greatest, in seconds. */
  most: number;
  /** How many are zero or below: they have no logarithm. */
  notPositive: number;
}

/** The range of durations above zero, and how many are not. */
export function logRange(
  parts: Iterable<Pick<Durations, "duration">>,
): LogRange {
  let least = Infinity;
  let most = 0;
  let notPositive = 0;
  for (const { duration } of parts) {
    for (const value of duration) {
      if (!(value > 0)) notPositive++;
      else {
        if (value < least) least = value;
        if (value > most) most = value;
      }
    }
  }
  return most > 0
    ? { least, most, notPositive }
    : { least: 0.1, most: 1, notPositive };
}

/** A logarithmic axis, and the strip of it for what has no logarithm. */
export interface LogPlace {
  /** The ends of the axis, the strip included. */
  domain: [number, number];
  strip: [number, number] | undefined;
  /** Where on the axis a duration is drawn. */
  at: (duration: number) => number;
}

// The share of the axis that the strip takes.
const stripShare = 0.07;

/** Lays out the axis from `low` to `high`, with a strip if there is need. */
export function logPlace(
  low: number,
  high: number,
  needsStrip: boolean,
): LogPlace {
  // All equal: the value lies in the middle of a decade.
  const [from, to] = high > low * (1 + 1e-9)
    ? [low, high]
    : [low / Math.sqrt(10), high * Math.sqrt(10)];
  if (!needsStrip) {
    return { domain: [from, to], strip: undefined, at: (value) => value };
  }
  const end = from * (from / to) ** stripShare;
  const middle = Math.sqrt(end * from);
  return {
    domain: [end, to],
    strip: [end, from],
    at: (value) => value > 0 ? value : middle,
  };
}
