import type { TimelineLines } from "./timeline_lines.ts";

/** A bar of a timeline. */
export interface TimelineBar {
  /** From when, in seconds. */
  x1: number;
  /** Until when, in seconds. */
  x2: number;
  /** Its upper edge, in rows from the top. */
  y1: number;
  /** Its lower edge, in rows from the top. */
  y2: number;
  /** The phase, or the one that has the most time in it. */
  phase: string;
}

/** How finely phases are drawn. */
export interface TimelineBarOptions {
  /** How many pixels there are across. 640 if not given. */
  columns?: number | undefined;
  /** How many pixels there are upright. 320 if not given. */
  pixels?: number | undefined;
  /** The part of the time that is drawn, in seconds. All, if not given. */
  domain?: readonly [number, number] | undefined;
  /** How many bars there may be. 9,000 if not given. */
  most?: number | undefined;
}

/** The bars of a timeline, and how far they stand for what there is. */
export interface TimelineBars {
  /** What is drawn, in the order in which it is. */
  bars: TimelineBar[];
  /** How many rows each line of the picture stands for; 1, or 26.5. */
  rowsALine: number;
  /** How long a cell is, in seconds, if there are cells in place of bars. */
  cellSeconds: number | undefined;
}

/** What is drawn of no phases. */
export const noBars: TimelineBars = {
  bars: [],
  rowsALine: 1,
  cellSeconds: undefined,
};

// However many phases there are, a chart has about so many bars: that keeps it
// under 300 kB.
const mostBars = 9000;

/**
 * What a timeline draws: each phase, or where they are more than can be drawn,
 * a raster. Each of its cells is of the phase that has the most time in it; any
 * phase at all fills a cell, and one of which there are few, such as what
 * failed, goes before the others.
 */
export function timelineBars(
  lines: TimelineLines,
  { columns = 640, pixels = 320, domain = lines.domain, most = mostBars }:
    TimelineBarOptions = {},
): TimelineBars {
  const { rows, length } = lines;
  const isFew = rows <= pixels && length <= most;
  if (isFew && canBeSeen(lines, domain, columns)) {
    return {
      bars: eachPhase(lines, domain),
      rowsALine: 1,
      cellSeconds: undefined,
    };
  }
  for (let size = 1;; size = Math.ceil(size * 1.25)) {
    const across = Math.max(1, Math.floor(columns / size));
    const upright = Math.max(1, Math.floor(pixels / size));
    const rowsALine = Math.max(1, rows / upright);
    const bars = raster(lines, domain, across, rowsALine);
    if (bars.length <= most || size >= 40) {
      const cellSeconds = (domain[1] - domain[0]) / across;
      return { bars, rowsALine, cellSeconds };
    }
  }
}

/**
 * Whether phases are long enough to be drawn each: those that are widened to be
 * seen must not hide the others.
 */
function canBeSeen(
  { start, end, length, withoutEnd }: TimelineLines,
  [low, high]: readonly [number, number],
  columns: number,
): boolean {
  const pixel = (high - low) / columns;
  let long = 0;
  let added = 0;
  for (let i = 0; i < length; i++) {
    if (end[i]! < low || start[i]! > high) continue;
    const took = Math.min(end[i]!, high) - Math.max(start[i]!, low);
    long += took;
    added += Math.max(0, pixel - took);
  }
  return length <= 200 || withoutEnd === length || added <= long * 0.08;
}

function eachPhase(
  lines: TimelineLines,
  [low, high]: readonly [number, number],
): TimelineBar[] {
  const { length, start, end, phase, phases, row } = lines;
  const bars = Array.from({ length }, (_, i): TimelineBar => ({
    x1: Math.max(low, start[i]!),
    x2: Math.min(high, end[i]!),
    y1: row[i]!,
    y2: row[i]! + 1,
    phase: phases[phase[i]!]!,
  })).filter(({ x1, x2 }) => x1 <= x2);
  // What is short is drawn over what is long, where they touch.
  const time = new Map<string, number>();
  for (const { x1, x2, phase } of bars) {
    time.set(phase, (time.get(phase) ?? 0) + x2 - x1);
  }
  return bars.sort((a, b) => time.get(b.phase)! - time.get(a.phase)!);
}

function raster(
  lines: TimelineLines,
  [low, high]: readonly [number, number],
  columns: number,
  rowsALine: number,
): TimelineBar[] {
  const { start, end, phase, phases, rows } = lines;
  const pictureRows = Math.ceil(rows / rowsALine - 1e-9);
  const width = (high - low) / columns || 1;
  const isRare = rarePhases(lines);
  const { places, first } = byPictureRow(lines, rowsALine, pictureRows);
  // The time of each phase in each cell: parts of it, and how many fill it.
  const size = columns + 1;
  const part = new Float64Array(phases.length * size);
  const whole = new Int32Array(phases.length * size);
  const bars: TimelineBar[] = [];
  for (let r = 0; r < pictureRows; r++) {
    part.fill(0);
    whole.fill(0);
    for (let k = first[r]!; k < first[r + 1]!; k++) {
      const i = places[k]!;
      const from = (start[i]! - low) / width;
      const to = (end[i]! - low) / width;
      if (to < 0 || from > columns) continue;
      const base = phase[i]! * size;
      const a = Math.min(columns - 1, Math.max(0, Math.floor(from)));
      const b = Math.min(columns - 1, Math.max(0, Math.floor(to)));
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
    const y1 = r * rowsALine;
    const y2 = Math.min(rows, (r + 1) * rowsALine);
    const level = new Int32Array(phases.length);
    let bar: TimelineBar | undefined;
    for (let c = 0; c < columns; c++) {
      let most = 0;
      let best = -1;
      for (let p = 0; p < phases.length; p++) {
        level[p]! += whole[p * size + c]!;
        const value = level[p]! + part[p * size + c]!;
        if (value > most) [most, best] = [value, p];
      }
      const name = best < 0 ? undefined : phases[best];
      const x2 = low + (c + 1) * width;
      if (bar && bar.phase === name) bar.x2 = x2;
      else if (name === undefined) bar = undefined;
      else {
        bar = { x1: low + c * width, x2, y1, y2, phase: name };
        bars.push(bar);
      }
    }
  }
  return bars;
}

const rareWeight = 1e6;

/** Kinds of which there are so few that none of them may be lost. */
export function rarePhases(
  { phase, phases, length }: TimelineLines,
): boolean[] {
  const counts = new Uint32Array(phases.length);
  for (const p of phase) counts[p]!++;
  return phases.map((_, p) => counts[p]! <= 100 && counts[p]! * 50 <= length);
}

/** The places of phases by the line of the picture that they lie in. */
function byPictureRow(
  { row, length }: TimelineLines,
  rowsALine: number,
  pictureRows: number,
) {
  const of = (i: number) =>
    Math.min(pictureRows - 1, Math.floor(row[i]! / rowsALine + 1e-9));
  const first = new Uint32Array(pictureRows + 1);
  for (let i = 0; i < length; i++) first[of(i) + 1]!++;
  for (let r = 0; r < pictureRows; r++) first[r + 1]! += first[r]!;
  const next = first.slice();
  const places = new Uint32Array(length);
  for (let i = 0; i < length; i++) places[next[of(i)]!++] = i;
  return { places, first };
}
