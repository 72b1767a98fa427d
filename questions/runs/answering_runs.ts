import { hasRuns } from "../../display/text/mistakes.ts";
import type { AsyncQueryable } from "../events/sequences_in_campaign.ts";
import type { FoundFailures } from "../failures/shown_failures.ts";
import type { Summary } from "./summary_schema.ts";

/** What questions about all runs of a campaign know of each run. */
export interface RunAnswers {
  /** Its summary. */
  summary: SummaryData;
  /** Its failures. */
  failures: FoundFailures;
}

/** The members of a summary that its JSON has. */
export type SummaryData = Pick<
  Summary,
  | "version"
  | "runs"
  | "failures"
  | "typical_tasks"
  | "workers"
  | "limits"
  | "odd"
  | "missing"
>;

/** A campaign, as questions know it that combine an answer of each run. */
export interface AnsweringRuns extends AsyncQueryable {
  /** The labels of the runs. */
  readonly runs: readonly string[];
  /**
   * Returns what is known of each run, or of the one that is named.
   *
   * @throws {RangeError} for a name that fits no run, or several
   */
  answers<Name extends keyof RunAnswers>(
    name: Name,
    run?: string,
  ): Promise<RunAnswers[Name][]>;
}

/** Whether a question is about a campaign, in place of a database. */
export const isAnswering = (asked: unknown): asked is AnsweringRuns =>
  hasRuns(asked) && "answers" in asked;
