// @ts-types="npm:@types/d3-array@3.2.2"
import { ticks as niceTicks } from "d3-array";
import type { Axis, AxisOptions } from "./axis.ts";

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
  highest: number,
  { pixels = 320, label = "count" }: AxisOptions = {},
): Axis {
  const most = Math.max(1, highest);
  return {
    domain: [0, most],
    ticks: niceTicks(0, most, Math.max(2, pixels / 45))
      .filter(Number.isInteger),
    tickFormat: (count) => count.toLocaleString("en-US"),
    label,
  };
}
