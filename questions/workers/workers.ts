import { type Sql, sql } from "../../sql/mod.ts";
import type { Interval } from "./intervals.ts";

/** Which workers a question is about. By default all. */
export interface WorkerOptions {
  /** Those of one run: its id, or its run directory as `rundir` has it. */
  run?: string;
  /** Those of one executor, by its label. */
  executor?: string;
}

/** What names a worker; null where its component has no such part. */
export interface WorkerName {
  /** The span of the worker; null where only its tasks are told of. */
  worker_id: number | null;
  /** The id of the run; where nobody tells it, the run directory. */
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

/** What a worker is part of, from the outside in, and itself. */
export const levels = [
  "run",
  "executor",
  "block",
  "manager",
  "worker",
] as const;

/** The name of a worker, alone. */
export function nameOf(name: WorkerName): WorkerName {
  const { worker_id, run, executor, block, manager, worker } = name;
  return { worker_id, run, executor, block, manager, worker };
}

/** A time in which a worker had a task, and which: a try of Parsl's. */
export interface Work {
  interval: Interval;
  task: string | null;
  try: string | null;
}

/** What is known of a worker, and what might have kept it busy. */
export interface Worker extends WorkerName {
  life: Interval;
  /** In the order of their start. */
  work: Work[];
  /** When tasks of its executor waited; undefined if nobody tells of that. */
  queued: readonly Interval[] | undefined;
  /** When tasks that its manager had been sent waited for a worker. */
  held: readonly Interval[];
}

/** An attribute of `span`. */
export const attribute = (name: string): Sql =>
  sql`span.attributes ->> ${`$.${name}`}`;

/** The condition that a `span` is among those that are asked for. */
export function isAsked({ run, executor }: WorkerOptions): Sql {
  const conditions = [
    ...run === undefined ? [] : [
      sql`(${attribute("run")} = ${run} OR ${attribute("rundir")} = ${run})`,
    ],
    ...executor === undefined
      ? []
      : [sql`${attribute("executor")} = ${executor}`],
  ];
  return conditions.length === 0 ? sql`1` : sql.join(conditions, " AND ");
}

/** One text for several that tell a thing from others. */
export const keyOf = (...parts: (string | null)[]): string =>
  JSON.stringify(parts);

/** The value of a key, made if it is not there. */
export function take<Value>(
  map: Map<string, Value>,
  key: string,
  make: () => Value,
): Value {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
