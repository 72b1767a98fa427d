import type * as Plot from "@observablehq/plot";

/** What `Plot.plot` of Observable Plot takes. */
export type PlotOptions = Plot.PlotOptions;

/** What can be drawn: a mark of Observable Plot, or a function that makes one. */
export type Markish = Plot.Markish;

/** The options of a scale of Observable Plot. */
export type ScaleOptions = Plot.ScaleOptions;

/** One plot of a chart: what Plot takes, and what is said where one points. */
export interface Panel extends PlotOptions {
  /**
   * What a chart says where the mouse points at, once it is
   * {@linkcode Chart.interactive}. Asked for then alone.
   */
  tips?: (() => readonly Tip[]) | undefined;
}

/** What is said where the mouse points at; places as the scales count them. */
export interface Tip {
  /** Where it is across. */
  x: unknown;
  /** How far it goes across, if it is no point. */
  x2?: unknown;
  /** Where it is upright; if not given, all that is above and below `x`. */
  y?: unknown;
  /** What is said; `\n` parts the lines. */
  text: string;
}

/** Plots that lie side by side, and the words above them. */
export interface PanelRow {
  /** Above the plots, in bold. */
  heading?: string | undefined;
  /** Below the heading. */
  note?: string | undefined;
  /** From the left to the right, each with its own width and height. */
  plots: readonly Panel[];
}
