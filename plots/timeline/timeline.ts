import { linesAxis } from "../axes/lines_axis.ts";
import { timeAcross } from "../axes/time_across.ts";
import type { TimeAxisOptions } from "../axes/time_axis.ts";
import type { Rows } from "../rows/channels.ts";
import type { Chart } from "../chart/chart.ts";
import { chartOf, type HelperOptions } from "../chart/chart_kind.ts";
import type { OldChartKind, OldDrawing, Part } from "../chart/chart_kind.ts";
import { noRows } from "../drawing/empty_mark.ts";
import { style } from "../drawing/style.ts";
import { cutText } from "../drawing/text.ts";
import { colorScale, legendOfNames } from "../chart/colors.ts";
import { frame } from "../chart/frame.ts";
import { colorsFor } from "../chart/palette.ts";
import { timelineMarks } from "./timeline_marks.ts";
import {
  barWords,
  lineNoun,
  plural,
  rasterWords,
  timelineCaption,
} from "./timeline_words.ts";
import type { ReadPhasesOptions } from "./read_phases.ts";
import { readPhases } from "./read_phases.ts";
import { noBars, type TimelineBar, timelineBars } from "./timeline_bars.ts";
import {
  type LineOrder,
  type TimelineLines,
  timelineLines,
} from "./timeline_lines.ts";

/** What {@linkcode timeline} takes beside its rows. */
export interface TimelineOptions
  extends ReadPhasesOptions, Pick<TimeAxisOptions, "clock">, HelperOptions {
  /**
   * From the top: the line that starts first, as default; by name, where 2 comes
   * before 10; or as given in the rows.
   */
  order?: LineOrder | undefined;
  /** What a line is, in the singular, in place of its column's name. */
  of?: string | undefined;
  /** How many phases have colours of their own. 20 if not given. */
  mostPhases?: number | undefined;
}

/**
 * A line for each thing, its phases as bars: tasks and their states, workers and
 * their tasks, blocks. Takes a row for each phase: the line, the start and the
 * end in seconds, and which phase, in columns that are called so (or "row",
 * "task", "worker", and "state"), or else in the first four. Or a row for each
 * change of state (the span, the time, the state), as `statesOverTime()` gives
 * them: see {@linkcode phasesOf} for how these become phases.
 *
 * A phase without an end is drawn to the end of the data, with an arrow, and
 * counted. Phases of a line that are at one time lie in lanes. Where there are
 * more lines than pixels, a line of pixels stands for several, and a cell has the
 * colour of the phase that has the most time in it; but of what is rare, such as
 * few that failed, each is drawn.
 *
 * @example
 * ```ts
 * import { timeline } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const chart = timeline([
 *   { task: 1, start: 0, end: 2, phase: "pending" },
 *   { task: 1, start: 2, end: 5, phase: "running" },
 *   { task: 2, start: 1, end: null, phase: "pending" },
 * ]);
 * assert.match(chart.caption, /^2 tasks with 3 phases in 5 s/);
 * assert.match(chart.caption, /1 phase has no end/);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function timeline(rows: Rows, options: TimelineOptions = {}): Chart {
  return chartOf(timelineKind, rows, options);
}

const timelineKind: OldChartKind<TimelineLines, TimelineOptions> = {
  height: 360,
  read: (rows, options) =>
    timelineLines(readPhases(rows as Rows, options), options),
  extent: ({ domain, length }) => length ? { x: domain, isTime: true } : {},
  share(data, options) {
    const names = new Set(data.flatMap(({ phases }) => phases));
    const color = colorScale(names, options, colorsOfPhases(names));
    const height = options.height ?? heightOf(data);
    return { ...options, color, height };
  },
  plots: timelinePlot,
  title: (lines, options) => {
    const noun = plural(options.of ?? lineNoun(lines.lineName));
    return `${noun[0]!.toUpperCase()}${noun.slice(1)} over time`;
  },
  caption: timelineCaption,
  legend(data, { color }) {
    const names = new Set(data.flatMap(({ phases }) => phases));
    return [...names].some((name) => name !== "")
      ? legendOfNames(inOrder(data, names), color)
      : undefined;
  },
};

// However many facets there are.
const mostBars = 9000;

// Phases that have no name are in one colour.
function colorsOfPhases(names: Iterable<string>): Map<string, string> {
  return colorsFor(names).set("", "#0072b2");
}

/** The plot of {@linkcode timeline}, as one panel of a figure. */
function timelinePlot(
  lines: TimelineLines,
  options: TimelineOptions & Part,
): OldDrawing {
  const noun = options.of ?? lineNoun(lines.lineName);
  let drawn = noBars;
  const panel = frame(options, {
    x: timeAcross(lines.domain, options),
    y: (_, pixels) =>
      linesAxis(lines.order, {
        rows: lines.rows,
        pixels,
        label: labelOf(noun, options),
      }),
    grid: false,
    draw({ x, across, upright, clip }) {
      drawn = timelineBars(lines, {
        columns: across,
        pixels: upright,
        domain: x.domain as [number, number],
        most: Math.floor(mostBars * options.part),
      });
      return { marks: timelineMarks(lines, { drawn, clip, pixels: upright }) };
    },
    tips: () => tipsOf(lines, drawn.bars, noun),
    empty: lines.length ? undefined : noRows,
  });
  return { panels: [[panel]], words: rasterWords(lines, drawn, noun) };
}

const rowHeight = 16;
const aroundPlot = 68;

/** Lines have room for their names, while they are not too many. */
function heightOf(data: readonly TimelineLines[]): number {
  const most = data.length > 1 ? 300 : 460;
  const rows = data.reduce((most, { rows }) => Math.max(most, rows), 0);
  const each = aroundPlot + Math.min(most, Math.max(40, rows * rowHeight));
  return each * data.length;
}

function labelOf(noun: string, { order = "start" }: TimelineOptions): string {
  const by = { start: ", by first start", name: ", by name", given: "" };
  return cutText(noun, style.textSize, 300) + by[order];
}

// By when each first comes, so that they stand as spans go through them.
function inOrder(
  data: readonly TimelineLines[],
  names: ReadonlySet<string>,
): string[] {
  const first = new Map<string, number>();
  for (const { domain, phase, phases, start, length } of data) {
    const least = phases.map(() => Infinity);
    for (let i = 0; i < length; i++) {
      least[phase[i]!] = Math.min(least[phase[i]!]!, start[i]! - domain[0]);
    }
    phases.forEach((name, p) =>
      first.set(name, Math.min(first.get(name) ?? Infinity, least[p]!))
    );
  }
  const isOther = (name: string) => Number(/^other \(\d+\)$/.test(name));
  return [...names].sort((a, b) =>
    isOther(a) - isOther(b) || first.get(a)! - first.get(b)!
  );
}

const mostTips = 2000;

function tipsOf(
  lines: TimelineLines,
  bars: readonly TimelineBar[],
  noun: string,
) {
  return bars.toSorted((a, b) => b.x2 - b.x1 - (a.x2 - a.x1))
    .slice(0, mostTips)
    .map((bar) => ({
      x: bar.x1,
      x2: bar.x2,
      y: (bar.y1 + bar.y2) / 2,
      text: barWords(lines, bar, noun),
    }));
}
