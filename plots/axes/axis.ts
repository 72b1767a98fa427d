import type { ScaleOptions } from "../chart/plot_types.ts";

/** What an axis is made for. */
export interface AxisOptions {
  /** How long the axis is, in pixels: it decides how many ticks fit. */
  pixels?: number;
  /** What the axis counts; its unit is added. */
  label?: string;
}

/** Options of a Plot scale, with ticks given in the data's own seconds. */
export interface Axis extends ScaleOptions {
  /** Where the axis starts and ends. */
  domain: [number, number];
  /** Where there are ticks. */
  ticks: number[];
  /** The text of a tick, in the axis's unit. */
  tickFormat: (value: number) => string;
  /** What the axis shows, with its unit. */
  label: string;
}

/** Options of a Plot scale of names, each of which has a band of its own. */
export interface BandAxis extends ScaleOptions {
  /** Plot's name for it. */
  type: "band";
  /** The names, in their order. */
  domain: string[];
  /** The names that there is room to write. */
  ticks: string[];
  /** The name, cut if it is long. */
  tickFormat: (name: string) => string;
  /** What the names are names of. */
  label: string;
}
