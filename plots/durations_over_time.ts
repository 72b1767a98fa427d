import defer * as Plot from "@observablehq/plot";
import type { Markish, Panel } from "./plot_types.ts";
import { durationAxis } from "./axes/duration_axis.ts";
import { timeAxis, type TimeAxisOptions } from "./axes/time_axis.ts";
import type { Rows } from "./rows/channels.ts";
import { type Chart, defaultWidth } from "./chart.ts";
import { compactRects } from "./drawing/compact_rects.ts";
import type { LegendEntry } from "./drawing/legend.ts";
import { type ChartKind, chartOf, type HelperOptions } from "./chart_kind.ts";
import { noRows } from "./drawing/empty_mark.ts";
import { frame } from "./frame.ts";
import { durationOverTimeKind } from "./duration_kind.ts";
import { durationCells, extentOf } from "./transforms/duration_cells.ts";
import { durationLabel, type EventNames } from "./duration_words.ts";
import {
  type DurationChannels,
  type Durations,
  durationsOf,
} from "./transforms/durations.ts";

/** What {@linkcode durationsOverTime} takes beside its rows. */
export interface DurationsOverTimeOptions
  extends
    DurationChannels,
    EventNames,
    Pick<TimeAxisOptions, "clock">,
    HelperOptions {}

/**
 * How long it took, against when it started: a dot a row, and where there are
 * more rows than dots can show, a raster of how many.
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
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function durationsOverTime(
  rows: Rows | Durations,
  options: DurationsOverTimeOptions = {},
): Chart {
  return chartOf(durationsOverTimeKind, rows, options);
}

const durationsOverTimeKind: ChartKind<Durations, DurationsOverTimeOptions> = {
  ...durationOverTimeKind,
  height: 280,
  plots: (durations, options) => [[durationsOverTimePlot(durations, options)]],
  legend: durationsOverTimeLegend,
};

/** The plot of {@linkcode durationsOverTime}, as one panel of a figure. */
export function durationsOverTimePlot(
  durations: Durations,
  options: DurationsOverTimeOptions,
): Panel {
  return durationTimePlot(
    durations,
    options,
    (clip) => durationsOverTimeMarks(durations, { clip }),
  );
}

/** A plot of duration against time, of marks that read both in seconds. */
export function durationTimePlot(
  durations: Durations,
  options: DurationsOverTimeOptions,
  marks: (clip: boolean) => Markish[],
): Panel {
  const { width = defaultWidth } = options;
  const [shortest, longest] = extentOf(durations.duration);
  const [first, last] = extentOf(durations.start);
  const highest = longest > 0 ? longest : shortest < 0 ? 0 : 1;
  return frame(options, {
    x: (asked, pixels) =>
      timeAxis(asked ?? [first, last > first ? last : first + 1], {
        pixels,
        clock: options.clock,
      }),
    y: (asked, pixels) =>
      durationAxis(asked ?? [Math.min(0, shortest), highest], {
        pixels,
        label: durationLabel(durations, options, width),
      }),
    zero: "y",
    draw: ({ clip }) => ({ marks: marks(clip) }),
    empty: durations.length ? undefined : noRows,
  });
}

/**
 * Durations against time as marks for `Plot.plot`, both in seconds. Takes rows
 * as {@linkcode twoEvents} does, or what {@linkcode durationsOf} gives. With
 * `clip`, what is beyond the frame is cut off.
 */
export function durationsOverTimeMarks(
  rows: Rows | Durations,
  { clip = false, ...channels }: DurationChannels & { clip?: boolean } = {},
): Markish[] {
  const durations = durationsOf(rows, channels);
  const { length, start, duration } = durations;
  if (length <= mostDots) {
    return [
      Plot.dot({ length }, {
        x: start,
        y: duration,
        r: 2,
        fill: dotColor,
        fillOpacity: 0.55,
        clip,
      }),
    ];
  }
  const cells = durationCells(durations);
  return [
    Plot.rect(cells, {
      x1: "x1",
      x2: "x2",
      y1: "y1",
      y2: "y2",
      fill: {
        value: cells.map(({ count }) => levelOf(count).color),
        scale: null,
      },
      clip,
      render: compactRects,
    }),
  ];
}

/** What the colours of the raster stand for; nothing where there are dots. */
export function durationsOverTimeLegend(
  durations: readonly Durations[],
): LegendEntry[] | undefined {
  if (!durations.some(({ length }) => length > mostDots)) return undefined;
  return levels.map(({ color, from }, i) => {
    const next = levels[i + 1];
    const upTo = next ? `${from} to ${next.from - 1}` : `${from} and more`;
    return {
      label: next?.from === from + 1
        ? `${from} row a cell`
        : upTo.replace(/\d+/g, (digits) =>
          Number(digits).toLocaleString("en-US")),
      color,
    };
  });
}

const mostDots = 2000;
const dotColor = "#0072b2";

// Each level has three to ten times the rows of the one before it.
const levels = [
  { from: 1, color: "#93c3e4" },
  { from: 2, color: "#63a5d4" },
  { from: 10, color: "#3182bd" },
  { from: 100, color: "#135c96" },
  { from: 1000, color: "#08305a" },
] as const;

function levelOf(count: number) {
  return levels.findLast(({ from }) => count >= from) ?? levels[0];
}
