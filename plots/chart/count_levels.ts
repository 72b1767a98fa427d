import { Plot } from "../drawing/plot.ts";
import { count, plural } from "./captions.ts";
import { compactRects } from "../drawing/compact.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import type { GridCell } from "../rows/grid.ts";
import { scaledNames } from "./colors.ts";
import type { Markish } from "./plot_types.ts";

/** A step of a colour ramp: counts of at least `from` have the colour. */
export interface CountLevel {
  from: number;
  color: string;
}

/** Levels of a raster that stands for dots; a wide range, since few are full. */
export const densityLevels: readonly CountLevel[] = [
  { from: 1, color: "#93c3e4" },
  { from: 2, color: "#63a5d4" },
  { from: 10, color: "#3182bd" },
  { from: 100, color: "#135c96" },
  { from: 1000, color: "#08305a" },
];

// In even steps of lightness, which hold for colour-blind readers and in print.
// After "mako" of Michael Waskom's seaborn.
const ramp = "#8bdab2 #40b7ad #348fa7 #37659e #413d7b #2e1e3b".split(" ");

const steps = [
  [1, 2, 3, 4, 5, 6],
  [1, 2, 3, 5, 7, 10],
  [1, 2, 4, 8, 15, 30],
  [1, 2, 5, 10, 20, 50],
  [1, 3, 10, 30, 100, 300],
  [1, 5, 20, 100, 500, 2000],
  [1, 10, 100, 1000, 10_000, 100_000],
];

/**
 * Levels of a heatmap up to the greatest count: a level per count if there are
 * colours for all; else factors of 2 or 10, since counts differ by powers of
 * ten.
 */
export function heatLevels(max: number): CountLevel[] {
  const starts = steps.find((row) => max < row.at(-1)! * 3) ?? steps.at(-1)!;
  const used = starts.filter((from) => from <= Math.max(1, max));
  // The whole ramp, even for few levels.
  const step = (ramp.length - 1) / (used.length - 1);
  return used.map((from, i) => ({
    from,
    color: ramp[used.length === 1 ? 3 : Math.round(i * step)]!,
  }));
}

/**
 * Cells as a raster, in the colour of their series or of the level of their
 * count. Cells of zero and below lie in the strip of the y axis, if it has one.
 */
export function cellMark(
  cells: readonly GridCell[],
  { levels = densityLevels, clip, strip }: {
    levels?: readonly CountLevel[];
    clip: boolean;
    strip?: readonly [number, number] | undefined;
  },
): Markish {
  const color = (count: number) => levels[levelOf(levels, count)]!.color;
  return Plot.rect(cells, {
    x1: "x1",
    x2: "x2",
    y1: ({ y1, y2 }: GridCell) => strip && y2 <= 0 ? strip[0] : y1,
    y2: ({ y2 }: GridCell) => strip && y2 <= 0 ? strip[1] : y2,
    fill: cells.some(({ series }) => series !== undefined)
      ? scaledNames("series")
      : { value: cells.map(({ count }) => color(count)), scale: null },
    clip,
    render: compactRects,
  });
}

/** The place of the level of a count. */
const levelOf = (levels: readonly CountLevel[], count: number): number =>
  Math.max(0, levels.findLastIndex(({ from }) => count >= from));

/**
 * Legend of the levels that occur in cells: "1 span per cell", "2 to 4", …, "50
 * and more".
 */
export function levelsLegend(
  levels: readonly CountLevel[],
  one: string,
  cells: readonly GridCell[],
): LegendEntry[] {
  const found = new Set(cells.map(({ count }) => levelOf(levels, count)));
  return levels.map(({ from, color }, i) => {
    const next = levels[i + 1]?.from;
    const range = next === undefined
      ? `${count(from)} and more`
      : next === from + 1
      ? count(from)
      : `${count(from)} to ${count(next - 1)}`;
    return { range, color };
  }).filter((_, i) => found.has(i)).map(({ range, color }, i) => {
    const noun = range === "1" ? one : plural(one);
    return { label: i === 0 ? `${range} ${noun} per cell` : range, color };
  });
}
