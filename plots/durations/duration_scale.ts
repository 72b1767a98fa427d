import type { Axis, AxisOptions } from "../axes/axis.ts";
import { durationAxis, logDurationAxis } from "../axes/duration_axis.ts";
import type { DrawOptions, HelperOptions } from "../chart/chart_kind.ts";
import type { Domain } from "../chart/facets.ts";
import { frame, type FrameParts } from "../chart/frame.ts";
import type { Panel } from "../chart/plot_types.ts";
import { givenDomain } from "../drawing/merge.ts";
import { type Grid, roundLogGrid } from "../rows/grid.ts";

/** Options of the axis of durations. */
export interface DurationScaleOptions {
  /**
   * Whether the axis is logarithmic, which shows microseconds and days in one
   * chart. Zero and negative durations have a strip of their own. By default if
   * a linear axis would press a quarter of the durations into its first
   * fiftieth, or half of them into its first twentieth.
   */
  log?: boolean | undefined;
}

/** Range of durations on a logarithmic axis, in seconds. */
export interface LogRange {
  /** The least above zero. */
  min: number;
  /** The greatest. */
  max: number;
  /** How many are zero or below, and have no logarithm. */
  notPositive: number;
}

/** The range of durations above zero, and how many are not. */
export function logRange(parts: Iterable<Float64Array>): LogRange {
  let [min, max, notPositive] = [Infinity, 0, 0];
  for (const durations of parts) {
    for (const value of durations) {
      if (!(value > 0)) notPositive++;
      else {
        if (value < min) min = value;
        if (value > max) max = value;
      }
    }
  }
  return max > 0
    ? { min, max, notPositive }
    : { min: 0.1, max: 1, notPositive };
}

// A linear axis hides too much if a quarter of the durations lie in its first
// fiftieth, which is one bar, or half of them in its first twentieth.
const flatParts = [
  { length: 1 / 50, max: 1 / 4 },
  { length: 1 / 20, max: 1 / 2 },
];
// A logarithmic axis does not show how far below zero these are.
const maxNotPositive = 1 / 10;

/**
 * The range of an axis that is logarithmic: because the user wants it, or else
 * because a linear one would show many durations as one bar. `asked` is the
 * user's own domain; `typical` are the durations that decide, if groups of any
 * size are to count alike.
 */
export function logRangeIfNeeded(
  parts: readonly Float64Array[],
  log: boolean | undefined,
  { asked, typical = parts }: {
    asked?: readonly [number, number] | undefined;
    typical?: readonly Float64Array[];
  } = {},
): LogRange | undefined {
  if (log === false) return undefined;
  const range = logRange(parts);
  return log || isFlat(typical, Math.min(range.max, asked?.[1] ?? Infinity))
    ? range
    : undefined;
}

/** Whether a linear axis up to `max` would show many of its durations as one bar. */
function isFlat(parts: readonly Float64Array[], max: number): boolean {
  let [all, notPositive] = [0, 0];
  const flat = flatParts.map(() => 0);
  for (const durations of parts) {
    for (const value of durations) {
      if (value > max) continue;
      all++;
      if (!(value > 0)) notPositive++;
      else {
        flatParts.forEach(({ length }, i) => {
          if (value < max * length) flat[i]!++;
        });
      }
    }
  }
  return notPositive < all * maxNotPositive &&
    flatParts.some((part, i) => flat[i]! > all * part.max);
}

/** Cells by logarithm over the part of a range that a domain asks for. */
export function logGridWithin(
  range: LogRange,
  count: number,
  domain?: readonly [number, number] | undefined,
): Grid {
  const min = domain && domain[0] > 0 ? domain[0] : range.min;
  return roundLogGrid([min, Math.max(min, domain?.[1] ?? range.max)], count);
}

/** Positions of durations along an axis, and the axis for this many pixels. */
export type DurationScale = ReturnType<typeof durationScale>;

// Share of a logarithmic axis that the strip takes.
const stripShare = 0.07;

/**
 * A scale from `min` to `max`, or over the domain that the user asks for;
 * logarithmic if it has a range.
 */
export function durationScale(
  [min, max]: readonly [number, number],
  range: LogRange | undefined,
  asked: readonly [number, number] | undefined,
) {
  let domain: Domain = asked ? [...asked] : [min, max];
  let strip: Domain | undefined;
  if (range) {
    const fromZero = !asked || asked[0] <= 0;
    const low = fromZero ? Math.min(min, range.min) : asked[0];
    const high = asked?.[1] ?? Math.max(max, range.max);
    // Equal durations lie in the middle of a decade.
    const [from, to] = high > low * (1 + 1e-9)
      ? [low, high]
      : [low / Math.sqrt(10), high * Math.sqrt(10)];
    const end = from * (from / to) ** stripShare;
    if (fromZero && range.notPositive > 0) strip = [end, from];
    domain = [strip?.[0] ?? from, to];
  }
  return {
    log: range !== undefined,
    domain,
    /** Ends of the strip for durations that are not above zero. */
    strip,
    /** Where a duration is drawn, as the axis counts. */
    at: (value: number) =>
      value > 0 || !strip ? value : Math.sqrt(strip[0] * strip[1]),
    axis: (options: AxisOptions): Axis =>
      range
        ? logDurationAxis(domain, { ...options, strip })
        : durationAxis(domain, options),
  };
}

/**
 * Lays out a plot with an axis of durations, from the least to the greatest of
 * them unless the user asks for another domain.
 */
export function durationFrame<Name extends "x" | "y">(
  name: Name,
  options: DrawOptions,
  ends: readonly [number, number],
  range: LogRange | undefined,
  parts: (scale: DurationScale) => FrameParts,
): Panel {
  const own: HelperOptions["x"] = options[name];
  const asked = givenDomain(own);
  const scale = durationScale(ends, range, asked);
  const domain = asked && { [name]: { ...own, domain: scale.domain } };
  return frame({ ...options, ...domain }, parts(scale));
}
