// @ts-types="npm:@types/d3-array@3.2.2"
import { ticks as niceTicks, tickStep } from "d3-array";
import type { Axis } from "./axis.ts";
import type { Unit } from "./units.ts";

/** An axis for seconds, read in a unit of time and from an origin. */
export function unitAxis(
  [low, high]: readonly [number, number],
  unit: Unit,
  origin: number,
  label: string,
  pixels: number,
): Axis {
  const from = (low - origin) / unit.seconds;
  const to = (high - origin) / unit.seconds;
  const wanted = Math.max(2, pixels / 70);
  const decimals = Math.max(
    0,
    -Math.floor(Math.log10(Math.abs(tickStep(from, to, wanted)) || 1)),
  );
  return {
    domain: [low, high],
    ticks: niceTicks(from, to, wanted)
      .map((value) => origin + value * unit.seconds),
    tickFormat: (value) =>
      ((value - origin) / unit.seconds).toLocaleString("en-US", {
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      }).replace(/^-(?=[0.]*$)/, "").replace("-", "\u2212"),
    label,
  };
}
