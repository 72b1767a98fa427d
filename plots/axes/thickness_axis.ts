import type { Axis, AxisOptions } from "./axis.ts";
import { countAxis } from "./count_axis.ts";

/**
 * An axis for a stream that lies around zero, whose thickness counts: a ruler
 * from its lower edge on, since a place in it means nothing by itself.
 */
export function thicknessAxis(
  thickest: number,
  { pixels = 320, label = "count" }: AxisOptions = {},
): Axis {
  const { domain: [, most], ticks, tickFormat } = countAxis(thickest, {
    pixels,
  });
  const lowest = -most / 2;
  return {
    domain: [lowest, most / 2],
    ticks: ticks.map((tick) => tick + lowest),
    tickFormat: (value) => tickFormat(Math.round(value - lowest)),
    label: `${label} (thickness)`,
  };
}
