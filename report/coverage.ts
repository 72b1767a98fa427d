import { coverage, type StepCoverage } from "../questions/mod.ts";
import type { Database } from "../sql/mod.ts";

/** A step in a run, for the page. */
export interface PageCoverage {
  run: string;
  type: string;
  event: string;
  tries: number;
  having: number;
  /** The share of the tries that were launched; null if none was. */
  launchedShare: number | null;
}

/** Which share of the tries has each step, of the runs that are on the page. */
export const coverageOf = (
  db: Database,
  runs: ReadonlySet<string>,
): PageCoverage[] =>
  coverage(db)
    .map((step: StepCoverage) => ({
      run: step.run ?? step.rundir ?? "",
      type: step.span_type,
      event: step.event_type,
      tries: step.tries,
      having: step.having,
      launchedShare: step.launched_share,
    }))
    .filter(({ run }) => runs.has(run));
