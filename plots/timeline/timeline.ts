// @ts-types="npm:@types/d3-array@3.2.2"
import { max, sum } from "d3-array";
import { checkOptions } from "../../display/text/mistakes.ts";
import type { TimeAxisOptions } from "../axes/time_axis.ts";
import { formatDuration, formatShare } from "../axes/units.ts";
import {
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
  type FacetData,
  helperOptionNames,
  type HelperOptions,
} from "../chart/chart_kind.ts";
import { colorScale, colorsFor, legendOfNames } from "../chart/colors.ts";
import { givenDomain } from "../drawing/merge.ts";
import { cutText, style } from "../drawing/style.ts";
import type { Rows } from "../rows/channels.ts";
import { isOther } from "../rows/series.ts";
import { inKnownOrder } from "../rows/state_order.ts";
import {
  lineColumns,
  phaseSeconds,
  phasesOfNames,
  readPhases,
  type ReadPhasesOptions,
} from "./phases.ts";
import {
  legendOfRaster,
  type LineOrder,
  linesPanel,
  type TimelineLines,
  timelineLines,
} from "./timeline_lines.ts";

/** Options of {@linkcode timeline}. */
export interface TimelineOptions
  extends ReadPhasesOptions, Pick<TimeAxisOptions, "clock">, HelperOptions {
  /**
   * Order of the lines from the top: by first start (the default), by name,
   * with 2 before 10, or as in the rows.
   */
  order?: LineOrder | undefined;
  /** Singular noun for a line, in place of its column's name. */
  of?: string | undefined;
  /** Maximum number of phases with their own colour. 14 by default. */
  maxPhases?: number | undefined;
}

/**
 * Draws a line for each entity with its phases as bars: tasks and their states,
 * workers and their tasks, blocks. Takes one row per phase with the line, its
 * start and end in seconds, and the name of the phase, in columns of these
 * names (or "row", "task", "worker", and "state"), or else in the first four.
 * Also takes one row per change of state (the span, the time, the state), as
 * from `statesOverTime()`, which {@linkcode phasesOf} turns into phases.
 *
 * A phase without an end is drawn to the end of the data, with an arrow, and
 * counted. Overlapping phases of a line are in lanes. If there are more lines
 * than pixels, a row of pixels stands for several, and each cell has the colour
 * of the phase with the most time in it; rare phases, such as a few failures,
 * are always drawn.
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
 * assert.match(chart.caption, /^2 tasks in 5 s; share of the time: pending 67%/);
 * assert.match(chart.caption, /1 phase has no end/);
 * ```
 *
 * @throws {TypeError} if the rows are not iterable, or lack a named column.
 */
export function timeline(rows: Rows, options: TimelineOptions = {}): Chart {
  checkOptions("timeline", options, {
    line: true,
    start: true,
    end: true,
    phase: true,
    order: true,
    of: true,
    maxPhases: true,
    clock: true,
    ...phasesOfNames,
    ...helperOptionNames,
  });
  const { order = "start" } = options;
  return chartOf(rows, options, {
    height: 360,
    // Each run is a line, if nothing else is.
    ownsRuns: (names) =>
      options.line === undefined && names[0] === "run" &&
      !lineColumns.some((name) => names.includes(name)),
    read: (rows) => timelineLines(readPhases(rows, options), options),
    derive(all) {
      const rows = max(all, ({ rows }) => rows)!;
      const maxHeight = all.length > 1 ? 300 : 460;
      const height = 68 + Math.min(maxHeight, Math.max(40, rows * rowHeight));
      const nouns = all.map(({ lineName, noun }) =>
        options.of ?? nounOf(lineName, noun)
      );
      const facets = all.map((lines, i): FacetData => {
        const noun = nouns[i]!;
        const label = cutText(noun, style.textSize, 300) + byOrder[order];
        return {
          extent: lines.length ? { x: lines.domain, isTime: true } : undefined,
          height,
          draw(sized) {
            const { panel, caption, ...drawn } = linesPanel(lines, sized, {
              noun,
              label,
              maxBars: Math.floor(maxBars / all.length),
              maxTips: 2000,
            });
            const numbers = captionOf(lines, noun, givenDomain(options.x));
            return {
              panels: [[panel]],
              caption: sentences(numbers, caption),
              ...legendOfRaster(drawn, names, color, all.length),
            };
          },
        };
      });
      const names = phasesInOrder(all);
      // Phases that have no name are in one colour.
      const colors = colorsFor(names).set("", style.accent);
      const color = colorScale(names, options, colors);
      return {
        facets,
        title: `When was each ${nouns[0]!} in which state?`,
        color,
        legend: names.some((name) => name !== "")
          ? legendOfNames(names, color)
          : undefined,
      };
    },
  });
}

// However many facets there are: a chart stays under 300 kB.
const maxBars = 9000;
const rowHeight = 16;

const byOrder = { start: ", by first start", name: ", by name", given: "" };

/** The name of a line by its column; "root_id" is what the rows are about. */
function nounOf(column = "line", ofRows = "span"): string {
  const noun = column.replace(/_id$/, "");
  return ["root", "span", "id", ""].includes(noun) ? ofRows : noun;
}

/** Phases in the order in which spans go through them; "other" comes last. */
function phasesInOrder(all: readonly TimelineLines[]): string[] {
  const first = new Map<string, number>();
  for (const { domain, phase, phases, start } of all) {
    phases.forEach((name) => first.set(name, first.get(name) ?? Infinity));
    start.forEach((time, i) => {
      const name = phases[phase[i]!]!;
      const since = time - domain[0];
      if (since < first.get(name)!) first.set(name, since);
    });
  }
  const names = [...first.keys()].sort((a, b) =>
    Number(isOther(a)) - Number(isOther(b)) || first.get(a)! - first.get(b)!
  );
  return inKnownOrder([...names.keys()], names).map((n) => names[n]!);
}

function captionOf(
  lines: TimelineLines,
  noun: string,
  asked: readonly [number, number] | undefined,
): string[] {
  const { length, domain, start, end, withoutTime } = lines;
  if (length === 0) return ["No phases.", ...rowsWithoutTime(withoutTime)];
  const took = formatDuration(domain[1] - domain[0]);
  const outside = asked
    ? start.filter((from, i) => from > asked[1] || end[i]! < asked[0]).length
    : 0;
  return [
    `${counted(lines.order.length, named(noun), named(plural(noun)))} in ` +
    `${took}${timeShares(lines)}.`,
    ...notes(
      [outside, "phase", "is off the axis"],
      [lines.withoutEnd, "phase", "has no end: drawn to the end of the data"],
      [lines.negative, "phase", "ends before the start"],
      [lines.overlapping, noun, "has overlapping phases, which lie in lanes"],
    ),
    ...rowsWithoutTime(withoutTime),
  ];
}

function timeShares(lines: TimelineLines): string {
  const seconds = phaseSeconds(lines);
  const total = sum(seconds);
  if (!(total > 0) || lines.phases.length < 2) return "";
  const most = lines.phases
    .map((name, p) => ({ name, share: seconds[p]! / total }))
    .filter(({ share }) => share >= 0.005)
    .sort((a, b) => b.share - a.share).slice(0, 5)
    .map(({ name, share }) => `${named(name)} ${formatShare(share)}`);
  return `; share of the time: ${most.join(", ")}`;
}
