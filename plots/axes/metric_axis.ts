import type { Axis, AxisOptions } from "./axis.ts";
import { durationAxis } from "./duration_axis.ts";
import { numberAxis } from "./number_axis.ts";
import { unitAxis } from "./unit_axis.ts";
import { formatDuration, formatMean } from "./units.ts";

const byteUnits = [
  { name: "bytes", seconds: 1 },
  { name: "kB", seconds: 1e3 },
  { name: "MB", seconds: 1e6 },
  { name: "GB", seconds: 1e9 },
  { name: "TB", seconds: 1e12 },
  { name: "PB", seconds: 1e15 },
];

const byteUnit = (size: number) =>
  byteUnits.findLast(({ seconds }) => Math.abs(size) >= seconds) ??
    byteUnits[0]!;

/**
 * An axis for numbers in a unit: "bytes" and "s" are read in the multiple that
 * fits, others are written as they are.
 */
export function metricAxis(
  domain: readonly [number, number],
  unit: string | undefined,
  { pixels = 320, label = "value" }: AxisOptions = {},
): Axis {
  const size = Math.max(Math.abs(domain[0]), Math.abs(domain[1]));
  // Ticks of an upright axis lie closer than those of one across.
  const wide = pixels * 1.4;
  if (unit === "s") return durationAxis(domain, { pixels: wide, label });
  if (unit === "bytes") {
    const fitting = byteUnit(size);
    const text = `${label} (${fitting.name})`;
    return unitAxis(domain, fitting, 0, text, wide);
  }
  return numberAxis(domain, {
    pixels,
    label: unit ? `${label} (${unit})` : label,
  });
}

/** A number in such a unit, for reading. */
export function formatMetric(value: number, unit: string | undefined): string {
  if (unit === "s") return formatDuration(value);
  if (unit !== "bytes") return formatMean(value) + (unit ? ` ${unit}` : "");
  const { name, seconds } = byteUnit(value);
  return `${formatMean(value / seconds)} ${name}`;
}
