/** A cause of failures: a row of `failures`. */
export interface Failure {
  /** Label of the run, such as "000"; if it has none, its id or directory. */
  run: string | null;
  /** Type of the exception; null if no log names one. */
  exception: string | null;
  /** Its message, with N for numbers and "…" for identifiers. */
  message: string | null;
  /** Number of tasks that it made fail for good, dependents included. */
  failed_tasks: number;
  /** Number of tasks that failed with it and succeeded when tried again. */
  recovered_tasks: number;
  /** Number of tries that ended with it. */
  tries: number;
  /** Number of tasks that failed only because they depend on others that did. */
  dependents: number;
  /** Number of blocks that failed with it. */
  blocks: number;
  /**
   * How they ended, or the blocks with which the workers of tries were lost:
   * "OUT_OF_MEMORY, exit code 137"; "" for none.
   */
  block_ends: string;
  /** The apps of the tries, those of dependents last. */
  apps: string;
  /** The nodes, or else the executors, where the tries ran. */
  hosts: string;
  /** Unix seconds at which the first try failed. */
  first: number | null;
  /** Unix seconds at which the last try failed. */
  last: number | null;
  /** Seconds of workers that the tries took. */
  worker_seconds: number;
  /**
   * A thing that failed with it: "task 136", "block 0 of htex", or the executor's
   * own name of a task of which Parsl does not know, "executor task 5".
   */
  such_as: string;
  /** Parsl's number of that task, for `story(db, { task })`; null without one. */
  task: string | null;
  /** The number of the try; null without one. */
  try: string | null;
  /** The message of that try. */
  example: string | null;
  /** Its traceback; null if no log has one. */
  traceback: string | null;
}
