import type { LegendEntry } from "../drawing/legend.ts";

/** A step of a ramp of colours: counts from so many have the colour. */
export interface HeatLevel {
  from: number;
  color: string;
}

/**
 * From light to dark in even steps of lightness, which hold for colour-blind
 * readers and in print. After "mako" of Michael Waskom's seaborn.
 */
const ramp = [
  "#8bdab2",
  "#40b7ad",
  "#348fa7",
  "#37659e",
  "#413d7b",
  "#2e1e3b",
] as const;

/**
 * Levels of counts up to the most: each count its own, if there are no more
 * than colours; else steps of 2 or 10 times, since counts in a heatmap differ
 * by powers of ten.
 */
export function heatLevels(most: number): HeatLevel[] {
  const rows = [
    [1, 2, 3, 4, 5, 6],
    [1, 2, 3, 5, 7, 10],
    [1, 2, 4, 8, 15, 30],
    [1, 2, 5, 10, 20, 50],
    [1, 3, 10, 30, 100, 300],
    [1, 5, 20, 100, 500, 2000],
    [1, 10, 100, 1000, 10_000, 100_000],
  ];
  const starts = rows.find((row) => most < row.at(-1)! * 3) ?? rows.at(-1)!;
  const used = starts.filter((from) => from <= Math.max(1, most));
  // The whole of the ramp, also where there are few levels.
  const color = (i: number) =>
    used.length === 1
      ? ramp[3]
      : ramp[Math.round(i / (used.length - 1) * (ramp.length - 1))]!;
  return used.map((from, i) => ({ from, color: color(i) }));
}

/** The colour of a count. */
export const levelOf = (count: number, levels: readonly HeatLevel[]): string =>
  (levels.findLast(({ from }) => count >= from) ?? levels[0])!.color;

/** What the colours stand for: "1 span a cell", "2 to 4", …, "50 and more". */
export function heatLegend(
  levels: readonly HeatLevel[],
  one: string,
  many: string,
): LegendEntry[] {
  const text = (count: number) => count.toLocaleString("en-US");
  return levels.map(({ from, color }, i) => {
    const next = levels[i + 1]?.from;
    const range = next === undefined
      ? `${text(from)} and more`
      : next === from + 1
      ? text(from)
      : `${text(from)} to ${text(next - 1)}`;
    return {
      label: i > 0 ? range : `${range} ${range === "1" ? one : many}`,
      color,
    };
  });
}
