import type { Axis, AxisOptions } from "./axis.ts";

/** An axis for shares of all, from none to the whole. */
export function percentAxis(
  [low, high]: readonly [number, number],
  { pixels = 320, label = "share" }: AxisOptions = {},
): Axis {
  const step = pixels < 120 ? 0.5 : pixels < 220 ? 0.25 : 0.2;
  const ticks = Array.from({ length: 1 + 1 / step }, (_, i) => i * step);
  return {
    domain: [low, high],
    ticks: ticks.filter((tick) => tick >= low && tick <= high),
    tickFormat: (value) => String(Math.round(value * 100)),
    label: `${label} (%)`,
  };
}
