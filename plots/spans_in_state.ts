import defer * as Plot from "@observablehq/plot";
import type { Markish, Panel } from "./plot_types.ts";
import { countAxis } from "./axes/count_axis.ts";
import { timeAxis, type TimeAxisOptions } from "./axes/time_axis.ts";
import type { Rows } from "./rows/channels.ts";
import type { Chart } from "./chart.ts";
import { type ChartKind, chartOf, type HelperOptions } from "./chart_kind.ts";
import { compactSteps } from "./drawing/compact_steps.ts";
import type { LegendEntry } from "./drawing/legend.ts";
import { style } from "./drawing/style.ts";
import { noRows } from "./drawing/empty_mark.ts";
import { colorScale, legendOfNames } from "./colors.ts";
import { frame } from "./frame.ts";
import { counted, rowsWithoutTime } from "./words.ts";
import {
  stateChanges,
  type StateChannels,
} from "./transforms/state_changes.ts";
import {
  type StateCountOptions,
  type StateCounts,
  stateCounts,
} from "./transforms/state_counts.ts";
import { formatDuration } from "./axes/units.ts";

/** What {@linkcode spansInState} takes beside its rows. */
export interface SpansInStateOptions
  extends
    StateChannels,
    StateCountOptions,
    Pick<TimeAxisOptions, "clock">,
    HelperOptions {}

/**
 * How many spans are in each state over time, stacked. One row for each change
 * of state: the span, the time in seconds, the state that it enters; in the
 * first three columns, or in those that are named. Rows may come in any order;
 * those at equal times count in the order given. A state of null takes a span
 * out of the chart.
 *
 * A state has the same colour in every chart; `color: { domain, range }` gives
 * others.
 *
 * @example
 * ```ts
 * import { spansInState } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = spansInState([
 *   { task: 1, time: 0, state: "pending" },
 *   { task: 1, time: 2, state: "running" },
 *   { task: 1, time: 5, state: null },
 * ]);
 * assert.match(chart.caption, /^1 span in 2 states/);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function spansInState(
  rows: Rows,
  options: SpansInStateOptions = {},
): Chart {
  return chartOf(spansInStateKind, rows, options);
}

const spansInStateKind: ChartKind<StateCounts, SpansInStateOptions> = {
  height: 360,
  read(rows, options) {
    const changes = stateChanges(rows as Rows, options);
    return stateCounts(changes, {
      columns: columnsThatFit(changes.states.length, options),
      ...options,
    });
  },
  extent: (counts) =>
    counts.spans
      ? { x: counts.domain, y: [0, highestOf(counts)], isTime: true }
      : {},
  share: (counts, options) => ({
    ...options,
    color: colorScale(new Set(counts.flatMap(({ states }) => states)), options),
  }),
  plots: (counts, options) => [[spansInStatePlot(counts, options)]],
  title: () => "Spans in each state",
  caption: captionOf,
  legend: legendOf,
};

const highestOf = ({ counts, most }: StateCounts) =>
  counts.reduce((highest, { y2 }) => Math.max(highest, y2), most);

/** The plot of {@linkcode spansInState}, as one panel of a figure. */
export function spansInStatePlot(
  counts: StateCounts,
  options: SpansInStateOptions,
): Panel {
  return frame(options, {
    x: (asked, pixels) =>
      timeAxis(asked ?? counts.domain, { pixels, clock: options.clock }),
    y: (asked, pixels) =>
      countAxis(asked?.[1] ?? highestOf(counts), {
        pixels,
        label: "spans in state",
      }),
    zero: "y",
    draw: ({ clip }) => ({
      marks: spansInStateMarks(counts, { clip }),
    }),
    empty: counts.counts.length ? undefined : noRows,
  });
}

/**
 * Stacked counts of spans in states as marks for `Plot.plot`. Takes what
 * {@linkcode stateCounts} gives; the states are on the color scale. With
 * `clip`, what is beyond the frame is cut off.
 */
export function spansInStateMarks(
  stateCounts: StateCounts,
  { clip = false }: { clip?: boolean } = {},
): Markish[] {
  const { counts, peaks } = stateCounts;
  return [
    Plot.rect(counts, {
      x1: "time",
      x2: "until",
      y1: "y1",
      y2: "y2",
      fill: "state",
      clip,
      render: compactSteps,
    }),
    ...(hidesPeaks(stateCounts)
      ? [
        Plot.line(
          peaks.flatMap(({ time, until, count }) => [
            [time, count],
            [until, count],
          ]),
          { stroke: style.mutedInk, strokeWidth: 0.75, clip },
        ),
      ]
      : []),
  ];
}

// However many rows there are, a chart has at most so many areas times columns:
// that keeps it under 300 kB.
const mostSteps = 9000;

function columnsThatFit(
  states: number,
  { mostStates = 20 }: StateCountOptions,
): number {
  const areas = Math.min(states, mostStates + 1);
  return Math.max(50, Math.min(640, Math.floor(mostSteps / (areas || 1))));
}

// From the top of the stack to its bottom, as the areas lie.
function legendOf(
  counts: readonly StateCounts[],
  { color }: SpansInStateOptions,
): LegendEntry[] {
  const states = new Set(
    counts.flatMap(({ states }) => states.toReversed()),
  );
  const entries = legendOfNames(states, color);
  if (counts.some(hidesPeaks)) {
    entries.push({
      label: "most at one moment",
      color: style.mutedInk,
      shape: "line",
    });
  }
  return entries;
}

function captionOf(
  { states, spans, most, columnSeconds, withoutTime }: StateCounts,
): string {
  if (spans === 0 && withoutTime === 0) return "No rows.";
  const parts = [
    `${counted(spans, "span")} in ${counted(states.length, "state")}, ` +
    `at most ${most.toLocaleString("en-US")} at one moment.`,
  ];
  if (columnSeconds) {
    parts.push(
      `Counts are means over ${formatDuration(columnSeconds)} each.`,
    );
  }
  return [...parts, ...rowsWithoutTime(withoutTime)].join(" ");
}

/** Whether means hide that for a moment there were clearly more. */
function hidesPeaks({ counts, peaks }: StateCounts): boolean {
  const tops = new Map<number, number>();
  for (const { time, y2 } of counts) {
    tops.set(time, Math.max(tops.get(time) ?? 0, y2));
  }
  // The columns beside count too: else every steep slope would be a peak.
  const heights = peaks.map(({ time }) => tops.get(time) ?? 0);
  return peaks.some(({ count }, i) => {
    const top = Math.max(...heights.slice(Math.max(0, i - 1), i + 2));
    return count > top * 1.05 + 0.5;
  });
}
