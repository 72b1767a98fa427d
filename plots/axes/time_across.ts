import type { Axis } from "./axis.ts";
import { atLeastASecond, timeAxis, type TimeAxisOptions } from "./time_axis.ts";

/**
 * What makes the axis of a plot in which times are read far below it: with
 * lines at the ticks, and over the domain if the user asks for no other.
 */
export function timeAcross(
  domain: readonly [number, number],
  { clock }: Pick<TimeAxisOptions, "clock">,
): (asked: [number, number] | undefined, pixels: number) => Axis {
  return (asked, pixels) => ({
    ...timeAxis(asked ?? atLeastASecond(domain), { pixels, clock }),
    grid: true,
  });
}
