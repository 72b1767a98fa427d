// Over 300 lines: the lines of timelines, from their phases to their plot.

// @ts-types="npm:@types/d3-array@3.2.2"
import { bisector, rollup, rollups, sum } from "d3-array";
import { linesAxis } from "../axes/name_axes.ts";
import { type TimeAxisOptions, timeAxisOver } from "../axes/time_axis.ts";
import { formatDuration } from "../axes/units.ts";
import { counted, named, plural, sentences } from "../chart/captions.ts";
import type { DrawOptions } from "../chart/chart_kind.ts";
import {
  type ColorScale,
  legendOfNames,
  scaledNames,
} from "../chart/colors.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { type Frame, frame, noRows } from "../chart/frame.ts";
import type { Markish, Panel, Tip } from "../chart/plot_types.ts";
import { compactBars } from "../drawing/compact.ts";
import { Plot } from "../drawing/plot.ts";
import { style } from "../drawing/style.ts";
import { compareNames, groupRows } from "../rows/row_order.ts";
import { foldPhases, type Phases } from "./phases.ts";

/** Order of the lines of a timeline. */
export type LineOrder = "start" | "name" | "given";

/** Phases whose lines are in order, each phase in a row of the picture. */
export interface TimelineLines extends Phases {
  /** The row of each phase, from the top: a line has one or several. */
  row: Uint32Array;
  /** Number of rows. */
  rows: number;
  /** The lines from the top, with their first row and number of rows. */
  order: { name: string; row: number; lanes: number }[];
  /** Number of lines with overlapping phases, which lie in lanes. */
  overlapping: number;
}

/**
 * Puts lines in order and phases in rows. A line with overlapping phases has as
 * many rows as it needs.
 */
export function timelineLines(
  given: Phases,
  { order: by = "start", maxPhases }: {
    order?: LineOrder | undefined;
    maxPhases?: number | undefined;
  } = {},
): TimelineLines {
  const phases = foldPhases(given, maxPhases);
  const { length, line, start, lines } = phases;
  const { lane, lanes } = lanesOfLines(phases, lines.length);
  const found: { l: number; start: number }[] = [];
  for (let i = 0; i < length; i++) {
    if (i === 0 || line[i] !== line[i - 1]) {
      found.push({ l: line[i]!, start: start[i]! });
    }
  }
  if (by === "start") found.sort((a, b) => a.start - b.start || a.l - b.l);
  if (by === "name") {
    found.sort((a, b) => compareNames(lines[a.l]!, lines[b.l]!));
  }
  let rows = 0;
  const top = new Uint32Array(lines.length);
  const order = found.map(({ l }) => {
    const row = top[l] = rows;
    rows += lanes[l]!;
    return { name: lines[l]!, row, lanes: lanes[l]! };
  });
  return {
    ...phases,
    row: line.map((l, i) => top[l]! + lane[i]!),
    rows,
    order,
    overlapping: order.filter(({ lanes }) => lanes > 1).length,
  };
}

/**
 * Puts the overlapping phases of each line in lanes: the lane of each phase, and
 * the number of lanes of each line.
 */
export function lanesOfLines(
  { length, line, start, end, domain }: Pick<
    Phases,
    "length" | "line" | "start" | "end" | "domain"
  >,
  lines: number,
): { lane: Uint32Array; lanes: number[] } {
  // Ignores overlaps too short to see: clocks and rounding differ.
  const slack = (domain[1] - domain[0]) * 1e-4;
  const lane = new Uint32Array(length);
  const lanes = Array<number>(lines).fill(1);
  for (let from = 0, to = 0; from < length; from = to) {
    while (to < length && line[to] === line[from]) to++;
    const own = lanesOf(
      start.subarray(from, to),
      end.subarray(from, to),
      slack,
    );
    lane.set(own.lane, from);
    lanes[line[from]!] = own.lanes;
  }
  return { lane, lanes };
}

/** Assigns each phase, in order of start, the lane that has been free longest. */
function lanesOf(start: Float64Array, end: Float64Array, slack: number) {
  const lane = new Int32Array(start.length);
  if (start.every((from, i) => i === 0 || from + slack >= end[i - 1]!)) {
    return { lane, lanes: 1 };
  }
  lane.fill(-1);
  const byEnd = [...end.keys()].sort((a, b) => end[a]! - end[b]! || a - b);
  const free: number[] = [];
  let [lanes, ended] = [0, 0];
  start.forEach((from, i) => {
    for (; ended < byEnd.length; ended++) {
      const other = byEnd[ended]!;
      if (lane[other]! < 0 || end[other]! > from + slack) break;
      free.push(lane[other]!);
    }
    lane[i] = free.shift() ?? lanes++;
  });
  return { lane, lanes };
}

/** A bar of a timeline. */
export interface TimelineBar {
  /** In seconds. */
  x1: number;
  /** In seconds. */
  x2: number;
  /** Its upper edge, in rows from the top. */
  y1: number;
  /** Its lower edge, in rows from the top. */
  y2: number;
  /** The phase, or the one with the most time in it. */
  phase: string;
  /** The place of the phase, if the bar is of a single one. */
  place?: number;
  /** Lower in cells of a raster that phases fill in part. 1 by default. */
  opacity?: number;
}

/**
 * The bars that a timeline draws: each phase, or a raster if there are too
 * many. A cell of the raster has the phase with the most time in it; a phase of
 * no length still fills a cell of its own, and a rare phase, such as a few that
 * failed, goes before the others.
 *
 * @param columns number of pixels along x
 * @param pixels number of pixels along y
 * @param asked.isShaded whether cells that phases fill in part are paler
 * @param asked.marked phases that have marks of their own over the cells, unless they
 * are more than a twentieth of all
 * @param asked.faint phases that fill only the cells without others
 */
export function timelineBars(
  lines: TimelineLines,
  columns: number,
  pixels: number,
  domain: readonly [number, number],
  max: number,
  { isShaded = false, marked, faint }: RasterOptions = {},
) {
  const { rows, length } = lines;
  if (
    rows <= pixels && length <= max && hasVisiblePhases(lines, domain, columns)
  ) {
    const bars = phaseBars(lines, domain);
    return { bars, rowsPerLine: 1 };
  }
  const counts = new Uint32Array(lines.phases.length);
  for (const p of lines.phase) counts[p]!++;
  const isFaint = lines.phases.map((name) => faint?.has(name) ?? false);
  const isRare = lines.phases.map((_, p) =>
    !isFaint[p] && counts[p]! <= 100 && counts[p]! * 50 <= length
  );
  const isMarked = lines.phases.map((name, p) =>
    !isRare[p] && counts[p]! * 20 <= length && (marked?.has(name) ?? false)
  );
  const marks = markBars(lines, domain, isMarked, { columns, pixels, max });
  for (let size = 1;; size = Math.ceil(size * 1.25)) {
    const cells = Math.max(1, Math.floor(columns / size));
    const rowsPerLine = Math.max(
      1,
      rows / Math.max(1, Math.floor(pixels / size)),
    );
    const bars = rasterBars(lines, domain, {
      columns: cells,
      rowsPerLine,
      isRare,
      isFaint,
      isShaded,
    });
    if (bars.length > max && size < 40) continue;
    return {
      /** In the order in which they are drawn. */
      bars: [...bars, ...marks],
      /** Number of rows in each line of pixels; 1, or 26.5. */
      rowsPerLine,
      /** Length of a cell in seconds, if cells stand in for phases. */
      cellSeconds: (domain[1] - domain[0]) / cells,
      /** Rare phases, all drawn so that no cell hides them. */
      rare: lines.phases.filter((_, p) => isRare[p] || isMarked[p]),
      /** Whether a cell is paler because phases fill it in part. */
      isPale: bars.some(({ opacity = 1 }) => opacity < 1),
    };
  }
}

type TimelineBars = ReturnType<typeof timelineBars>;

/**
 * Small marks at the ends of phases, one at a place: whole cells would look like
 * most of a picture of very many phases.
 */
function markBars(
  { length, end, phase, phases, row, rows }: TimelineLines,
  [low, high]: readonly [number, number],
  isMarked: readonly boolean[],
  { columns, pixels, max }: { columns: number; pixels: number; max: number },
): TimelineBar[] {
  if (!isMarked.some(Boolean)) return [];
  for (let size = 2;; size += 1) {
    const width = (high - low) / columns * size;
    const height = Math.max(1, rows / pixels * size);
    const across = Math.ceil(columns / size) + 1;
    const found = new Map<number, TimelineBar>();
    for (let i = 0; i < length; i++) {
      if (!isMarked[phase[i]!] || end[i]! < low || end[i]! > high) continue;
      const c = Math.floor((end[i]! - low) / width);
      const r = Math.floor(row[i]! / height);
      found.getOrInsertComputed(r * across + c, () => ({
        x1: low + c * width,
        x2: Math.min(high, low + (c + 1) * width),
        y1: r * height,
        y2: Math.min(rows, (r + 1) * height),
        phase: phases[phase[i]!]!,
      }));
    }
    if (found.size > max && size < 8) continue;
    return [...found.values()].sort((a, b) => a.y1 - b.y1 || a.x1 - b.x1);
  }
}

/** Whether phases that are widened to be seen would not hide the others. */
function hasVisiblePhases(
  { start, end, length, withoutEnd }: TimelineLines,
  [low, high]: readonly [number, number],
  columns: number,
): boolean {
  const pixel = (high - low) / columns;
  let [long, added] = [0, 0];
  for (let i = 0; i < length; i++) {
    if (end[i]! < low || start[i]! > high) continue;
    const took = Math.min(end[i]!, high) - Math.max(start[i]!, low);
    long += took;
    added += Math.max(0, pixel - took);
  }
  return length <= 200 || withoutEnd === length || added <= long * 0.08;
}

function phaseBars(
  { length, start, end, phase, phases, row }: TimelineLines,
  [low, high]: readonly [number, number],
): TimelineBar[] {
  const bars = Array.from({ length }, (_, i): TimelineBar => ({
    x1: Math.max(low, start[i]!),
    x2: Math.min(high, end[i]!),
    y1: row[i]!,
    y2: row[i]! + 1,
    phase: phases[phase[i]!]!,
    place: i,
  })).filter(({ x1, x2 }) => x1 <= x2);
  // Draw short phases over long ones where they touch.
  const time = rollup(
    bars,
    (own) => sum(own, ({ x1, x2 }) => x2 - x1),
    ({ phase }) => phase,
  );
  return bars.sort((a, b) => time.get(b.phase)! - time.get(a.phase)!);
}

// More than any phase that fills a cell.
const rareWeight = 1e6;
// Less than any phase that is to be seen.
const faintWeight = 1e-6;

function rasterBars(
  { start, end, phase, phases, row, rows, length }: TimelineLines,
  [low, high]: readonly [number, number],
  { columns, rowsPerLine, isRare, isFaint, isShaded }: {
    columns: number;
    rowsPerLine: number;
    isRare: readonly boolean[];
    isFaint: readonly boolean[];
    isShaded: boolean;
  },
): TimelineBar[] {
  const lines = Math.ceil(rows / rowsPerLine - 1e-9);
  const width = (high - low) / columns || 1;
  const { rows: places, first } = groupRows(
    length,
    lines,
    (i) => Math.min(lines - 1, Math.floor(row[i]! / rowsPerLine + 1e-9)),
  );
  // For each phase and cell: the time of phases that fill a part of the cell,
  // and by how many the number of phases that fill all of it changes there.
  const size = columns + 1;
  const cellOf = (x: number) =>
    Math.min(columns - 1, Math.max(0, Math.floor(x)));
  const part = new Float64Array(phases.length * size);
  const whole = new Int32Array(phases.length * size);
  const level = new Int32Array(phases.length);
  const bars: TimelineBar[] = [];
  for (let r = 0; r < lines; r++) {
    const seen = new Set<number>();
    for (let k = first[r]!; k < first[r + 1]!; k++) {
      const i = places[k]!;
      const from = (start[i]! - low) / width;
      const to = (end[i]! - low) / width;
      if (to < 0 || from > columns) continue;
      seen.add(phase[i]!);
      const base = phase[i]! * size;
      const [a, b] = [cellOf(from), cellOf(to)];
      // A phase of no length fills a cell that has no other.
      const least = isRare[phase[i]!] ? rareWeight : 1e-9;
      if (a === b) part[base + a]! += Math.max(to - from, least);
      else {
        part[base + a]! += Math.max(a + 1 - Math.max(from, 0), least);
        part[base + b]! += Math.min(to, columns) - b;
        whole[base + a + 1]!++;
        whole[base + b]!--;
      }
    }
    const y1 = r * rowsPerLine;
    const y2 = Math.min(rows, (r + 1) * rowsPerLine);
    // If two phases weigh the same, a column shows the first.
    const own = [...seen].sort((a, b) => a - b);
    let bar: TimelineBar | undefined;
    for (let c = 0; c < columns; c++) {
      let [most, best, all] = [0, -1, 0];
      for (const p of own) {
        level[p]! += whole[p * size + c]!;
        const value = level[p]! + part[p * size + c]!;
        all += value;
        const weight = isFaint[p] ? value * faintWeight : value;
        if (weight > most) {
          most = weight;
          best = p;
        }
      }
      const name = phases[best];
      const x2 = low + (c + 1) * width;
      const opacity = isShaded ? opacityOf(all / (y2 - y1)) : 1;
      if (bar && bar.phase === name && bar.opacity === opacity) bar.x2 = x2;
      else if (name === undefined) bar = undefined;
      else {
        bar = { x1: low + c * width, x2, y1, y2, phase: name, opacity };
        bars.push(bar);
      }
    }
    for (const p of own) {
      part.fill(0, p * size, (p + 1) * size);
      whole.fill(0, p * size, (p + 1) * size);
      level[p] = 0;
    }
  }
  return bars;
}

/** The opacity of a cell by the share of it that phases fill. */
const opacityOf = (share: number): number =>
  share >= 0.75 ? 1 : share >= 0.25 ? 0.6 : 0.3;

/** Which phases have the cells of a raster. */
interface RasterOptions {
  /** Whether cells that phases fill in part are paler. */
  isShaded?: boolean;
  /** Phases that are always drawn, unless they are more than a twentieth of all. */
  marked?: ReadonlySet<string>;
  /** Phases that are drawn where there is no other. */
  faint?: ReadonlySet<string>;
}

/** How {@linkcode linesPanel} draws lines. */
interface LinesPanelOptions extends RasterOptions {
  /** Noun for a line, in the singular. */
  noun: string;
  /** Label of the axis of lines. */
  label: string;
  maxBars: number;
  maxTips: number;
  /** Marks over the bars. */
  marksOver?: (frame: Frame) => Markish[];
  /** Room for them on top, in pixels. */
  above?: number;
  /** Tips of these marks. */
  tipsOver?: () => Tip[];
  /** The text of a tip of a single phase, in place of the usual one. */
  tipOf?: (place: number) => string;
  /** The nouns for one phase and for several: "phase", "phases" by default. */
  phaseNouns?: readonly [one: string, many: string];
}

/** A plot of lines with their bars, and sentences about the bars. */
export function linesPanel(
  lines: TimelineLines,
  options: DrawOptions & Pick<TimeAxisOptions, "clock">,
  {
    noun,
    label,
    maxBars,
    maxTips,
    marksOver,
    above,
    tipsOver,
    tipOf,
    phaseNouns,
    ...raster
  }: LinesPanelOptions,
): {
  panel: Panel;
  caption: string;
  seen: ReadonlySet<string>;
  /** Whether cells stand in for bars. */
  isRaster: boolean;
} {
  let drawn: TimelineBars | undefined;
  const panel = frame(options, {
    x: timeAxisOver(lines.domain, { clock: options.clock, grid: true }),
    y: (_, pixels) =>
      linesAxis(lines.order, {
        rows: lines.rows,
        pixels,
        label,
        maxWidth: options.width * 0.3,
      }),
    grid: false,
    draw(frame) {
      const { x, width, height, clip } = frame;
      const domain = x.domain as [number, number];
      drawn = timelineBars(lines, width, height, domain, maxBars, raster);
      const marks = barMarks(lines, drawn, height, clip);
      return { marks: [...marks, ...marksOver?.(frame) ?? []], above };
    },
    tips: () => [
      ...barTips(lines, drawn!, noun, maxTips, tipOf),
      ...tipsOver?.() ?? [],
    ],
    empty: lines.length ? undefined : noRows,
  });
  const seen = new Set(drawn!.bars.map(({ phase }) => phase));
  return {
    panel,
    seen,
    isRaster: drawn!.cellSeconds !== undefined,
    caption: rasterCaption(lines, drawn!, noun, seen, phaseNouns),
  };
}

/**
 * What a facet says about its colours: a raster has a legend of what occurs in it,
 * bars share one above all facets.
 */
export const legendOfRaster = (
  { seen, isRaster }: { seen: ReadonlySet<string>; isRaster: boolean },
  names: readonly string[],
  color: ColorScale,
  facets: number,
): {
  seen: ReadonlySet<string>;
  legends?: LegendEntry[][];
} => ({
  seen,
  ...(isRaster && facets > 1 && {
    legends: [
      legendOfNames(
        names.filter((name) => name !== "" && seen.has(name)),
        color,
      ),
    ],
  }),
});

/** The bars, with arrows at open phases, where lines have the room. */
function barMarks(
  lines: TimelineLines,
  { bars, cellSeconds }: TimelineBars,
  pixels: number,
  clip: boolean,
): Markish[] {
  const isRoomy = lines.rows * 5 <= pixels && cellSeconds === undefined;
  const open = isRoomy && lines.withoutEnd <= 500
    ? [...lines.open.keys()].filter((i) => lines.open[i])
    : [];
  // Lanes do not show where a line ends and the next one begins.
  const boundaries = lines.order.map(({ row }) => row)
    .filter((row) => isRoomy && lines.overlapping > 0 && row > 0);
  return [
    Plot.rect(bars, {
      x1: "x1",
      x2: "x2",
      y1: "y1",
      y2: "y2",
      fill: scaledNames("phase"),
      fillOpacity: {
        value: ({ opacity = 1 }: TimelineBar) => opacity,
        scale: null,
      } as never,
      clip,
      render: compactBars,
    }),
    Plot.ruleY(boundaries, { stroke: style.grid }),
    Plot.dot(open, {
      x: (i) => lines.end[i],
      y: (i) => lines.row[i]! + 0.5,
      symbol: "triangle",
      rotate: 90,
      r: 3,
      dx: -3,
      fill: style.ink,
      stroke: style.background,
      strokeWidth: 0.75,
      clip,
    }),
  ];
}

/** The place behind the line that has a row. */
const lineAt = bisector(({ row }: { row: number }) => row).right;

/**
 * Tips of at most `max` bars: those of rare phases, such as failures, and the
 * longest of the others. If there are more, each line has a tip about the rest.
 */
function barTips(
  lines: TimelineLines,
  { bars }: TimelineBars,
  noun: string,
  max: number,
  tipOf?: (place: number) => string,
): Tip[] {
  const nameAt = ({ y1, y2 }: TimelineBar) => {
    const line = lines.order[lineAt(lines.order, y1) - 1];
    const more = Math.min(lines.rows, Math.round(y2)) - Math.round(y1) - 1;
    const others = more > 0 ? ` and ${counted(more, "more", "more")}` : "";
    return (lines.areNamed ? "" : `${noun} `) + `${line?.name ?? ""}${others}`;
  };
  const time = ({ x1, x2 }: TimelineBar) => x2 - x1;
  const ofBar = (bar: TimelineBar): Tip => {
    const { x1, x2, y1, y2, phase, place } = bar;
    const from = formatDuration(x1 - lines.domain[0]);
    const text = tipOf && place !== undefined ? tipOf(place) : [
      nameAt(bar),
      phase,
      `${formatDuration(x2 - x1)} from ${from} on`,
    ].filter(Boolean).join("\n");
    return { x: x1, x2, y: (y1 + y2) / 2, text };
  };
  if (bars.length <= max) return bars.map(ofBar);
  const rare = rareBars(bars, max / 2);
  const long = bars.filter((bar) => !rare.has(bar))
    .sort((a, b) => time(b) - time(a)).slice(0, max - rare.size);
  const ofLines = Map.groupBy(bars, ({ y1 }) => y1).values().map((own): Tip => {
    const [first] = own;
    const phases = rollups(own, (own) => sum(own, time), ({ phase }) => phase)
      .sort(([, a], [, b]) => b - a).slice(0, 5)
      .map(([phase, seconds]) =>
        (phase ? `${phase}: ` : "") + formatDuration(seconds)
      );
    const x = own.reduce((low, { x1 }) => Math.min(low, x1), Infinity);
    const x2 = own.reduce((high, { x2 }) => Math.max(high, x2), -Infinity);
    const y = (first!.y1 + first!.y2) / 2;
    return { x, x2, y, text: [nameAt(first!), ...phases].join("\n") };
  });
  // Of tips at one place the first is shown.
  return [...[...rare, ...long].map(ofBar), ...ofLines];
}

/** The bars of the rarest phases, at most `max`. */
function rareBars(
  bars: readonly TimelineBar[],
  max: number,
): Set<TimelineBar> {
  const rare = new Set<TimelineBar>();
  const byPhase = [...Map.groupBy(bars, ({ phase }) => phase).values()];
  for (const own of byPhase.sort((a, b) => a.length - b.length)) {
    if (rare.size + own.length > max) break;
    own.forEach((bar) => rare.add(bar));
  }
  return rare;
}

/** Sentences about the cells of a raster. */
function rasterCaption(
  { phases }: TimelineLines,
  { rowsPerLine, cellSeconds, rare = [], isPale }: TimelineBars,
  noun: string,
  seen: ReadonlySet<string>,
  [one, many]: readonly [string, string] = ["phase", "phases"],
): string {
  if (!cellSeconds) return "";
  const listed = (names: readonly string[]) =>
    names.slice(0, 5).map(named).join(", ") +
    (names.length > 5 ? ` and ${names.length - 5} more` : "");
  const unseen = phases.filter((name) => name && !seen.has(name));
  const each = rowsPerLine > 1
    ? `Each line of the picture stands for ${
      rowsPerLine < 1.1
        ? `a ${noun} or two`
        : `${Number(rowsPerLine.toFixed(1))} ${plural(noun)}`
    }, and each`
    : "Each";
  const few = rare.length
    ? `; rare ${many} (${listed(rare)}) are always drawn`
    : "";
  return sentences(
    `${each} cell of ${formatDuration(cellSeconds)} has the colour of the ` +
      `${one} with the most time in it${few}.`,
    isPale &&
      "A cell less than 75% full is paler, and less than 25% full palest.",
    unseen.length > 0 && `Too short to be seen: ${listed(unseen)}.`,
  );
}
