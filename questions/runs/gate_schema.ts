/**
 * Whether runs are slower than others, or fail more: the result of
 * `gate`, and as JSON that of `dnpc gate --json`. Shares are from 0 to 1,
 * times in seconds.
 */
export interface Gate {
  /** The version of this schema. */
  version: 1;
  /** Whether nothing exceeds its limit. */
  passed: boolean;
  /** The verdict in a sentence. */
  verdict: string;
  /** What to know besides, a sentence each. */
  notes: string[];
  /** The runs to compare to. */
  baseline: GatedRuns;
  /** The runs that are judged. */
  new: GatedRuns;
  /** The limit of times. */
  max_slower: number;
  /** The limit of failures. */
  max_failed: number;
  /** What was compared. */
  measures: GateMeasure[];
  /**
   * The verdict, the notes and a table, not part of the JSON.
   *
   * @param width in characters, by default 80
   */
  toString(width?: number): string;
}

/** One side of the comparison. */
export interface GatedRuns {
  /** Number of runs. */
  runs: number;
  /** Number of tasks. */
  tasks: number;
  /** The versions of Parsl, as far as logs have them. */
  parsl_versions: string[];
}

/** Something that is compared. */
export interface GateMeasure {
  /**
   * "time of a run", "time per task", "failed tasks", which are those that failed
   * or never ended, or a step.
   */
  measure: string;
  /** Whether the numbers are seconds, or shares of the tasks. */
  unit: "seconds" | "share";
  /** Mean over the runs of the baseline; null if none has it. */
  baseline: number | null;
  /** Mean over the new runs; null if none has it. */
  new: number | null;
  /** The largest value of `new` that passes. */
  limit: number | null;
  /** Standard deviation over the runs of the baseline; null for fewer than two. */
  baseline_stddev: number | null;
  /** The same of the new runs. */
  new_stddev: number | null;
  /**
   * By how much `new` must exceed the limit, because of the spread of repeated
   * runs: half of Welch's 95% confidence interval; null if the spread is unknown.
   */
  margin: number | null;
  /**
   * "ok"; "exceeded", the limit and the margin; "within the spread": the limit, but
   * not the margin; or "not compared".
   */
  result: "ok" | "exceeded" | "within the spread" | "not compared";
}
