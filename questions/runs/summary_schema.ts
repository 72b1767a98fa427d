/**
 * What ran, what failed and why, and where the time went: the result of
 * {@linkcode summary}, and as JSON that of `dnpc summary --json`. Numbers have
 * their unit in their names; a share is from 0 to 1. Another version may remove
 * or rename members, this one only add some.
 */
export interface Summary {
  /** The version of this schema. */
  version: 1;
  /** The runs, in the order of their beginning. */
  runs: RunSummary[];
  /** What failed in any run and why, the cause of most failed tasks first. */
  failures: FailureSummary[];
  /** Where the tasks of a run were for how long, run by run. */
  typical_tasks: PlaceSummary[];
  /** What workers did, run by run. */
  workers: WorkersSummary[];
  /** What limited the throughput, run by run. */
  limits: LimitSummary[];
  /** What looks odd, the oddest of each kind first. */
  odd: OddSummary[];
  /** What logs do not tell, run by run. */
  missing: MissingSummary[];
  /**
   * The part about one run, without asking the database again; not part of the
   * JSON.
   *
   * @param run its label, such as "000"
   */
  ofRun(run: string): Summary;
  /**
   * The summary as text of at most a screen, not part of the JSON.
   *
   * @param width in characters, by default 80
   * @param data a path: names commands of `dnpc` about it in place of calls
   */
  toString(width?: number, data?: string): string;
  /** The same as HTML, all text escaped; not part of the JSON. */
  toHtml(): string;
}

/** A run. */
export interface RunSummary {
  /** Its label, such as "000". */
  run: string;
  /** The name of the workflow; null if no log has it. */
  workflow: string | null;
  /** The host of the workflow process; null if no log has it. */
  host: string | null;
  /** The version of Parsl; null if no log has it. */
  parsl_version: string | null;
  /** When it began. */
  began_unix_seconds: number | null;
  /** When the last line that any of its logs has was written. */
  last_line_unix_seconds: number | null;
  /** Its length; null if it did not end. */
  length_seconds: number | null;
  /** Whether it ended. */
  has_ended: boolean;
  /** Number of tasks; the next four add up to it. */
  tasks: number;
  /** Number of tasks that succeeded, memoized ones included. */
  succeeded_tasks: number;
  /** Number of tasks that failed, apart from dependents. */
  failed_tasks: number;
  /** Number of tasks that failed because another did. */
  dependent_tasks: number;
  /** Number of tasks that never ended. */
  unfinished_tasks: number;
  /** Number of tasks that were tried more than once. */
  retried_tasks: number;
}

/** A cause of failures. */
export interface FailureSummary {
  /** Type of the exception; null if no log names one. */
  exception: string | null;
  /** Its message, with N for numbers and "…" for identifiers. */
  message: string | null;
  /** Labels of the runs in which it occurred. */
  runs: string[];
  /** Number of tasks that failed with it, dependents included. */
  failed_tasks: number;
  /** Number of tasks that failed only because another one failed with it. */
  dependent_tasks: number;
  /** Number of tasks that succeeded when tried again. */
  recovered_tasks: number;
  /** Number of tries that ended with it. */
  tries: number;
  /** Number of blocks that failed with it. */
  blocks: number;
  /** How these ended, or the blocks with which tries were lost: "TIMEOUT". */
  block_ends: string;
  /** Time of workers that the tries took. */
  worker_seconds: number;
  /** A thing that failed with it, such as "task 136". */
  such_as: string;
  /** Parsl's number of that task; null if it is none. */
  task: string | null;
  /** The label of its run. */
  run: string | null;
}

/** A place where tasks of a run were. */
export interface PlaceSummary {
  /** Label of the run. */
  run: string;
  /** The place, such as "in a worker". */
  place: string;
  /** Median of the times that tasks were there. */
  median_seconds: number;
  /** Number of tasks that were there. */
  tasks: number;
}

/** What the time of the workers of a run was used for. */
export interface WorkersSummary {
  /** Label of the run, or the name of a queue without Parsl. */
  run: string | null;
  /** Number of workers. */
  workers: number;
  /** Number of workers that never had a task. */
  workers_without_task: number;
  /** Time of all slots of workers together. */
  paid_seconds: number;
  /** Its parts. */
  uses: UseSummary[];
}

/** A use of the time of workers. */
export interface UseSummary {
  /** Such as "useful", "failed" or "nothing queued". */
  use: string;
  /** Whether workers had no task. */
  is_idle: boolean;
  /** Time of all slots together. */
  seconds: number;
  /** Part of all time. */
  share: number;
}

/** A stage that limited the throughput of a run. */
export interface LimitSummary {
  /** Label of the run, or the name of a queue without Parsl. */
  run: string;
  /** The stage, such as "workers" or "dispatch". */
  stage: string;
  /** Part of the time in which it did. */
  share: number;
}

/** Something odd. */
export interface OddSummary {
  /** What it is. */
  kind:
    | "slow task"
    | "slow run"
    | "idle worker"
    | "gap in logs"
    | "clock went back";
  /** Label of the run. */
  run: string;
  /** A sentence about it. */
  text: string;
  /** How large it is: a length, or by how much it is longer than others. */
  seconds: number | null;
  /** Parsl's number of the task; null if it is about none. */
  task: string | null;
  /** File and line to look at; null if it is about none. */
  line: string | null;
}

/** Something that the logs of runs do not tell. */
export interface MissingSummary {
  /** Labels of the runs. */
  runs: string[];
  /** The name of the log, such as "interchange.log". */
  log: string;
  /** Whether the log is there, and its version does not tell. */
  is_there: boolean;
  /** What cannot be known, in words. */
  text: string;
}
