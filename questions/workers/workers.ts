import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { nameOfRun, runLabels } from "../runs/find_run.ts";
import { type Interval, outside, unionOf } from "./intervals.ts";
import loggedWaitsText from "./logged_waits.sql" with { type: "text" };
import loggedWorkersText from "./logged_workers.sql" with { type: "text" };
import queueStatesText from "./queue_states.sql" with { type: "text" };
import queueWorkersText from "./queue_workers.sql" with { type: "text" };

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

/** The name of a worker; null for a part that its component does not have. */
export interface WorkerName {
  /** The span of the worker; null if only its tasks are known. */
  worker_id: number | null;
  /** The id of the run, or else the run directory. */
  run: string | null;
  /** Label of the run, such as "000"; null if no log describes it. */
  run_label: string | null;
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
  const { worker_id, run, run_label, executor, block, manager, worker } = name;
  return { worker_id, run, run_label, executor, block, manager, worker };
}

/** A time in which a worker had a task: a try of Parsl's. */
export interface Work {
  interval: Interval;
  task: string | null;
  try: string | null;
}

/** A worker, its work, and the times in which work waited for it. */
export interface Worker extends WorkerName {
  rundir: string | null;
  life: Interval;
  /** In the order of their start. */
  work: Work[];
  /** When tasks of its executor waited; undefined if no log has that. */
  queued: readonly Interval[] | undefined;
  /** When its manager had tasks that waited for a worker. */
  held: readonly Interval[];
}

// For each kind of worker the queries of the workers and of the states of tasks.
const kinds = [
  [loggedWorkersText, loggedWaitsText],
  [queueWorkersText, queueStatesText],
];

/** Reads the workers of all executors, in the order of their names. */
export function readWorkers(
  db: Database,
  { run: name, executor }: WorkerOptions,
): Worker[] {
  const run = nameOfRun(db, name);
  const isRun = run === undefined
    ? sql`1 = 1`
    : sql`${run} IN (span.attributes ->> 'run', span.attributes ->> 'rundir')`;
  const isExecutor = executor === undefined
    ? sql`1 = 1`
    : sql`span.attributes ->> 'executor' = ${executor}`;
  const is_wanted = sql`${isRun} AND ${isExecutor}`;
  const labels = runLabels(db);
  return kinds.flatMap((texts) =>
    joinWorkers(
      texts.values().flatMap((text) =>
        db.iterate<WorkerRow>(sql.module(text, { is_wanted }))
      ),
      labels,
    )
  ).sort((a, b) =>
    levels.map((level) => compare(a[level] ?? "", b[level] ?? ""))
      .find((order) => order !== 0) ?? 0
  );
}

const { compare } = new Intl.Collator("en", { numeric: true });

/** The times in which a worker had a task, or several. */
export const busyTimes = ({ work }: Worker): Interval[] =>
  unionOf(work.map(({ interval }) => interval));

/** The times in which a worker had no task. */
export const gapsOf = (worker: Worker): Interval[] =>
  outside(worker.life, busyTimes(worker));

/** The work within a worker's life. Workers of a queue have several at once. */
const withinLife = ({ life: [begin, finish], work }: Worker): Work[] =>
  work.map(({ interval: [start, end], ...of }) => ({
    interval: [Math.max(start, begin), Math.min(end, finish)] as const,
    ...of,
  })).filter(({ interval: [start, end] }) => start <= end);

/**
 * A row of a worker, with or without a task; or of a task without a worker row,
 * which some worker ran or which is still waiting.
 */
interface WorkerRow
  extends Omit<WorkerName, "run_label">, Omit<Work, "interval"> {
  rundir: string | null;
  /** The life of the worker; undefined in a row of a task. */
  start?: number | null;
  end?: number | null;
  /** When the task began with the worker or to wait; null if there is none. */
  begin: number | null;
  until: number | null;
}

/** Puts the rows of workers, their tasks and waiting tasks together. */
function joinWorkers(
  rows: Iterable<WorkerRow>,
  labels: ReadonlyMap<string | null, string>,
): Worker[] {
  const workers = new Map<string, Worker>();
  const waits = new Map<string, Interval[]>();
  for (const row of rows) {
    const { rundir, executor, block, manager, worker, start, end } = row;
    const key = keyOf(rundir, executor, block, manager, worker);
    if (start != null && end != null) {
      workers.getOrInsertComputed(key, () => ({
        ...nameOf({ ...row, run_label: labels.get(row.run) ?? null }),
        rundir,
        life: [start, end],
        work: [],
        queued: undefined,
        held: [],
      }));
    }
    if (row.begin === null) continue;
    const interval: Interval = [row.begin, row.until ?? Infinity];
    if (worker === null && start === undefined) {
      waits.getOrInsertComputed(keyOf(rundir, executor, manager), () => [])
        .push(interval);
    } else {
      workers.get(key)?.work.push({ interval, task: row.task, try: row.try });
    }
  }
  const waiting = new Map(
    waits.entries().map(([key, list]) => [key, unionOf(list)]),
  );
  for (const worker of workers.values()) {
    const { rundir, executor, manager } = worker;
    const held = waiting.get(keyOf(rundir, executor, manager));
    worker.queued = waiting.get(keyOf(rundir, executor, null));
    if (manager !== null && held) worker.held = held;
    worker.work = withinLife(worker);
  }
  return [...workers.values()];
}

/** One text for the parts of a name. */
export const keyOf = (...parts: (string | null)[]): string =>
  JSON.stringify(parts);
