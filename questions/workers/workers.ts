import { type Sql, sql } from "../../sql/mod.ts";
import type { Interval } from "./intervals.ts";

/** Selects the workers of a question. By default all. */
export interface WorkerOptions {
  /** Only workers of this run: its id, or its run directory as in `rundir`. */
  run?: string;
  /** Only workers of the executor with this label. */
  executor?: string;
}

/** The name of a worker; null for a part that its component does not have. */
export interface WorkerName {
  /** The span of the worker; null if only its tasks are known. */
  worker_id: number | null;
  /** The id of the run, or else the run directory. */
  run: string | null;
  /** The label of its executor. */
  executor: string | null;
  /** The number of its block. */
  block: string | null;
  /** The id of its manager. */
  manager: string | null;
  /** Its number with its manager, or its name. */
  worker: string;
}

/** The parts of a worker's name, from the outside in. */
export const levels = [
  "run",
  "executor",
  "block",
  "manager",
  "worker",
] as const;

/** Picks the name of a worker. */
export function nameOf(name: WorkerName): WorkerName {
  const { worker_id, run, executor, block, manager, worker } = name;
  return { worker_id, run, executor, block, manager, worker };
}

/** A time in which a worker had a task: a try of Parsl's. */
export interface Work {
  interval: Interval;
  task: string | null;
  try: string | null;
}

/** A worker, its work, and the times in which work waited for it. */
export interface Worker extends WorkerName {
  life: Interval;
  /** In the order of their start. */
  work: Work[];
  /** When tasks of its executor waited; undefined if no log has that. */
  queued: readonly Interval[] | undefined;
  /** When its manager had tasks that waited for a worker. */
  held: readonly Interval[];
}

/** The condition that a `span` is among those asked for. */
export function isAsked({ run, executor }: WorkerOptions): Sql {
  const conditions = [sql`1 = 1`];
  if (run !== undefined) {
    conditions.push(
      sql`${run} IN (span.attributes ->> 'run', span.attributes ->> 'rundir')`,
    );
  }
  if (executor !== undefined) {
    conditions.push(sql`span.attributes ->> 'executor' = ${executor}`);
  }
  return sql.join(conditions, " AND ");
}

/** One text for the parts of a name. */
export const keyOf = (...parts: (string | null)[]): string =>
  JSON.stringify(parts);
