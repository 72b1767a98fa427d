import type * as Plot from "@observablehq/plot";
import type { LegendEntry } from "../drawing/legend.ts";
import type { SizeOptions } from "../drawing/size.ts";

/** Options of `Plot.plot` of Observable Plot. */
export type PlotOptions = Plot.PlotOptions;

/** A mark of Observable Plot, or a function that makes one. */
export type Markish = Plot.Markish;

/** The options of a scale of Observable Plot. */
export type ScaleOptions = Plot.ScaleOptions;

/** One plot of a chart: options of Plot, and tips. */
export interface Panel extends PlotOptions {
  /** Creates the texts under the pointer, for {@linkcode Chart.interactive}. */
  tips?: (() => readonly Tip[]) | undefined;
}

/** A text under the pointer; its position is in the units of the scales. */
export interface Tip {
  /** Position on the x scale. */
  x: unknown;
  /** End of its range, if it is not a point. */
  x2?: unknown;
  /** Position on the y scale; by default everything above and below `x`. */
  y?: unknown;
  /** Lines of text, separated by `\n`. */
  text: string;
}

/** Plots side by side, and the text above them. */
export interface PanelRow {
  /** Above the plots, in bold. */
  heading?: string | undefined;
  /** Below the heading. */
  note?: string | undefined;
  /** Meanings of colours that only these plots have, above them. */
  legend?: readonly LegendEntry[] | undefined;
  /** Above each plot, in bold. */
  headings?: readonly string[] | undefined;
  /** From left to right, each with its own width and height. */
  plots: readonly Panel[];
}

/** The texts and the size of a chart, and any option of Plot. */
export interface ChartOptions
  extends
    SizeOptions,
    Omit<Panel, "title" | "subtitle" | "caption" | "document" | "width"> {
  /** Above the chart, in bold. */
  title?: string | undefined;
  /** Below the title. */
  subtitle?: string | undefined;
  /** Below the chart, in place of its default caption. */
  caption?: string | undefined;
  /** Meanings of the colours, in place of the default legend. */
  legend?: readonly LegendEntry[] | undefined;
  /** Several plots, row by row, in place of a single one of `marks`. */
  panels?: readonly PanelRow[] | undefined;
}
