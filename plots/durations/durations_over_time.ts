import { checkOptions } from "../../display/text/mistakes.ts";
import { plural } from "../chart/captions.ts";
import type { Chart } from "../chart/chart.ts";
import { scaledNames } from "../chart/colors.ts";
import {
  cellMark,
  densityLevels,
  levelsLegend,
} from "../chart/count_levels.ts";
import type { Markish, Tip } from "../chart/plot_types.ts";
import { formatDuration } from "../axes/units.ts";
import { Plot } from "../drawing/plot.ts";
import { style } from "../drawing/style.ts";
import type { Rows } from "../rows/channels.ts";
import { extentOf, type GridCell } from "../rows/grid.ts";
import {
  durationChart,
  type DurationData,
  type DurationKind,
  durationOptionNames,
} from "./duration_chart.ts";
import { durationCells } from "./duration_heatmap.ts";
import {
  cellTips,
  type DurationTimeOptions,
  timeFacet,
} from "./duration_plots.ts";
import type { DurationScale } from "./duration_scale.ts";
import {
  durationChannelNames,
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./durations.ts";

/**
 * Draws durations against their start: a dot per row, or a raster of counts if
 * there are too many rows for dots. With `series`, dots have the colour of
 * their series; a cell of the raster has that of the series with the largest
 * share of its rows there.
 *
 * @example
 * ```ts
 * import { durationsOverTime } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const rows = [{ launched: 0, running: 0.5 }, { launched: 1, running: 3 }];
 * const chart = durationsOverTime(rows);
 * assert.equal(chart.svg.match(/<circle/g)?.length, 2);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function durationsOverTime(
  rows: Rows | Durations,
  options: DurationTimeOptions = {},
): Chart {
  checkOptions("durationsOverTime", options, {
    ...durationOptionNames,
    clock: true,
  });
  return durationChart(rows, options, overTime);
}

/** Durations over time. */
export const overTime: DurationKind<DurationTimeOptions> = {
  height: 280,
  axis: "y",
  seriesShape: "dot",
  derive(all, { log }) {
    const cells = all.map(({ durations, part }) =>
      cellsOf(durations, part, log)
    );
    const { noun } = all[0]!.durations;
    const note =
      `Too many ${plural(noun)} for dots: a cell has the colour of ` +
      "the series with the largest share there.";
    return {
      facets: all.map((data, i) => ({
        legend: cells[i] && !data.durations.series
          ? levelsLegend(densityLevels, data.durations.noun, cells[i])
          : undefined,
        ...timeFacet(
          data,
          (clip, scale) => [
            ...timeMarks(data.durations, cells[i], clip, scale),
            ...knownMarks(data, clip, scale),
          ],
          { tips: (scale) => tipsOf(data.durations, cells[i], scale) },
        ),
        caption: data.caption +
          (cells[i] && data.durations.series ? ` ${note}` : ""),
      })),
    };
  },
};

/** A tip for each dot; of cells, those with the fewest rows come first. */
function tipsOf(
  { length, start, duration, series, noun, nameOf }: Durations,
  cells: readonly GridCell[] | undefined,
  scale: DurationScale,
): Tip[] {
  const [first] = extentOf(start);
  const after = (time: number) =>
    `${formatDuration(time - first)} after the first`;
  if (cells) return cellTips(cells, noun);
  return Array.from({ length }, (_, i) => {
    const name = nameOf?.(i);
    const own = series?.names[series.of[i]!];
    return {
      x: start[i]!,
      y: scale.at(duration[i]!),
      text: [
        name,
        own && !name?.includes(own) ? own : undefined,
        formatDuration(duration[i]!),
        after(start[i]!),
      ].filter(Boolean).join("\n"),
    };
  });
}

const maxDots = 2000;
const maxKnown = 500;

/** Hollow dots for spans that had not ended; a sample, if there are many. */
function knownMarks(
  { durations: { known }, part }: DurationData,
  clip: boolean,
  scale: DurationScale,
): Markish[] {
  if (!known) return [];
  const every = Math.ceil(known.length / (maxKnown * part));
  const shown = Array.from(known.start.keys()).filter((i) => i % every === 0);
  const { series } = known;
  return [
    Plot.dot(shown, {
      x: (i: number) => known.start[i],
      y: (i: number) => scale.at(known.duration[i]!),
      r: 2.5,
      fill: style.background,
      stroke: series
        ? scaledNames((i: number) => series.names[series.of[i]!])
        : style.accent,
      clip,
    }),
  ];
}

/** No more cells than a facet's part of the chart; none if there are dots. */
function cellsOf(durations: Durations, part: number, log: boolean | undefined) {
  if (durations.length <= maxDots * part) return undefined;
  // Larger cells of several colours overlap less.
  const [columns, lines] = durations.series ? [130, 65] : [200, 100];
  return durationCells(durations, {
    log,
    columns: Math.ceil(columns * Math.sqrt(part)),
    lines: Math.ceil(lines * Math.sqrt(part)),
  });
}

/**
 * Durations against time as marks for `Plot.plot`, both in seconds. Takes rows
 * as {@linkcode twoEvents} does, or the result of {@linkcode durationsOf};
 * series are on the color scale. `clip` cuts the marks at the frame.
 *
 * @example
 * ```ts
 * import { durationsOverTimeMarks, plot } from "dnpc/plots";
 * import * as Plot from "@observablehq/plot";
 * import assert from "node:assert/strict";
 *
 * const rows = [[0, 2], [1, 5]];
 * const chart = plot({
 *   y: { label: "duration (s)" },
 *   marks: [...durationsOverTimeMarks(rows), Plot.ruleX([3])],
 * });
 * assert.ok(chart.svg.includes("duration (s)"));
 * ```
 */
export function durationsOverTimeMarks(
  rows: Rows | Durations,
  options: DurationChannels & { clip?: boolean } = {},
): Markish[] {
  checkOptions("durationsOverTimeMarks", options, {
    ...durationChannelNames,
    clip: true,
  });
  const { clip = false, ...channels } = options;
  const durations = durationsOf(rows, channels);
  return timeMarks(durations, cellsOf(durations, 1, false), clip);
}

function timeMarks(
  { length, start, duration, series }: Durations,
  cells: readonly GridCell[] | undefined,
  clip: boolean,
  scale?: DurationScale,
): Markish[] {
  if (!cells) {
    return [
      Plot.dot({ length }, {
        x: start,
        y: scale?.log ? duration.map(scale.at) : duration,
        r: 2,
        fill: series
          ? scaledNames(Array.from(series.of, (s) => series.names[s]!))
          : style.accent,
        fillOpacity: 0.55,
        clip,
      }),
    ];
  }
  return [cellMark(cells, { clip, strip: scale?.strip })];
}
