import { formatDuration } from "../axes/units.ts";
import { legendOfNames } from "../chart/colors.ts";
import type { LegendEntry } from "../drawing/legend.ts";
import { hidesPeaks } from "./step_marks.ts";
import { style } from "../drawing/style.ts";
import type { ScaleOptions } from "../chart/plot_types.ts";
import type { Stacking } from "./stacking.ts";
import type { StateCounts } from "./state_counts.ts";
import { counted, rowsLeftOut } from "../chart/words.ts";

interface StateWords {
  color?: ScaleOptions | undefined;
  stack?: Stacking | undefined;
}

// From the top of the stack to its bottom, as the areas lie.
export function stateLegend(
  counts: readonly StateCounts[],
  { color, stack = "counts" }: StateWords,
): LegendEntry[] {
  const states = new Set(
    counts.flatMap(({ states }) => states.toReversed()),
  );
  const shape = stack === "lines" ? "line" : "square";
  const entries = legendOfNames(states, color, shape);
  if (stack === "counts" && counts.some(peaksAreHidden)) {
    entries.push({
      label: "most at one moment",
      color: style.mutedInk,
      shape: "line",
    });
  }
  return entries;
}

export function stateCaption(
  counts: StateCounts,
  { stack }: StateWords,
): string {
  const { states, spans, most, columnSeconds } = counts;
  const left = rowsLeftOut(counts);
  if (spans === 0 && left.length === 0) return "No rows.";
  const parts = [
    `${counted(spans, "span")} in ${counted(states.length, "state")}, ` +
    `at most ${most.toLocaleString("en-US")} at one moment.`,
  ];
  if (columnSeconds) {
    parts.push(
      `Counts are means over ${formatDuration(columnSeconds)} each` +
        (stack === "lines" ? ", in bands from the least to the most." : "."),
    );
  }
  return [...parts, ...left].join(" ");
}

export function peaksAreHidden({ counts, peaks }: StateCounts): boolean {
  const tops = new Map<number, number>();
  for (const { time, y2 } of counts) {
    tops.set(time, Math.max(tops.get(time) ?? 0, y2));
  }
  return hidesPeaks(tops, peaks);
}
