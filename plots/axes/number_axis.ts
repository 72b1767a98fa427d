// @ts-types="npm:@types/d3-array@3.2.2"
import { ticks as niceTicks, tickStep } from "d3-array";
import type { Axis, AxisOptions } from "./axis.ts";

/**
 * An axis for numbers of any kind, in the unit that its label says.
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
  { pixels = 320, label = "value" }: AxisOptions = {},
): Axis {
  const [low, high] = domain;
  const wanted = Math.max(2, pixels / 60);
  const step = Math.abs(tickStep(low, high, wanted)) || 1;
  const decimals = Math.max(0, -Math.floor(Math.log10(step)));
  const size = Math.max(Math.abs(low), Math.abs(high));
  const format = new Intl.NumberFormat(
    "en-US",
    size >= 1e15 || (size > 0 && size < 1e-6)
      ? { notation: "scientific", maximumSignificantDigits: 4 }
      : size >= 1e6
      ? { notation: "compact", maximumSignificantDigits: 4 }
      : { minimumFractionDigits: decimals, maximumFractionDigits: decimals },
  );
  return {
    domain: [low, high],
    ticks: niceTicks(low, high, wanted),
    tickFormat: (value) => format.format(value).replace("-", "\u2212"),
    label,
  };
}
