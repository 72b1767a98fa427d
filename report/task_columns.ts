import type { Task } from "../questions/mod.ts";
import type { TextNumbers } from "../sql/mod.ts";

/** Tasks, column by column: there may be a million. */
export interface TaskColumns {
  length: number;
  run: Int32Array;
  task: Int32Array;
  app: Int32Array;
  state: Int32Array;
  executor: Int32Array;
  tries: Int32Array;
  submitted: Float64Array;
  launched: Float64Array;
  ended: Float64Array;
}

/** Texts are numbers of `texts`, and 0 for null; a time is NaN for null. */
export function taskColumns(
  rows: readonly Task[],
  texts: TextNumbers,
): TaskColumns {
  const textOf = (name: "run" | "task" | "app" | "state" | "executor") =>
    Int32Array.from(rows, (row) => {
      const text = row[name];
      return text === null ? 0 : texts.number(text);
    });
  const timeOf = (name: "submitted" | "launched" | "ended") =>
    Float64Array.from(rows, (row) => row[name] ?? NaN);
  return {
    length: rows.length,
    run: textOf("run"),
    task: textOf("task"),
    app: textOf("app"),
    state: textOf("state"),
    executor: textOf("executor"),
    tries: Int32Array.from(rows, ({ tries }) => tries),
    submitted: timeOf("submitted"),
    launched: timeOf("launched"),
    ended: timeOf("ended"),
  };
}

/** A time, or null for NaN. */
export const timeAt = (times: Float64Array, i: number): number | null =>
  Number.isNaN(times[i]) ? null : times[i]!;
