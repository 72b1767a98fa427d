import { givenDomain } from "../drawing/merge.ts";
import type { HelperOptions } from "../chart/chart_kind.ts";
import type { Axis, AxisOptions } from "../axes/axis.ts";
import { durationAxis, logDurationAxis } from "../axes/duration_axis.ts";
import type { Durations } from "./durations.ts";

/** Options of the axis of durations. */
export interface DurationScaleOptions {
  /**
   * Whether the axis is logarithmic, which shows microseconds and days in one
   * chart. Zero and negative durations have a strip of their own. False by
   * default.
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
export function logRange(
  parts: Iterable<Pick<Durations, "duration">>,
): LogRange {
  let [min, max, notPositive] = [Infinity, 0, 0];
  for (const { duration } of parts) {
    for (const value of duration) {
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

/** The part of a range that a domain asks for; it ends above zero. */
export function rangeWithin(
  range: LogRange,
  domain: readonly [number, number] | undefined,
): [number, number] {
  const min = domain && domain[0] > 0 ? domain[0] : range.min;
  return [min, Math.max(min, domain?.[1] ?? range.max)];
}

/** Where durations lie along an axis, and the axis for so many pixels. */
export interface DurationScale {
  log: boolean;
  domain: [number, number];
  /** Where a duration is drawn, as the axis counts. */
  at: (duration: number) => number;
  axis: (options: AxisOptions) => Axis;
  /** Ends of the strip for durations that are not above zero. */
  strip: [number, number] | undefined;
}

// Share of a logarithmic axis that the strip takes.
const stripShare = 0.07;

/** A scale from `min` to `max`, or over the domain that the user asks for. */
export function durationScale(
  [min, max]: readonly [number, number],
  logRange: LogRange | undefined,
  asked: [number, number] | undefined,
): DurationScale {
  if (!logRange) {
    const domain: [number, number] = asked ? [...asked] : [min, max];
    return {
      log: false,
      domain,
      at: (duration) => duration,
      axis: (options) => durationAxis(domain, options),
      strip: undefined,
    };
  }
  const fromZero = !asked || asked[0] <= 0;
  const low = fromZero ? Math.min(min, logRange.min) : asked[0];
  const high = asked?.[1] ?? Math.max(max, logRange.max);
  // Equal durations lie in the middle of a decade.
  const [from, to] = high > low * (1 + 1e-9)
    ? [low, high]
    : [low / Math.sqrt(10), high * Math.sqrt(10)];
  const end = from * (from / to) ** stripShare;
  const hasStrip = fromZero && logRange.notPositive > 0;
  const strip: [number, number] | undefined = hasStrip
    ? [end, from]
    : undefined;
  const middle = Math.sqrt(end * from);
  const domain: [number, number] = [strip ? end : from, to];
  return {
    log: true,
    domain,
    strip,
    at: (value) => value > 0 || !strip ? value : middle,
    axis: (options) => logDurationAxis(domain, { ...options, strip }),
  };
}

/** The user's options of the axis, with the domain of the scale. */
export function withinScale<Name extends "x" | "y">(
  name: Name,
  options: Pick<HelperOptions, Name>,
  { domain }: DurationScale,
): Pick<HelperOptions, "x" | "y"> {
  const scale: HelperOptions["x"] = options[name];
  return givenDomain(scale) ? { [name]: { ...scale, domain } } : {};
}
