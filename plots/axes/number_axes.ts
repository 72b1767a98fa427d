import { max } from "d3-array";
import { checkOptions } from "../../display/text/mistakes.ts";
import { count } from "../../display/text/format.ts";
import {
  type Axis,
  axisOptionNames,
  type AxisOptions,
  linearAxis,
} from "./axis.ts";
import { durationAxis } from "./duration_axis.ts";
import { formatDuration, formatMean } from "./units.ts";

/**
 * An axis for counts, from zero: its ticks are whole numbers.
 *
 * @example
 * ```ts
 * import { countAxis } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { domain, ticks } = countAxis(2, { label: "tasks" });
 * assert.deepEqual(domain, [0, 2]);
 * assert.deepEqual(ticks, [0, 1, 2]);
 * ```
 */
export function countAxis(
  max: number,
  options: AxisOptions = {},
): Axis {
  checkOptions("countAxis", options, axisOptionNames);
  const { pixels = 320, label = "count" } = options;
  const axis = linearAxis([0, Math.max(1, max)], {
    pixels,
    spacing: 45,
    label,
  });
  return {
    ...axis,
    ticks: axis.ticks.filter(Number.isInteger),
    tickFormat: count,
  };
}

/**
 * An axis for a stream around zero, whose thickness counts: a ruler from its
 * lower edge, since a place in it means nothing by itself.
 */
export function thicknessAxis(
  max: number,
  { pixels = 320, label = "count" }: AxisOptions = {},
): Axis {
  const { domain: [, high], ticks, tickFormat } = countAxis(max, { pixels });
  return {
    domain: [-high / 2, high / 2],
    ticks: ticks.map((tick) => tick - high / 2),
    tickFormat: (value) => tickFormat(Math.round(value + high / 2)),
    label: `${label} (thickness)`,
  };
}

/** An axis for shares, in percent. */
export const shareAxis = (
  domain: readonly [number, number],
  { pixels = 320, label = "share" }: AxisOptions = {},
): Axis =>
  linearAxis(domain, {
    unit: 0.01,
    pixels,
    spacing: 45,
    label: `${label} (%)`,
  });

/**
 * An axis for any numbers, with their unit in its label.
 *
 * @example
 * ```ts
 * import { numberAxis } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { ticks, tickFormat } = numberAxis([0, 1], { label: "share" });
 * assert.equal(tickFormat(ticks[1]!), "0.2");
 * ```
 */
export function numberAxis(
  domain: readonly [number, number],
  options: AxisOptions = {},
): Axis {
  checkOptions("numberAxis", options, axisOptionNames);
  const { pixels = 320, label = "value" } = options;
  const size = Math.max(Math.abs(domain[0]), Math.abs(domain[1]));
  const notation = size >= 1e15 || (size > 0 && size < 1e-6)
    ? "scientific"
    : size >= 1e6
    ? "compact"
    : undefined;
  return linearAxis(domain, {
    pixels,
    spacing: 60,
    label,
    format: notation && { notation, maximumSignificantDigits: 4 },
  });
}

const byteNames = ["bytes", "kB", "MB", "GB", "TB", "PB"];

function byteUnit(size: number) {
  const fits = (_: string, power: number) => Math.abs(size) >= 1000 ** power;
  const power = Math.max(0, byteNames.findLastIndex(fits));
  return { name: byteNames[power]!, bytes: 1000 ** power };
}

/**
 * An axis for numbers in a unit. Bytes, "bytes/s" and seconds ("s") are written
 * in the multiple that fits, other units as they are.
 */
export function metricAxis(
  domain: readonly [number, number],
  unit: string | undefined,
  { pixels = 320, label = "value" }: AxisOptions = {},
): Axis {
  // The ticks of a y axis may lie closer than those of an x axis.
  const wide = pixels * 1.4;
  if (unit === "s") return durationAxis(domain, { pixels: wide, label });
  const rate = rateOfBytes(unit);
  if (rate === undefined) {
    return numberAxis(domain, {
      pixels,
      label: unit ? `${label} (${unit})` : label,
    });
  }
  const { name, bytes } = byteUnit(max(domain, Math.abs) ?? 0);
  return linearAxis(domain, {
    unit: bytes,
    pixels: wide,
    spacing: 70,
    label: `${label} (${name}${rate})`,
  });
}

/** What follows the unit of bytes: "" or "/s"; undefined for other units. */
const rateOfBytes = (unit: string | undefined): string | undefined =>
  unit === "bytes" ? "" : unit === "bytes/s" ? "/s" : undefined;

/** A number with its unit, for reading. */
export function formatMetric(value: number, unit: string | undefined): string {
  if (unit === "s") return formatDuration(value);
  const rate = rateOfBytes(unit);
  if (rate === undefined) return formatMean(value) + (unit ? ` ${unit}` : "");
  const { name, bytes } = byteUnit(value);
  return `${formatMean(value / bytes)} ${name}${rate}`;
}
