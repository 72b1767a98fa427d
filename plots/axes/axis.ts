// @ts-types="npm:@types/d3-array@3.2.2"
import { ticks as niceTicks, tickStep } from "d3-array";
import type { OptionNames } from "../../display/text/mistakes.ts";
import type { ScaleOptions } from "../chart/plot_types.ts";

/** Options of an axis. */
export interface AxisOptions {
  /** Length of the axis in pixels, which determines the number of ticks. */
  pixels?: number;
  /** Text beside the axis; its unit is added. */
  label?: string;
}

export const axisOptionNames: OptionNames<AxisOptions> = {
  pixels: true,
  label: true,
};

/** Options of a Plot scale, with ticks given in the data's own seconds. */
export interface Axis extends ScaleOptions {
  /** The two ends of the axis. */
  domain: [number, number];
  /** Places of the ticks. */
  ticks: number[];
  /** Text of a tick, in the unit of the axis. */
  tickFormat: (value: number) => string;
  /** Text beside the axis, with its unit. */
  label: string;
}

/** Options of a Plot scale of names, with a band per name. */
export interface BandAxis extends ScaleOptions {
  /** Plot's type of scale. */
  type: "band";
  /** The names in their order. */
  domain: string[];
  /** The names that fit. */
  ticks: string[];
  /** The name, cut if it is long. */
  tickFormat: (name: string) => string;
  /** Text beside the axis. */
  label: string;
}

/** How an axis of numbers is divided and written. */
interface LinearAxisOptions extends Required<AxisOptions> {
  /** One of the axis's unit, in the numbers of the data. */
  unit?: number;
  /** The number of the data that the axis calls 0. */
  origin?: number;
  /** The least distance of its ticks, in pixels. */
  spacing: number;
  format?: Intl.NumberFormatOptions | undefined;
}

/** An axis with ticks at round numbers of a unit, from an origin. */
export function linearAxis(
  [low, high]: readonly [number, number],
  { unit = 1, origin = 0, pixels, spacing, label, format }: LinearAxisOptions,
): Axis {
  const [from, to] = [(low - origin) / unit, (high - origin) / unit];
  const wanted = Math.max(2, pixels / spacing);
  const step = Math.abs(tickStep(from, to, wanted)) || 1;
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const numbers = new Intl.NumberFormat(
    "en-US",
    format ??
      (decimals > 20
        ? { notation: "scientific" }
        : { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
  );
  return {
    domain: [low, high],
    ticks: niceTicks(from, to, wanted).map((value) => origin + value * unit),
    // Without a minus sign before a 0, and with a true one before others.
    tickFormat: (value) =>
      numbers.format((value - origin) / unit)
        .replace(/^-(?=[0.]*$)/, "").replace("-", "\u2212"),
    label,
  };
}
