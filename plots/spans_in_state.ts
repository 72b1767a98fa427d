import defer * as Plot from "@observablehq/plot";
import type { Markish, PlotOptions } from "./plot_types.ts";
import { countAxis, timeAxis, type TimeAxisOptions } from "./axes/axis.ts";
import type { Rows } from "./rows/channels.ts";
import {
  type Chart,
  type ChartOptions,
  defaultWidth,
  drawChart,
} from "./chart.ts";
import { compactSteps } from "./drawing/compact_steps.ts";
import { panelsWidth } from "./drawing/figure.ts";
import type { LegendEntry } from "./drawing/legend.ts";
import { givenDomain, marginFor, mergeOptions } from "./drawing/merge.ts";
import { style } from "./drawing/style.ts";
import { emptyMark } from "./drawing/empty_mark.ts";
import { colorsFor } from "./palette.ts";
import { stateChanges, type StateChannels } from "./transforms/state_changes.ts";
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
    ChartOptions {}

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
  const width = options.width ?? defaultWidth;
  const changes = stateChanges(rows, options);
  const counts = stateCounts(changes, {
    columns: columnsThatFit(changes.states.length, options),
    ...options,
  });
  return drawChart({
    width,
    title: options.title ?? "Spans in each state",
    subtitle: options.subtitle,
    caption: options.caption ?? captionOf(counts),
    legend: options.legend ?? legendOf(counts, options),
    rows: [[
      spansInStatePlot(counts, { ...options, width: panelsWidth(width) }),
    ]],
  });
}

/** The plot of {@linkcode spansInState}, as one panel of a figure. */
export function spansInStatePlot(
  counts: StateCounts,
  options: SpansInStateOptions,
): PlotOptions {
  const { width = defaultWidth, height = 360 } = options;
  const highest = counts.counts.reduce(
    (most, { y2 }) => Math.max(most, y2),
    counts.most,
  );
  const marginLeft = marginFor([Math.ceil(highest).toLocaleString("en-US")]);
  const marginRight = 20;
  return mergeOptions({
    width,
    height,
    marginLeft,
    marginRight,
    marginTop: 26,
    marginBottom: 42,
    x: timeAxis(givenDomain(options.x) ?? counts.domain, {
      pixels: width - marginLeft - marginRight,
      clock: options.clock,
    }),
    y: {
      ...countAxis(highest, { pixels: height, label: "spans in state" }),
      grid: true,
    },
    color: colorScale(counts, options),
    marks: [
      ...spansInStateMarks(counts, { clip: Boolean(givenDomain(options.x)) }),
      Plot.ruleY([0]),
      ...(counts.counts.length ? [] : [emptyMark()]),
    ],
  }, options);
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

function colorScale(
  { states }: StateCounts,
  { color }: SpansInStateOptions,
): { domain: string[]; range: string[] } {
  const colors = colorsFor(states);
  const own = { domain: states, range: states.map((s) => colors.get(s)!) };
  if (!Array.isArray(color?.domain) || !Array.isArray(color.range)) return own;
  color.domain.forEach((state, i) => {
    const color_ = (color.range as string[])[i];
    if (color_) colors.set(String(state), color_);
  });
  return { domain: states, range: states.map((s) => colors.get(s)!) };
}

// From the top of the stack to its bottom, as the areas lie.
function legendOf(
  counts: StateCounts,
  options: SpansInStateOptions,
): LegendEntry[] {
  const { domain, range } = colorScale(counts, options);
  const entries: LegendEntry[] = domain
    .map((label, i) => ({ label, color: range[i]! })).reverse();
  if (hidesPeaks(counts)) {
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
  if (withoutTime) {
    parts.push(`${counted(withoutTime, "row")} without a time left out.`);
  }
  return parts.join(" ");
}

const counted = (count: number, noun: string) =>
  `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;

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
