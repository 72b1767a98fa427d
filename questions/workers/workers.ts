import { type Database, sql } from "../../sql/mod.ts";
import { type Interval, outside, unionOf } from "./intervals.ts";
import loggedWaitsText from "./logged_waits.sql" with { type: "text" };
import loggedWorkersText from "./logged_workers.sql" with { type: "text" };
import queueStatesText from "./queue_states.sql" with { type: "text" };
import queueWorkersText from "./queue_workers.sql" with { type: "text" };

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

/** Reads the workers of all executors, in the order of their names. */
export function readWorkers(
  db: Database,
  { run, executor }: WorkerOptions,
): Worker[] {
  const isAsked = sql.join([
    sql`1 = 1`,
    ...run === undefined ? [] : [
      sql`${run} IN (span.attributes ->> 'run', span.attributes ->> 'rundir')`,
    ],
    ...executor === undefined
      ? []
      : [sql`span.attributes ->> 'executor' = ${executor}`],
  ], " AND ");
  const read = (workersText: string, statesText: string) =>
    joinWorkers(
      db.iterate(sql.module(workersText, { is_asked: isAsked })),
      db.iterate(sql.module(statesText, { is_asked: isAsked })),
    );
  return [
    ...read(loggedWorkersText, loggedWaitsText),
    ...read(queueWorkersText, queueStatesText),
  ].sort((a, b) =>
    levels.map((level) => compare(a[level] ?? "", b[level] ?? ""))
      .find((order) => order !== 0) ?? 0
  ).map((worker) => ({ ...worker, work: withoutOverlaps(worker) }));
}

const { compare } = new Intl.Collator("en", { numeric: true });

/** The times in which a worker had no task. */
export function gapsOf({ life, work }: Worker): Interval[] {
  return outside(life, unionOf(work.map(({ interval }) => interval)));
}

// If two tasks overlap, the shared time counts for the first.
function withoutOverlaps({ life, work }: Worker): Work[] {
  const found: Work[] = [];
  let since = life[0];
  for (const { interval: [start, end], ...of } of work) {
    const from = Math.max(start, since);
    const to = Math.min(end, life[1]);
    if (from < to) found.push({ interval: [from, to], ...of });
    since = Math.max(since, to);
  }
  return found;
}

/** A row of a worker, with a task that it had or without. */
interface WorkerRow extends WorkerName {
  rundir: string | null;
  start: number | null;
  end: number | null;
  task: string | null;
  try: string | null;
  begin: number | null;
  until: number | null;
}

/** A task that a worker had, or that waited for one. */
interface StateRow extends Omit<WorkerRow, "worker" | "start"> {
  worker: string | null;
  start: number;
}

/** Puts the rows of workers, their tasks and waiting tasks together. */
function joinWorkers(
  rows: Iterable<WorkerRow>,
  states: Iterable<StateRow>,
): Worker[] {
  const workers = new Map<string, Worker & { rundir: string | null }>();
  for (const row of rows) {
    const { rundir, start, end, begin, until } = row;
    if (start === null || end === null) continue;
    const { work } = workers.getOrInsertComputed(workerKey(row), () => ({
      ...nameOf(row),
      rundir,
      life: [start, end],
      work: [],
      queued: undefined,
      held: [],
    }));
    if (begin !== null) work.push(workOf(row, begin, until));
  }
  const waits = new Map<string, Interval[]>();
  for (const row of states) {
    const { rundir, executor, manager, worker, start, until } = row;
    const work = workOf(row, start, until);
    if (worker === null) {
      waits.getOrInsertComputed(keyOf(rundir, executor, manager), () => [])
        .push(work.interval);
    } else workers.get(workerKey(row))?.work.push(work);
  }
  const waiting = new Map(
    waits.entries().map(([key, list]) => [key, unionOf(list)]),
  );
  return workers.values().map(({ rundir, ...worker }) => {
    const { executor, manager } = worker;
    const queued = waiting.get(keyOf(rundir, executor, null));
    const held = waiting.get(keyOf(rundir, executor, manager));
    return { ...worker, queued, held: manager !== null && held || [] };
  }).toArray();
}

const workOf = (
  { task, try: tryNumber }: Omit<Work, "interval">,
  start: number,
  until: number | null,
): Work => ({ interval: [start, until ?? Infinity], task, try: tryNumber });

const workerKey = (
  { rundir, executor, block, manager, worker }: StateRow | WorkerRow,
) => keyOf(rundir, executor, block, manager, worker);

/** One text for the parts of a name. */
export const keyOf = (...parts: (string | null)[]): string =>
  JSON.stringify(parts);
