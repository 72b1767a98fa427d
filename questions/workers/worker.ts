// @ts-types="npm:@types/d3-array@3.2.2"
import { sum } from "d3-array";
import type { OptionNames } from "../../display/text/mistakes.ts";
import type { Resources } from "./executions.ts";
import { keyOf } from "./place_rows.ts";
import type { Interval } from "./intervals.ts";
import type { Lane } from "./lanes.ts";
import type { EndReason } from "./lives.ts";

/** Selects the workers of a question. By default all. */
export interface WorkerOptions {
  /**
   * Only workers of this run: its label ("000"), its id, its directory, or a
   * unique part of these.
   */
  run?: string;
  /** Only workers of the executor with this label. */
  executor?: string;
}

export const workerOptionNames: OptionNames<WorkerOptions> = {
  run: true,
  executor: true,
};

/** The name of a worker; null for a part that its component does not have. */
export interface WorkerName {
  /** The label of the run, such as "000"; if it has none, its id or directory. */
  run: string | null;
  /** The label of its executor. */
  executor: string | null;
  /** The number of its block. */
  block: string | null;
  /** The id of its manager. */
  manager: string | null;
  /**
   * Its number with its manager, or its name; null for the workers of a manager
   * that left no logs.
   */
  worker: string | null;
}

/** The parts of a worker's name, from the outside in. */
export const levels = [
  "run",
  "executor",
  "block",
  "manager",
  "worker",
] as const;

/** The columns of the groups: a worker is one of its manager, and so on. */
export function groupColumns(names: readonly string[]): string[] {
  const outer = names.flatMap((name): string[] => {
    const level = levels.findIndex((one) => one === name);
    return level < 0 ? [name] : levels.slice(0, level + 1);
  });
  return [...new Set(["run", ...outer])];
}

/** Picks the name of a worker. */
export function nameOf(name: WorkerName): WorkerName {
  const { run, executor, block, manager, worker } = name;
  return { run, executor, block, manager, worker };
}

/** How an attempt ended. */
export type Outcome = "done" | "failed" | "lost" | "running";

/** An execution of a task on a worker: a row of `attempts(db)`. */
export interface Attempt extends WorkerName, Resources {
  /** Name of the node. */
  host: string | null;
  /** The app of its task, or else its category in a queue. */
  app: string | null;
  /** Parsl's number of the task; null if unknown. */
  task: string | null;
  /** The number of the try. */
  try: string | null;
  /** The executor's own number of the task. */
  executor_task: string | null;
  /**
   * When its manager had the task, in Unix seconds: from then on it waited for the
   * worker. Null if no log says so, and in a queue, whose workers have tasks at once.
   */
  received: number | null;
  /** When the worker received the task, in Unix seconds. */
  start: number;
  /** When it ended, or was last known to run, in Unix seconds. */
  end: number;
  /** end - start. */
  seconds: number;
  /**
   * "done"; "failed" with an exception; "lost" with its worker, manager or block;
   * "running" if no log has its end.
   */
  outcome: Outcome;
  /**
   * The source of its end: "log" for its account's own, or the reason why it
   * ended without one.
   */
  ended_by: "log" | "next attempt" | "end of the try" | EndReason;
  /** 1 if the task was tried again afterwards, otherwise 0. */
  retried: 0 | 1;
  /**
   * Who tells of it: "log" of the worker or the queue, "monitoring", the
   * "manager" according to the interchange, or the "thread" of a pool.
   */
  account: "log" | "monitoring" | "manager" | "thread";
  /** The span of the work or the try, for queries in SQL. */
  span_id: number;
}

/** A worker with its attempts, and the times in which work waited for it. */
export interface Worker extends WorkerName, Resources {
  host: string | null;
  life: Interval;
  ended_by: EndReason;
  /** JSON: attributes of its span, and of its manager's. */
  attributes: readonly string[];
  /** In the order of their start. */
  attempts: Attempt[];
  lanes: Lane<Attempt>[];
  /** When tasks of its executor waited; undefined if no log has that. */
  queued: readonly Interval[] | undefined;
  /** When its manager had tasks that waited for a worker. */
  held: readonly Interval[];
  /** When tasks waited for others. */
  pending: readonly Interval[];
  /** When it sent or received files. */
  transfers: readonly Interval[];
}

/** How many workers it stands for: a manager may stand for all of its own. */
export const workerCount = ({ worker, lanes }: Worker): number =>
  worker === null ? lanes.length : 1;

/** Counts workers, each once if it was connected several times. */
export function countWorkers(workers: readonly Worker[]): number {
  const counts = new Map(
    workers.map((worker) => [
      keyOf(...levels.map((level) => worker[level])),
      workerCount(worker),
    ]),
  );
  return sum(counts.values());
}

/** Orders workers and blocks by their names, 2 before 10. */
export const byName = (a: Partial<WorkerName>, b: Partial<WorkerName>) =>
  levels.map((level) => compare(a[level] ?? "", b[level] ?? ""))
    .find((order) => order !== 0) ?? 0;

const { compare } = new Intl.Collator("en", { numeric: true });
