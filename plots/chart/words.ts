import { counted } from "../../display/text/format.ts";
import { style } from "../drawing/style.ts";
import { cutText } from "../drawing/text.ts";
import type { StepRowsLeft } from "../rows/step_rows.ts";

export { counted };

/** What is said of rows that are not in the chart; nothing if there are none. */
export function rowsWithoutTime(count: number): string[] {
  return count ? [`${counted(count, "row")} without a time left out.`] : [];
}

/** The same of rows of steps or states. */
export function rowsLeftOut(
  { withoutTime, withoutStep, unnamed }: StepRowsLeft,
): string[] {
  return [
    ...(unnamed
      ? [`${counted(unnamed, "event")} without a name left out.`]
      : []),
    ...(withoutStep
      ? [`${counted(withoutStep, "row")} without a step left out.`]
      : []),
    ...rowsWithoutTime(withoutTime),
  ];
}

/** A name for a sentence: what is long is cut. */
export function named(name: string): string {
  return cutText(name.replace(/\s+/g, " ").trim(), style.textSize, 260);
}
