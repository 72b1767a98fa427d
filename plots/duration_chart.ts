import {
  type Chart,
  type ChartOptions,
  defaultWidth,
  drawChart,
} from "./chart.ts";
import { panelsWidth } from "./drawing/figure.ts";
import type { LegendEntry } from "./drawing/legend.ts";
import {
  durationCaption,
  durationTitle,
  type EventNames,
} from "./duration_words.ts";
import type { Durations } from "./transforms/durations.ts";
import type { PlotOptions } from "./plot_types.ts";

/** What the plots of a chart of durations are. */
export interface DurationPlots {
  /** The plots, row below row, within so many pixels. */
  rows: (width: number) => PlotOptions[][];
  legend?: readonly LegendEntry[] | undefined;
  /** The part of the durations that is on the axis, if not all. */
  domain?: readonly [number, number] | undefined;
}

/** A chart of durations: the words that all of them share, and its plots. */
export function durationChart(
  durations: Durations,
  options: EventNames & ChartOptions,
  { rows, legend, domain }: DurationPlots,
): Chart {
  const width = options.width ?? defaultWidth;
  return drawChart({
    width,
    title: options.title ?? durationTitle(durations, options),
    subtitle: options.subtitle,
    caption: options.caption ?? durationCaption(durations, domain),
    legend: options.legend ?? legend,
    rows: rows(panelsWidth(width)),
  });
}
