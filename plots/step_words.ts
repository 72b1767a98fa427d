import type { StepTimes } from "./transforms/step_times.ts";
import { counted } from "./words.ts";

/** What is said of steps and rows that are not drawn. */
export function stepsLeft(
  { left, withoutTime, unnamed }: Pick<
    StepTimes,
    "left" | "withoutTime" | "unnamed"
  >,
): string[] {
  return [
    ...(left
      ? [`${counted(left, "more step")}, which fewer spans came to, not drawn.`]
      : []),
    ...(unnamed
      ? [`${counted(unnamed, "event")} without a name left out.`]
      : []),
    ...(withoutTime
      ? [`${counted(withoutTime, "row")} without a time or a step left out.`]
      : []),
  ];
}
