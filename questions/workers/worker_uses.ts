import type { Interval } from "./intervals.ts";
import type { Attempt, Worker } from "./worker.ts";

/** The uses of a worker's time, in the order of the rows. */
export type WorkerUse =
  | "useful"
  | "retried"
  | "failed"
  | "lost"
  | "unfinished"
  | "start-up"
  | "transfer"
  | "manager"
  | "dispatch"
  | "dependencies"
  | "nothing queued"
  | "unknown"
  | "drain";

/** A part of the time that workers were paid for: a row of `workerTime(db)`. */
export interface WorkerTime {
  /** Label of the run, such as "000"; if it has none, its id or directory. */
  run: string | null;
  /** The label of the executor. This and the parts below depend on `by`. */
  executor?: string | null;
  /** The number of the block. */
  block?: string | null;
  /** The id of the manager. */
  manager?: string | null;
  /** The worker: its number with its manager, or its name. */
  worker?: string | null;
  /** The name of the node. */
  node?: string | null;
  /** The app; null for time without a task. */
  app?: string | null;
  /** The use of the time. */
  use: WorkerUse;
  /** Seconds of all slots together. */
  seconds: number;
  /** The part of `paid_seconds`, from 0 to 1. */
  share: number;
  /** All seconds of the group; by app those of the run. */
  paid_seconds: number;
  /** Number of workers; by app those of the run. */
  workers: number;
}

/** Uses with a task, in the order of rows. */
export const working: readonly WorkerUse[] = [
  "useful",
  "retried",
  "failed",
  "lost",
  "unfinished",
];
/** Uses without one. */
export const idle: readonly WorkerUse[] = [
  "start-up",
  "transfer",
  "manager",
  "dispatch",
  "dependencies",
  "nothing queued",
  "unknown",
  "drain",
];

/** A time of one slot, and what it was used for. */
interface Use {
  use: WorkerUse;
  when: Interval;
}

/** Each attempt, without the time that it shares with another. */
export function* workOf(
  workers: readonly Worker[],
): Generator<Use & { app: string | null }> {
  for (const { attempts } of workers.flatMap(({ lanes }) => lanes)) {
    let until = -Infinity;
    for (const attempt of attempts) {
      const { start, end, app } = attempt;
      const when: Interval = [Math.min(end, Math.max(start, until)), end];
      yield { app, use: useOf(attempt), when };
      until = Math.max(until, end);
    }
  }
}

/** The times before and after the life of each slot. */
export function* edgesOf(workers: readonly Worker[]): Generator<Use> {
  for (const { life, paid } of workers.flatMap(({ lanes }) => lanes)) {
    yield { use: "start-up", when: [paid[0], life[0]] };
    yield { use: "drain", when: [life[1], paid[1]] };
  }
}

function useOf({ outcome, retried }: Attempt): WorkerUse {
  switch (outcome) {
    case "done":
      return "useful";
    case "failed":
      return retried ? "retried" : "failed";
    case "lost":
      return "lost";
    case "running":
      return "unfinished";
  }
}
