// @ts-types="npm:@types/d3-array@3.2.2"
import { sum } from "d3-array";
import type { OptionNames } from "../../display/text/mistakes.ts";
import { formatDuration } from "../axes/units.ts";
import {
  count,
  counted,
  named,
  notes,
  plural,
  rowsWithoutTime,
  sentences,
} from "../chart/captions.ts";
import type { Chart } from "../chart/chart.ts";
import {
  chartOf,
  type Drawing,
  type DrawOptions,
  type FacetData,
  helperOptionNames,
  type HelperOptions,
} from "../chart/chart_kind.ts";
import { withSeriesOfRuns } from "../chart/facets.ts";
import { legendOfNames, seriesScale } from "../chart/colors.ts";
import type { Panel } from "../chart/plot_types.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { givenDomain } from "../drawing/merge.ts";
import { cutText, style, textWidth } from "../drawing/style.ts";
import type { Rows } from "../rows/channels.ts";
import { alignSeries } from "../rows/series.ts";
import {
  type DurationScaleOptions,
  type LogRange,
  logRangeIfNeeded,
} from "./duration_scale.ts";
import {
  bySeries,
  durationChannelNames,
  type DurationChannels,
  type Durations,
  durationsOf,
  partsOf,
} from "./durations.ts";
import { type Statistics, statisticsOf } from "./statistics.ts";

/** Options of every chart of durations. */
export interface DurationOptions
  extends DurationChannels, DurationScaleOptions, HelperOptions {
  /** Name of the first event, in place of the name of its column. */
  from?: string | undefined;
  /** Name of the second event, in place of the name of its column. */
  to?: string | undefined;
}

export const durationOptionNames: OptionNames<DurationOptions> = {
  ...durationChannelNames,
  from: true,
  to: true,
  log: true,
  ...helperOptionNames,
};

/** Data of one facet that every chart of durations shows. */
export interface DurationData {
  durations: Durations;
  statistics: Statistics;
  /** Empty, if the rows have no series. */
  series: readonly {
    name: string;
    color: string;
    duration: Float64Array;
    statistics: Statistics;
  }[];
  /** Range of all facets, if the axis is logarithmic. */
  range: LogRange | undefined;
  /** Share of the chart that this facet has, which limits its marks. */
  part: number;
  /** Width of the chart in pixels, which limits its bins. */
  width: number;
  /** Label of an axis of this many pixels. */
  label: (pixels: number) => string;
  caption: string;
}

/** A kind of chart of durations; another chart may show its view too. */
export interface DurationKind<Options, Drawn = Panel> {
  height: number;
  /** The axis of the durations. */
  axis: "x" | "y";
  /** Whether rows of all series are drawn as one. */
  ignoresSeries?: boolean;
  /** Shape of the series in the legend; they have no legend without. */
  seriesShape?: LegendEntry["shape"];
  /** Computes what each facet shows. */
  derive(
    all: readonly DurationData[],
    options: Options,
  ): {
    /** One per facet; its caption is that of the durations if it has none. */
    facets: readonly (Omit<FacetData, "draw"> & {
      draw(options: DrawOptions): Drawn;
    })[];
    /** Legend of a chart without series. */
    legend?: LegendEntry[] | undefined;
  };
}

/** Makes a chart of durations. */
export function durationChart<Options extends DurationOptions>(
  given: Rows | Durations,
  asked: Options,
  kind: DurationKind<Options, Panel | Drawing>,
): Chart {
  const { height, axis, ignoresSeries = false, seriesShape } = kind;
  const { rows, options } = ignoresSeries
    ? { rows: given as Rows, options: asked }
    : withSeriesOfRuns(given as Rows, asked);
  return chartOf(rows, options, {
    height,
    read(rows) {
      const { start, end, duration, series } = options;
      const durations = durationsOf(rows, { start, end, duration, series });
      return ignoresSeries ? { ...durations, series: undefined } : durations;
    },
    derive(sets, width) {
      const color = seriesScale(
        sets.map(({ series }) => ({ series: series?.names })),
        options,
      );
      const range = logRangeIfNeeded(
        sets.flatMap((set) => partsOf(set).map(({ duration }) => duration)),
        options.log,
        { asked: givenDomain(options[axis]) },
      );
      const { startName, endName } = sets[0]!;
      const { from = startName, to = endName } = options;
      const long = from && to && `duration from ${from} to ${to}`;
      const all = sets.map((set): DurationData => {
        const durations = aligned(set, options.alignStart);
        const data = {
          durations,
          statistics: statisticsOf(durations.duration),
          series: (durations.series ? bySeries(durations) : []).map((own) => ({
            ...own,
            name: own.name!,
            color: color!.range[color!.domain.indexOf(own.name!)]!,
            statistics: statisticsOf(own.duration),
          })),
          range,
          part: 1 / sets.length,
          width,
          // The unit and the arrow follow it.
          label: (pixels: number) =>
            long && textWidth(long, style.textSize) <=
                pixels - 6 * style.textSize
              ? long
              : "duration",
        };
        const caption = captionOf(data, givenDomain(options[axis]), from, to);
        return { ...data, caption };
      });
      const { facets, legend } = kind.derive(all, {
        ...options,
        log: range !== undefined,
      });
      return {
        facets: facets.map((facet, i) => ({
          caption: all[i]!.caption,
          ...facet,
        })),
        title: questionOf(plural(sets[0]!.noun), from, to),
        color: color ?? options.color,
        legend: color && seriesShape
          ? legendOfNames(color.domain.filter(Boolean), color, seriesShape)
          : legend,
      };
    },
  });
}

// What spans do between two events, in words.
const activities: Record<string, string> = {
  "launched started": "wait for a worker",
  "launched running": "wait for a worker",
  "launched worker_received_task": "wait for a worker",
  "started ended": "run",
  "running running_ended": "run",
  "worker_received_task worker_completed_task": "run",
};

/** The question that the durations answer. */
function questionOf(nouns: string, from?: string, to?: string): string {
  if (!from || !to || from === "start" && to === "end") {
    return `How long did ${nouns} take?`;
  }
  const activity = activities[`${from} ${to}`] ?? "take";
  return `How long did ${nouns} ${activity}, from ${from} to ${to}?`;
}

function aligned(
  durations: Durations,
  alignStart: boolean | undefined,
): Durations {
  if (!durations.series) return durations;
  const { owners } = durations.series;
  const parts = partsOf(durations);
  const rows = sum(parts, ({ length }) => length);
  // Shifts a copy: the rows may be the user's own.
  const [start, own] = [new Float64Array(rows), new Int32Array(rows)];
  let first = 0;
  const starts = parts.map((part) => {
    start.set(part.start, first);
    own.set(part.series!.own, first);
    return start.subarray(first, first += part.length);
  });
  if (!alignSeries(start, { own, owners }, alignStart)) return durations;
  const { known } = durations;
  return {
    ...durations,
    start: starts[0]!,
    ...known && { known: { ...known, start: starts[1]! } },
    aligned: true,
  };
}

// Of more, tips and the axis tell.
const maxSeriesInCaption = 4;

/**
 * The numbers below a chart of durations, and which rows are not in it. `asked`
 * is the user's own domain of durations, the names are those of the events.
 */
function captionOf(
  { durations, statistics, series, range }: Omit<DurationData, "caption">,
  asked: [number, number] | undefined,
  startName: string | undefined,
  endName: string | undefined,
): string {
  const { duration, withoutTime, negative, noun } = durations;
  const left = series.length - maxSeriesInCaption;
  // The strip beside a logarithmic axis from 0 shows zero and negative ones.
  const [from, to] = asked ?? [-Infinity, Infinity];
  const low = range && from <= 0 ? -Infinity : from;
  const outside = asked
    ? duration.filter((value) => value < low || value > to).length
    : 0;
  const ofSeries = series.slice(0, maxSeriesInCaption).map((own) =>
    `${cutText(own.name, style.textSize, 120)}: ` +
    (statisticsText(own.statistics, ", ", noun) || `no ${plural(noun)}`)
  );
  if (left > 0) {
    ofSeries.push(`and ${counted(left, "more series", "more series")}`);
  }
  const mean = `: mean ${formatDuration(statistics.mean)}, `;
  return sentences(
    (statisticsText(statistics, mean, noun) || "No rows with both times") + ".",
    statistics.count > 0 && series.length > 1 && `${ofSeries.join("; ")}.`,
    unfinishedText(durations, endName),
    rowsWithoutTime(withoutTime, noun),
    notes(
      [
        negative,
        "duration",
        "is negative" +
        (startName && endName ? `: ${endName} before ${startName}` : ""),
      ],
      [outside, "duration", "is off the axis"],
    ),
  );
}

/** The sentences about spans that had not ended, if there are any. */
export const unfinishedText = (
  { length, unfinished, known, noun }:
    & Pick<Durations, "length" | "unfinished" | "noun">
    & { known?: unknown },
  endName: string | undefined,
): string[] =>
  unfinished === 0 ? [] : [
    `${count(unfinished)} of ${counted(length + unfinished, noun)} had not ` +
    (endName === undefined || endName === "end"
      ? "ended"
      : `reached ${named(endName)}`) +
    `${known ? "; they are hollow, up to the last moment known" : ""}.`,
  ];

/** The number of spans and their quantiles; "" without spans. */
const statisticsText = (
  { count, median, percentile95, maximum }: Statistics,
  joint: string,
  noun: string,
) =>
  count === 0
    ? ""
    : `${counted(count, noun)}${joint}median ${formatDuration(median)}, ` +
      `95% within ${formatDuration(percentile95)}, ` +
      `maximum ${formatDuration(maximum)}`;
