import { givenDomain } from "../drawing/merge.ts";
import type { HelperOptions } from "../chart/chart_kind.ts";
import type { Axis, AxisOptions } from "../axes/axis.ts";
import { durationAxis } from "../axes/duration_axis.ts";
import { logDurationAxis } from "../axes/log_duration_axis.ts";
import type { Durations } from "./durations.ts";
import { logPlace, type LogRange, logRange } from "./log_range.ts";

/** How the axis of durations counts. */
export interface DurationScaleOptions {
  /**
   * Whether durations lie by their logarithm, from microseconds to days in one
   * chart. Those that are zero or negative have a strip of their own. False if
   * not given.
   */
  log?: boolean | undefined;
}

/** What the facets of a chart have in common. */
export interface SharedByFacets {
  /** The range of all the data, where durations lie by their logarithm. */
  logRange?: LogRange | undefined;
}

/** Gives the options what all the data have in common. */
export function withFacets<Options extends DurationScaleOptions>(
  data: readonly Durations[],
  options: Options,
): Options & SharedByFacets {
  return {
    ...options,
    ...(options.log ? { logRange: logRange(data) } : {}),
  };
}

/** Where durations lie along an axis, and the axis for so many pixels. */
export interface DurationScale {
  /** Whether it is logarithmic. */
  log: boolean;
  domain: [number, number];
  /** Where a duration is drawn. */
  at: (duration: number) => number;
  axis: (options: AxisOptions) => Axis;
  /** The strip for what is not above zero. */
  strip: [number, number] | undefined;
}

/** A scale from the least to the most, or where the user asks for. */
export function durationScale(
  [least, most]: readonly [number, number],
  { log, logRange }: DurationScaleOptions & SharedByFacets,
  asked: [number, number] | undefined,
): DurationScale {
  if (!log) {
    const domain = asked ?? [least, most];
    return {
      log: false,
      domain: [...domain],
      at: (duration) => duration,
      axis: (options) => durationAxis(domain, options),
      strip: undefined,
    };
  }
  const fromZero = !asked || asked[0] <= 0;
  const place = logPlace(
    asked && !fromZero ? asked[0] : Math.min(least, logRange?.least ?? least),
    asked?.[1] ?? Math.max(most, logRange?.most ?? most),
    fromZero && (logRange?.notPositive ?? 0) > 0,
  );
  return {
    ...place,
    log: true,
    axis: (options) =>
      logDurationAxis(place.domain, { ...options, strip: place.strip }),
  };
}

/** The user's options of the axis, its domain as it is laid out. */
export function withinScale<Name extends "x" | "y">(
  name: Name,
  options: Pick<HelperOptions, Name>,
  { domain }: DurationScale,
): Pick<HelperOptions, "x" | "y"> {
  const scale: HelperOptions["x"] = options[name];
  return givenDomain(scale) ? { [name]: { ...scale, domain } } : {};
}
