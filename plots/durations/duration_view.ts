import { formatDuration } from "../axes/units.ts";
import type { Chart } from "../chart/chart.ts";
import {
  chartOf,
  type Derived,
  type Drawing,
  type FacetData,
  type HelperOptions,
  type Size,
} from "../chart/chart_kind.ts";
import { colorScale, legendOfNames, lineColorsFor } from "../chart/colors.ts";
import type { Domain } from "../chart/facets.ts";
import type { Panel } from "../chart/plot_types.ts";
import { counted, notes, rowsWithoutTime } from "../chart/captions.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { givenDomain } from "../drawing/merge.ts";
import { style } from "../drawing/style.ts";
import { cutText, textWidth } from "../drawing/text.ts";
import type { Rows } from "../rows/channels.ts";
import { alignSeries } from "../rows/series.ts";
import {
  type DurationScaleOptions,
  type LogRange,
  logRange,
} from "./duration_scale.ts";
import {
  bySeries,
  type DurationChannels,
  type Durations,
  durationsOf,
  type DurationsOfSeries,
} from "./durations.ts";
import { type Statistics, statisticsOf } from "./statistics.ts";

/** Names of the two events, in place of the names of their columns. */
export interface EventNames {
  /** The first event. */
  from?: string | undefined;
  /** The second event. */
  to?: string | undefined;
}

/** Options of every chart of durations. */
export interface DurationOptions
  extends DurationChannels, EventNames, DurationScaleOptions, HelperOptions {}

/** Data of one facet that every chart of durations shows. */
export interface DurationData extends FacetData {
  durations: Durations;
  statistics: Statistics;
  /** Empty, if the rows have no series. */
  series: readonly SeriesData[];
  /** Range of all facets, if the axis is logarithmic. */
  logRange: LogRange | undefined;
  /** Share of the chart that this facet has, which limits what it draws. */
  part: number;
  caption: string;
}

interface SeriesData extends DurationsOfSeries {
  color: string;
  statistics: Statistics;
}

/** How durations become a chart of one kind. */
export interface DurationView<
  Data extends DurationData,
  Options extends DurationOptions,
  Plots extends Panel | Drawing = Panel,
> {
  height: number;
  /** The axis of the durations. */
  axis: "x" | "y";
  /** Whether rows of all series are drawn as one. */
  ignoresSeries?: boolean;
  /** Shape of the series in the legend; they have no legend without. */
  seriesShape?: LegendEntry["shape"];
  /** Legend of a chart without series. */
  legend?: (
    facets: readonly Data[],
    options: Options,
  ) => LegendEntry[] | undefined;
  /** Computes what each facet shows. */
  derive(facets: readonly DurationData[], options: Options): Data[];
  /** The plot of one facet, or several. */
  plot(data: Data, options: Options & Size): Plots;
}

/** Makes a chart of durations. */
export function durationChart<
  Data extends DurationData,
  Options extends DurationOptions,
>(
  view: DurationView<Data, Options, Panel | Drawing>,
  rows: Rows | Durations,
  options: Options,
): Chart {
  return chartOf<Durations, Data, Options>(rows as Rows, options, {
    height: view.height,
    read(rows, options) {
      const durations = durationsOf(rows, options);
      return view.ignoresSeries
        ? { ...durations, series: undefined }
        : durations;
    },
    derive(sets, options) {
      const { facets: all, title, color } = deriveDurations(
        sets,
        options,
        givenDomain(options[view.axis]),
      );
      const facets = view.derive(all, options);
      const names = all.some(({ series }) => series.length)
        ? color?.domain as string[] ?? []
        : [];
      return {
        facets,
        title,
        color,
        legend: names.length && view.seriesShape
          ? legendOfNames(names, color, view.seriesShape)
          : view.legend?.(facets, options),
      };
    },
    draw: view.plot,
  });
}

/**
 * Derives what all charts of durations have in common. `asked` is the user's
 * own domain of durations.
 */
function deriveDurations(
  sets: readonly Durations[],
  options: DurationOptions,
  asked: Domain | undefined,
): Derived<DurationData> {
  const names = [...new Set(sets.flatMap(({ series }) => series?.names ?? []))];
  const scale = colorScale(names, options, lineColorsFor(names));
  const range = options.log ? logRange(sets) : undefined;
  const facets = sets.map((set): DurationData => {
    const durations = aligned(set, options.alignStart);
    const statistics = statisticsOf(durations.duration);
    const series = durations.series
      ? bySeries(durations).map((part) => ({
        ...part,
        color: scale.range[names.indexOf(part.name)]!,
        statistics: statisticsOf(part.duration),
      }))
      : [];
    return {
      durations,
      statistics,
      series,
      logRange: range,
      part: 1 / sets.length,
      caption: captionOf(durations, statistics, series, asked, range),
    };
  });
  const { startName, endName } = sets[0]!;
  const { from = startName, to = endName } = options;
  return {
    facets,
    title: from && to ? `${from} → ${to}` : "Durations",
    color: names.length ? scale : options.color,
  };
}

function aligned(
  durations: Durations,
  alignStart: boolean | undefined,
): Durations {
  if (!durations.series) return durations;
  // Shifts a copy: the rows may be the user's own.
  const start = durations.start.slice();
  const isAligned = alignSeries(start, durations.series, alignStart);
  return isAligned ? { ...durations, start, aligned: true } : durations;
}

const maxSeriesInCaption = 8;

/** The numbers below a chart of durations, and which rows are not in it. */
function captionOf(
  { duration, withoutTime, negative }: Durations,
  { count, mean, median, percentile95, maximum }: Statistics,
  series: readonly SeriesData[],
  asked: Domain | undefined,
  range: LogRange | undefined,
): string {
  const left = series.length - maxSeriesInCaption;
  const ofSeries = series.slice(0, maxSeriesInCaption).map(seriesCaption);
  // The strip beside a logarithmic axis from 0 shows zero and negative ones.
  const [from, to] = asked ?? [-Infinity, Infinity];
  const low = range && from <= 0 ? -Infinity : from;
  const outside = asked
    ? duration.filter((value) => value < low || value > to).length
    : 0;
  return [
    count === 0
      ? "No rows with both times."
      : `${counted(count, "span")}: mean ${formatDuration(mean)}, ` +
        `median ${formatDuration(median)}, ` +
        `95 % ${formatDuration(percentile95)}, ` +
        `maximum ${formatDuration(maximum)}.`,
    ...(series.length
      ? [
        ofSeries.join("; ") + (left > 0
          ? `; and ${counted(left, "more series", "more series")}.`
          : "."),
      ]
      : []),
    ...rowsWithoutTime(withoutTime),
    ...notes(
      [negative, "duration", "is negative", "are negative"],
      [outside, "duration", "is off the axis", "are off the axis"],
    ),
  ].join(" ");
}

function seriesCaption({ name, statistics }: SeriesData): string {
  const { count, median, percentile95, maximum } = statistics;
  return `${cutText(name, style.textSize, 120)}: ` +
    (count === 0
      ? "no spans"
      : `${counted(count, "span")}, median ${formatDuration(median)}, ` +
        `95 % ${formatDuration(percentile95)}, ` +
        `maximum ${formatDuration(maximum)}`);
}

/** Label of an axis of durations: "duration from launched to running". */
export function durationLabel(
  { startName, endName }: Durations,
  { from = startName, to = endName }: EventNames,
  pixels: number,
): string {
  if (!from || !to) return "duration";
  const label = `duration from ${from} to ${to}`;
  // The unit and the arrow follow it.
  const room = pixels - 6 * style.textSize;
  return textWidth(label, style.textSize) <= room ? label : "duration";
}
