import { counted } from "../../display/text/format.ts";
import { style } from "../drawing/style.ts";
import { cutText } from "../drawing/text.ts";
import type { StepRowsLeft } from "../rows/step_rows.ts";

export { counted };

/** A number of things, and the rest of a sentence for one and for many. */
export type Note = readonly [count: number, one: string, many: string];

/** A sentence for each number above 0: "2 rows have no end." */
export function notes(...all: readonly Note[]): string[] {
  return all.filter(([count]) => count > 0)
    .map(([count, one, many]) => `${counted(count, one, many)}.`);
}

/** Sentence about rows that are not in the chart, if there are any. */
export function rowsWithoutTime(count: number): string[] {
  const text = "without a time left out";
  return notes([count, `row ${text}`, `rows ${text}`]);
}

/** Sentences about rows of steps or states that are not in the chart. */
export function rowsLeftOut(
  { withoutTime, withoutStep, unnamed }: StepRowsLeft,
): string[] {
  return [
    ...notes(
      [
        unnamed,
        "event without a name left out",
        "events without a name left out",
      ],
      [
        withoutStep,
        "row without a step left out",
        "rows without a step left out",
      ],
    ),
    ...rowsWithoutTime(withoutTime),
  ];
}

/** A name for a sentence: what is long is cut. */
export function named(name: string): string {
  return cutText(name.replace(/\s+/g, " ").trim(), style.textSize, 260);
}
