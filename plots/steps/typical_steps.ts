import {
  type ColumnTable,
  isColumnTable,
  type Rows,
} from "../rows/channels.ts";
import type { StepChannels } from "../rows/step_channels.ts";
import {
  type Quantiles,
  quantilesOf,
} from "../durations/quantiles_over_time.ts";
import {
  type StepTimes,
  stepTimes,
  type StepTimesOptions,
} from "./step_times.ts";

/**
 * When spans typically come to a step, in seconds since their start; NaN where
 * the rows do not say.
 */
export interface TypicalStep extends Quantiles {
  /** What it is called. */
  step: string;
  /** Which series, if the rows have any. */
  series?: string;
  /** How many spans came to it. */
  spans: number;
  /** The median of the seconds since the step before; NaN for the first. */
  gap: number;
}

/**
 * When spans typically come to each step: the transform behind
 * {@linkcode typicalSequence}. Takes what {@linkcode stepTimes} does, or gives.
 *
 * @example
 * ```ts
 * import { typicalSteps } from "dnpc/plots";
 * import assert from "node:assert/strict";
 *
 * const steps = typicalSteps([
 *   [1, 10, "pending"],
 *   [1, 12, "running"],
 *   [2, 20, "pending"],
 *   [2, 23, "running"],
 * ]);
 * assert.deepEqual(steps.map(({ step, median }) => [step, median]), [
 *   ["pending", 0],
 *   ["running", 2.5],
 * ]);
 * ```
 *
 * @throws {TypeError} if the rows are no rows, or lack a column that is named.
 */
export function typicalSteps(
  rows: Rows | StepTimes,
  options: StepChannels & StepTimesOptions = {},
): TypicalStep[] {
  const { times } = isStepTimes(rows) ? rows : stepTimes(rows, options);
  return times.filter(({ sinceStart }) => sinceStart.length > 0)
    .map(({ step, series, sinceStart, sinceBefore }) => {
      const { count, ...quantiles } = quantilesOf(sinceStart.slice().sort());
      return {
        step,
        ...(series === undefined ? {} : { series }),
        spans: count,
        ...quantiles,
        gap: sinceBefore.length
          ? quantilesOf(sinceBefore.slice().sort()).median
          : NaN,
      };
    });
}

/** Whether rows are those of `eventSequences(db, type, { align: "step" })`. */
export function isSequence(rows: Rows | StepTimes): rows is object[] {
  return Array.isArray(rows) && rows.length > 0 &&
    rows[0] !== null && typeof rows[0] === "object" &&
    ["event_type", "since_start_minimum"].every((name) => name in rows[0]);
}

/** The same of rows that were told as steps already, in their order. */
export function stepsOfSequence(rows: readonly object[]): TypicalStep[] {
  const names = new Set<string>();
  return rows.map((row) => {
    const told = row as Record<string, unknown>;
    const number = (name: string) =>
      typeof told[name] === "number" ? told[name] : NaN;
    const nth = number("nth") > 1 ? ` (${told.nth})` : "";
    const step = names.has(`${told.event_type}${nth}`)
      ? `${told.event_type} (${told.span_type})${nth}`
      : `${told.event_type}${nth}`;
    names.add(step);
    return {
      step,
      spans: number("spans"),
      minimum: number("since_start_minimum"),
      percentile5: number("since_start_p5"),
      percentile25: number("since_start_p25"),
      median: number("since_start_p50"),
      percentile75: number("since_start_p75"),
      percentile95: number("since_start_p95"),
      maximum: number("since_start_maximum"),
      gap: number("since_before_p50"),
    };
  });
}

function isStepTimes(rows: Rows | StepTimes): rows is StepTimes {
  return !isColumnTable(rows as ColumnTable) &&
    Array.isArray((rows as StepTimes | undefined)?.times);
}
