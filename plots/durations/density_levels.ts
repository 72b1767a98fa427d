import type { LegendEntry } from "../drawing/legend.ts";

// Each level has three to ten times the rows of the one before it.
const levels = [
  { from: 1, color: "#93c3e4" },
  { from: 2, color: "#63a5d4" },
  { from: 10, color: "#3182bd" },
  { from: 100, color: "#135c96" },
  { from: 1000, color: "#08305a" },
] as const;

/** The colour of a cell that stands for so many dots of one series. */
export const densityColor = (count: number): string =>
  (levels.findLast(({ from }) => count >= from) ?? levels[0]).color;

/** What the colours stand for: "1 row a cell", "2 to 9", "1,000 and more". */
export const densityLegend = (one: string): LegendEntry[] =>
  levels.map(({ color, from }, i) => {
    const next = levels[i + 1];
    const upTo = next ? `${from} to ${next.from - 1}` : `${from} and more`;
    return {
      label: next?.from === from + 1
        ? `${from} ${one} a cell`
        : upTo.replace(/\d+/g, (digits) =>
          Number(digits).toLocaleString("en-US")),
      color,
    };
  });
