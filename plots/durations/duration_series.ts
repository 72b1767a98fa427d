import { colorScale, legendOfNames } from "../chart/colors.ts";
import type { LabelledLine } from "./statistic_marks.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { style } from "../drawing/style.ts";
import { cutText } from "../drawing/text.ts";
import { lineColorsFor } from "../chart/palette.ts";
import type { ScaleOptions } from "../chart/plot_types.ts";
import { bySeries, type Durations } from "./durations.ts";
import { statisticsOf } from "./statistics.ts";
import { formatDuration } from "../axes/units.ts";
import { counted } from "../chart/words.ts";

/** The names of the series of all the data, each once. */
function seriesNames(data: readonly Durations[]): string[] {
  return [...new Set(data.flatMap(({ series }) => series?.names ?? []))];
}

/** Gives the options a colour for each series, the same in all facets. */
export function withSeriesColors<
  Options extends { color?: ScaleOptions | undefined },
>(data: readonly Durations[], options: Options): Options {
  const names = seriesNames(data);
  if (names.length === 0) return options;
  return {
    ...options,
    color: colorScale(names, options, lineColorsFor(names)),
  };
}

/** What the colours of the series are. */
export function seriesLegend(
  data: readonly Durations[],
  color: ScaleOptions | undefined,
  shape: LegendEntry["shape"],
): LegendEntry[] | undefined {
  const names = seriesNames(data);
  return names.length ? legendOfNames(names, color, shape) : undefined;
}

// More lines with words would be more words than chart.
const mostMedians = 6;

/** A line at the median of each series; of many series, without its words. */
export function mediansOf(
  durations: Durations,
  color: ScaleOptions | undefined,
): LabelledLine[] {
  const parts = bySeries(durations).filter(({ duration }) => duration.length);
  if (parts.length > mostMedians) return [];
  const entries = legendOfNames(parts.map(({ name }) => name), color);
  return parts.map(({ name, duration }, i) => ({
    value: statisticsOf(duration).median,
    text: `${cutText(name, style.textSize, 90)} median ` +
      formatDuration(statisticsOf(duration).median),
    color: entries[i]!.color,
    textColor: style.ink,
  }));
}

const mostInCaption = 8;

/** The numbers of each series, for the caption. */
export function seriesWords(durations: Durations): string[] {
  if (!durations.series) return [];
  const parts = bySeries(durations);
  const words = parts.slice(0, mostInCaption).map(({ name, duration }) => {
    const { count, median, percentile95, maximum } = statisticsOf(duration);
    return `${cutText(name, style.textSize, 120)}: ` +
      (count === 0
        ? "no spans"
        : `${counted(count, "span")}, median ${formatDuration(median)}, ` +
          `95 % ${formatDuration(percentile95)}, ` +
          `maximum ${formatDuration(maximum)}`);
  });
  const more = parts.length - words.length;
  return [
    words.join("; ") +
    (more ? `; and ${counted(more, "more series", "more series")}.` : "."),
  ];
}
