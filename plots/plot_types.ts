import type * as Plot from "@observablehq/plot";

/** What `Plot.plot` of Observable Plot takes. */
export type PlotOptions = Plot.PlotOptions;

/** What can be drawn: a mark of Observable Plot, or a function that makes one. */
export type Markish = Plot.Markish;

/** The options of a scale of Observable Plot. */
export type ScaleOptions = Plot.ScaleOptions;
