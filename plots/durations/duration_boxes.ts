// Over 300 lines: one chart, from its rows to its marks and caption.

// @ts-types="npm:@types/d3-array@3.2.2"
import { max, sum } from "d3-array";
import { checkOptions } from "../../display/text/mistakes.ts";
import { linesAxis } from "../axes/name_axes.ts";
import { formatDuration, formatShare } from "../axes/units.ts";
import {
  count,
  counted,
  named,
  plural,
  rowsWithoutTime,
  sentences,
} from "../chart/captions.ts";
import type { Chart } from "../chart/chart.ts";
import {
  chartOf,
  type DrawOptions,
  helperOptionNames,
  type HelperOptions,
} from "../chart/chart_kind.ts";
import type { Domain } from "../chart/facets.ts";
import { noRows } from "../chart/frame.ts";
import type { Markish, Panel, Tip } from "../chart/plot_types.ts";
import { compactSteps } from "../drawing/compact.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { givenDomain } from "../drawing/merge.ts";
import { Plot } from "../drawing/plot.ts";
import { style, textWidth } from "../drawing/style.ts";
import type { Rows } from "../rows/channels.ts";
import { fittingBins } from "../rows/fitting_bins.ts";
import { evenGrid, extentOf, logGrid } from "../rows/grid.ts";
import { largest } from "../rows/series.ts";
import { unfinishedText } from "./duration_chart.ts";
import {
  type BoxChannels,
  type DurationGroup,
  type DurationGroups,
  readDurationGroups,
} from "./duration_groups.ts";
import { quantileColors, quantileLegend } from "./duration_plots.ts";
import {
  durationFrame,
  type DurationScale,
  type DurationScaleOptions,
  type LogRange,
  logRangeIfNeeded,
} from "./duration_scale.ts";
import {
  type Statistics,
  statisticsOf,
  typicalDurations,
} from "./statistics.ts";

/** Options of {@linkcode durationBoxes}. */
export interface DurationBoxesOptions
  extends BoxChannels, DurationScaleOptions, HelperOptions {
  /** Maximum number of groups, at most 200. By default 60. */
  max?: number | undefined;
}

/**
 * Draws how long each group takes, such as each app, host or worker: a box from
 * the 25th to the 75th percentile, the median, and a line from the 5th to the
 * 95th, over the single durations or, if they are many, their density. The group
 * with the largest median is at the top; the number of rows is on the right.
 *
 * Takes a row per duration, such as `attempts(db)` and, with names in `by`, the
 * rows of `timesBetween`. The groups with the largest totals are drawn. Rows
 * that had not ended are hollow dots, or only counted; no box counts them.
 *
 * @example
 * ```ts
 * import { durationBoxes } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = durationBoxes([
 *   { app: "sleep", seconds: 2 },
 *   { app: "sleep", seconds: 3 },
 *   { app: "burn", seconds: 60 },
 * ]);
 * assert.match(chart.caption, /^3 spans of 2 apps: burn took 92% of 65 s/);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 * @throws {RangeError} if `max` is not a number from 1 to 200.
 */
export function durationBoxes(
  rows: Rows,
  options: DurationBoxesOptions = {},
): Chart {
  checkOptions("durationBoxes", options, {
    by: true,
    duration: true,
    start: true,
    end: true,
    unfinished: true,
    log: true,
    max: true,
    ...helperOptionNames,
  });
  const { max: maxGroups = 60 } = options;
  if (!(maxGroups >= 1 && maxGroups <= 200)) {
    throw new RangeError(`max must be from 1 to 200, not ${maxGroups}`);
  }
  return chartOf(rows, options, {
    height: 200,
    read: (rows) => readDurationGroups(rows, options),
    derive(all, width) {
      const fewer = Math.max(3, Math.floor(maxGroups / all.length));
      const kept = all.map(({ groups }) => boxesOf(groups, fewer));
      const parts = kept.flat().flatMap(({ durations, known }) => [
        durations,
        known,
      ]);
      const range = logRangeIfNeeded(parts, options.log, {
        asked: givenDomain(options.x),
        typical: kept.flat().map(({ statistics }) =>
          typicalDurations(statistics)
        ),
      });
      const ends = extentOf(Float64Array.from(parts.flatMap(extentOf)));
      const domain: Domain = ends[0] > ends[1]
        ? [0, 1]
        : range
        ? [range.min, range.max]
        : [Math.min(0, ends[0]), ends[1] || 1];
      const most = max(kept, ({ length }) => length) || 1;
      const rowHeight = most <= 20 ? 28 : most <= 60 ? 19 : 14;
      const { label, rowNoun } = all[0]!;
      const drawn = sum(kept.flat(), ({ durations }) => durations.length);
      return {
        title: `How long did ${plural(rowNoun)} take${
          label ? `, by ${label}` : ""
        }?`,
        legend: drawn ? legendOf(drawn > maxDots, rowNoun) : undefined,
        facets: all.map((groups, i) => {
          const boxes = kept[i]!;
          const shapes = drawn <= maxDots
            ? undefined
            : densities(boxes, { domain, range, width }, {
              max: Math.floor(maxCells / kept.flat().length),
            });
          return {
            caption: captionOf(groups, boxes),
            height: 68 + Math.max(1, boxes.length) * rowHeight,
            extent: range ? {} : { x: domain },
            draw: (sized) =>
              drawBoxes(groups, boxes, shapes, { ...sized, domain, range }),
          };
        }),
      };
    },
  });
}

// In the whole chart.
const maxDots = 1500;
const maxCells = 8000;
// Of a group.
const maxKnown = 25;

const legendOf = (hasDensity: boolean, noun: string): LegendEntry[] => [
  ...quantileLegend.slice(0, 2),
  ...hasDensity
    ? [
      {
        label: "5 to 95% (thin)",
        color: quantileColors.median,
        shape: "line",
      } as const,
      { label: "density", color: quantileColors.wide },
    ]
    : [
      quantileLegend[2]!,
      {
        label: `each ${noun}`,
        color: quantileColors.row,
        shape: "dot",
      } as const,
    ],
];

/** A group that is drawn. */
interface Box extends DurationGroup {
  /** Its place among all groups. */
  place: number;
  statistics: Statistics;
}

/** The groups with the largest totals, the largest median first. */
function boxesOf(groups: readonly DurationGroup[], max: number): Box[] {
  const totals = groups.map(({ durations }) => sum(durations));
  return largest(totals, max)
    .map((place): Box => ({
      ...groups[place]!,
      place,
      statistics: statisticsOf(groups[place]!.durations),
    }))
    .sort((a, b) =>
      (b.statistics.median || 0) - (a.statistics.median || 0) ||
      b.durations.length - a.durations.length
    );
}

/** A part of the outline of a group's density; `height` is from 0 to 1. */
interface DensityStep {
  x1: number;
  x2: number;
  row: number;
  height: number;
}

function densities(
  boxes: readonly Box[],
  { domain, range, width }: {
    domain: Domain;
    range: LogRange | undefined;
    width: number;
  },
  limits: { max: number },
): DensityStep[] {
  const ends = Float64Array.from(domain);
  const rows = max(boxes, ({ durations }) => durations.length) ?? 0;
  const columns = Math.min(limits.max, fittingBins(rows, width));
  const grid = (range ? logGrid : evenGrid)(ends, columns);
  return boxes.flatMap(({ durations }, row) => {
    const counts = new Uint32Array(grid.count);
    for (const value of durations) {
      if (!range || value > 0) counts[Math.max(0, grid.place(value))]!++;
    }
    const most = max(counts) || 1;
    return Array.from(counts, (count, i): DensityStep => {
      const [x1, x2] = grid.range(i);
      // The square root keeps a few slow ones visible.
      return { x1, x2, row, height: Math.sqrt(count / most) };
    }).filter(({ height }) => height > 0);
  });
}

function drawBoxes(
  { label, names, titles, noun, rowNoun }: DurationGroups,
  boxes: readonly Box[],
  shapes: readonly DensityStep[] | undefined,
  { domain, range, ...options }:
    & DrawOptions
    & { domain: Domain; range: LogRange | undefined },
): Panel {
  const counts = boxes.map(({ durations, unfinished }) =>
    count(durations.length) + (unfinished ? ` + ${count(unfinished)}` : "")
  );
  const widest = max(counts, (text) => textWidth(text, style.textSize)) ?? 0;
  return durationFrame(
    "x",
    {
      marginRight: Math.ceil(widest) + 16,
      ...options,
      y: undefined,
    },
    domain,
    range,
    (scale) => ({
      x: (_, pixels) => scale.axis({ pixels, label: "duration" }),
      y: (_, pixels) =>
        linesAxis(
          boxes.map(({ place }, row) => ({
            name: names[place]!,
            row,
            lanes: 1,
          })),
          {
            rows: boxes.length,
            pixels,
            label,
            maxWidth: options.width * 0.3,
          },
        ),
      grid: false,
      draw: ({ x, clip }) => ({
        marks: [
          Plot.ruleX(x.ticks as number[], {
            stroke: style.grid,
            strokeOpacity: 0.5,
          }),
          ...(shapes ? [densityMark(shapes, scale, clip)] : []),
          ...boxMarks(boxes, shapes !== undefined, scale, clip),
          ...knownMarks(boxes, scale, clip),
          Plot.text(counts, {
            x: (x.domain as Domain)[1],
            y: (_, row) => row + 0.5,
            text: (text) => text,
            textAnchor: "start",
            dx: 6,
          }),
        ],
      }),
      tips: () =>
        boxes.map((box, row) =>
          tipOf(box, titles[box.place]! || noun, rowNoun, row, scale)
        ),
      empty: boxes.length ? undefined : noRows,
    }),
  );
}

const densityMark = (
  shapes: readonly DensityStep[],
  { at }: DurationScale,
  clip: boolean,
): Markish =>
  Plot.rect(shapes, {
    x1: ({ x1 }) => at(x1),
    x2: ({ x2 }) => at(x2),
    y1: ({ row, height }) => row + 0.5 - 0.45 * height,
    y2: ({ row, height }) => row + 0.5 + 0.45 * height,
    fill: { value: shapes.map(() => quantileColors.wide), scale: null },
    clip,
    render: compactSteps,
  });

function boxMarks(
  boxes: readonly Box[],
  hasDensity: boolean,
  { at }: DurationScale,
  clip: boolean,
): Markish[] {
  const known = boxes.map(({ statistics }, row) => ({ row, ...statistics }))
    .filter(({ count }) => count > 0);
  const half = hasDensity ? 0.13 : 0.3;
  const dots = hasDensity
    ? []
    : boxes.flatMap(({ durations }, row) =>
      Array.from(durations, (value, i) => ({ value, y: row + spread(i) }))
    );
  return [
    Plot.ruleY(known, {
      x1: ({ percentile5 }) => at(percentile5),
      x2: ({ percentile95 }) => at(percentile95),
      y: ({ row }) => row + 0.5,
      stroke: hasDensity ? quantileColors.median : quantileColors.wide,
      strokeWidth: hasDensity ? 1 : 5,
      clip,
    }),
    Plot.rect(known, {
      x1: ({ percentile25 }) => at(percentile25),
      x2: ({ percentile75 }) => at(percentile75),
      y1: ({ row }) => row + 0.5 - half,
      y2: ({ row }) => row + 0.5 + half,
      fill: quantileColors.narrow,
      clip,
    }),
    Plot.dot(dots, {
      x: ({ value }) => at(value),
      y: "y",
      r: 1.6,
      fill: style.accent,
      fillOpacity: 0.55,
      clip,
    }),
    Plot.ruleX(known, {
      x: ({ median }) => at(median),
      y1: ({ row }) => row + 0.5 - half - 0.08,
      y2: ({ row }) => row + 0.5 + half + 0.08,
      stroke: quantileColors.median,
      strokeWidth: 2,
      clip,
    }),
  ];
}

/** Heights that keep neighbours apart: multiples of the golden ratio. */
const spread = (i: number): number => 0.22 + 0.56 * ((i * 0.618034) % 1);

/** Hollow dots for rows that had not ended; a sample, if there are many. */
function knownMarks(
  boxes: readonly Box[],
  { at }: DurationScale,
  clip: boolean,
): Markish[] {
  const all = boxes.flatMap(({ known }, row) => {
    const every = Math.ceil(known.length / maxKnown);
    return Array.from(known.filter((_, i) => i % every === 0), (value, i) => ({
      value,
      y: row + spread(i),
    }));
  });
  return [
    Plot.dot(all, {
      x: ({ value }) => at(value),
      y: "y",
      r: 2,
      fill: style.background,
      stroke: style.accent,
      clip,
    }),
  ];
}

function tipOf(
  { durations, unfinished, statistics }: Box,
  title: string,
  noun: string,
  row: number,
  { at, domain }: DurationScale,
): Tip {
  const { median, percentile5, percentile95, maximum, mean } = statistics;
  const text = [
    title,
    `${counted(durations.length, noun)}, ${formatDuration(sum(durations))}${
      durations.length > 1 ? " in total" : ""
    }`,
    ...durations.length > 1
      ? [
        `mean ${formatDuration(mean)}, median ${formatDuration(median)}`,
        `5 to 95%: ${formatDuration(percentile5)} to ` +
        formatDuration(percentile95),
        `maximum ${formatDuration(maximum)}`,
      ]
      : [],
    ...unfinished ? [`${count(unfinished)} had not ended`] : [],
  ].join("\n");
  const [x, x2] = durations.length
    ? [at(percentile5), at(percentile95)]
    : [domain[0], domain[0]];
  return { x, x2, y: row + 0.5, text };
}

function captionOf(
  { groups, names, titles, noun, rowNoun, withoutTime }: DurationGroups,
  boxes: readonly Box[],
): string {
  if (groups.length === 0) {
    return sentences("No rows with a duration.", rowsWithoutTime(withoutTime));
  }
  const length = sum(groups, ({ durations }) => durations.length);
  const unfinished = sum(groups, (group) => group.unfinished);
  const known = groups.some((group) => group.known.length);
  const totals = groups.map(({ durations }) => sum(durations));
  const total = sum(totals);
  const [first] = largest(totals, 1);
  const name = names[first!]!;
  const left = groups.length - boxes.length;
  return sentences(
    counted(length, rowNoun) +
      (groups.length > 1 ? ` of ${counted(groups.length, noun)}` : "") +
      (groups.length > 1 && total > 0
        ? `: ${named(/^\d+$/.test(name) ? titles[first!]! : name)} took ${
          formatShare(totals[first!]! / total)
        } of ${formatDuration(total)}.`
        : `, ${formatDuration(total)} in total.`),
    `On the right: the number of ${plural(rowNoun)}${
      unfinished ? " + those that had not ended" : ""
    }.`,
    left > 0 &&
      `The ${count(left)} ${plural(noun)} with the smallest totals are not ` +
        "drawn.",
    unfinishedText(
      { length, unfinished, known: known || undefined, noun: rowNoun },
      undefined,
    ),
    rowsWithoutTime(withoutTime, rowNoun),
  );
}
