// @ts-types="npm:@types/d3-array@3.2.2"
import { ticks as niceTicks, tickStep } from "d3-array";
import type { Axis, AxisOptions } from "./axis.ts";

/** An axis for shares, in percent. */
export function shareAxis(
  [low, high]: readonly [number, number],
  { pixels = 320, label = "share" }: AxisOptions = {},
): Axis {
  const wanted = Math.max(2, pixels / 45);
  const step = tickStep(low * 100, high * 100, wanted);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return {
    domain: [low, high],
    ticks: niceTicks(low * 100, high * 100, wanted)
      .map((percent) => percent / 100),
    tickFormat: (share) => (share * 100).toFixed(decimals),
    label: `${label} (%)`,
  };
}
