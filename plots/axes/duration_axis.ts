import type { Axis, AxisOptions } from "./axis.ts";
import { unitAxis } from "./unit_axis.ts";
import { unitFor } from "./units.ts";

/**
 * An axis for durations in seconds, read in the unit that fits, from
 * microseconds to days. Goes into Plot as the options of a scale; data and
 * other marks stay in seconds.
 *
 * @example
 * ```ts
 * import { durationAxis } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const { label, ticks, tickFormat } = durationAxis([0, 0.02]);
 * assert.equal(label, "duration (ms)");
 * assert.equal(tickFormat(ticks[1]!), "2");
 * ```
 */
export function durationAxis(
  domain: readonly [number, number],
  { pixels = 640, label = "duration" }: AxisOptions = {},
): Axis {
  const unit = unitFor(Math.max(Math.abs(domain[0]), Math.abs(domain[1])));
  return unitAxis(domain, unit, 0, `${label} (${unit.name})`, pixels);
}
