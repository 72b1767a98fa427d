import type { StepTimes } from "./step_times.ts";
import { counted, rowsLeftOut } from "../chart/words.ts";

/** What is said of steps and rows that are not drawn. */
export function stepsLeft(times: Omit<StepTimes, "times">): string[] {
  const { left } = times;
  return [
    ...(left
      ? [`${counted(left, "more step")}, which fewer spans came to, not drawn.`]
      : []),
    ...rowsLeftOut(times),
  ];
}
