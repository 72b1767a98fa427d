import { type Database, sql } from "../../sql/mod.ts";
import { type Interval, outside, unionOf } from "./intervals.ts";
import loggedWaitsText from "./logged_waits.sql" with { type: "text" };
import loggedWorkersText from "./logged_workers.sql" with { type: "text" };
import queueStatesText from "./queue_states.sql" with { type: "text" };
import queueWorkersText from "./queue_workers.sql" with { type: "text" };
import {
  isAsked,
  keyOf,
  levels,
  type Work,
  type Worker,
  type WorkerName,
  type WorkerOptions,
} from "./workers.ts";

/** Reads the workers of all executors, in the order of their names. */
export function readWorkers(db: Database, options: WorkerOptions): Worker[] {
  return [...loggedWorkers(db, options), ...queueWorkers(db, options)]
    .sort(byName)
    .map((worker) => ({ ...worker, work: withoutOverlaps(worker) }));
}

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

const { compare } = new Intl.Collator("en", { numeric: true });

function byName(a: WorkerName, b: WorkerName): number {
  for (const level of levels) {
    const order = compare(a[level] ?? "", b[level] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}

interface LoggedWorkerRow extends WorkerName {
  rundir: string | null;
  task: string | null;
  try: string | null;
  is_task: number;
  first: number | null;
  last: number | null;
  finished: number | null;
  life_end: number | null;
}

/**
 * Reads workers that write their own logs. They live until their last line or
 * that of their manager's log.
 */
function loggedWorkers(db: Database, options: WorkerOptions): Worker[] {
  const { queued, held } = waits(db, options);
  const workers = Map.groupBy(
    db.query<LoggedWorkerRow>(
      sql.module(loggedWorkersText, { is_asked: isAsked(options) }),
    ),
    ({ rundir, executor, block, manager, worker }) =>
      keyOf(rundir, executor, block, manager, worker),
  );
  return workers.values().flatMap((rows) => {
    const { rundir, executor, block, manager, worker } = rows[0]!;
    const times = rows.flatMap(({ first, last }) => [first, last])
      .filter((time) => time !== null);
    if (times.length === 0) return [];
    const life: Interval = [
      times.reduce((a, b) => Math.min(a, b)),
      times.reduce(
        (a, b) => Math.max(a, b),
        rows[0]!.life_end ?? -Infinity,
      ),
    ];
    return [{
      worker_id: rows.find((row) => row.worker_id !== null)?.worker_id ?? null,
      run: rows.find(({ run }) => run !== null)?.run ?? rundir,
      executor,
      block,
      manager,
      worker,
      life,
      work: workOf(rows, life[1]),
      queued: queued.get(keyOf(rundir, executor)),
      held: held.get(keyOf(rundir, executor, manager)) ?? [],
    }];
  }).toArray();
}

// A task that never finished keeps its worker until the next one, or for good.
function workOf(rows: readonly LoggedWorkerRow[], end: number): Work[] {
  const tasks = rows.filter(({ is_task, first }) => is_task && first !== null)
    .sort((a, b) => a.first! - b.first!);
  return tasks.map(({ first, finished, task, try: tryNumber }, i) => ({
    interval: [first!, finished ?? tasks[i + 1]?.first ?? end],
    task,
    try: tryNumber,
  }));
}

interface WaitRow {
  rundir: string | null;
  executor: string | null;
  manager: string | null;
  queued: number | null;
  held: number | null;
  ended: number | null;
}

/** When tasks waited: in the queue of each executor, with each manager. */
function waits(db: Database, options: WorkerOptions) {
  const queues = new Map<string, Interval[]>();
  const managers = new Map<string, Interval[]>();
  const rows = db.iterate<WaitRow>(
    sql.module(loggedWaitsText, { is_asked: isAsked(options) }),
  );
  for (const { rundir, executor, manager, queued, held, ended } of rows) {
    const until = ended ?? Infinity;
    if (queued !== null) {
      queues.getOrInsert(keyOf(rundir, executor), [])
        .push([queued, held ?? until]);
    }
    if (held !== null && manager !== null) {
      managers.getOrInsert(keyOf(rundir, executor, manager), [])
        .push([held, until]);
    }
  }
  return { queued: unions(queues), held: unions(managers) };
}

const unions = (intervals: Map<string, Interval[]>) =>
  new Map(intervals.entries().map(([key, list]) => [key, unionOf(list)]));

interface QueueWorkerRow {
  worker_id: number;
  rundir: string | null;
  run: string | null;
  executor: string | null;
  worker: string;
  connected: number | null;
  ended: number | null;
}

interface StateRow {
  rundir: string | null;
  executor: string | null;
  worker: string | null;
  task: string | null;
  try: string | null;
  work: "queued" | "busy";
  start: number;
  until: number | null;
}

/**
 * Reads workers that the log of a queue names. They live from when they connect
 * until they disconnect or the queue's manager ends.
 */
function queueWorkers(db: Database, options: WorkerOptions): Worker[] {
  const is_asked = isAsked(options);
  const workers = new Map<string, Worker & { queue: string }>();
  const queued = new Map<string, Interval[]>();
  for (
    const row of db.iterate<QueueWorkerRow>(
      sql.module(queueWorkersText, { is_asked }),
    )
  ) {
    const { worker_id, rundir, run, executor, worker, connected, ended } = row;
    if (connected === null || ended === null) continue;
    workers.set(keyOf(rundir, executor, worker), {
      worker_id,
      run: run ?? rundir,
      executor,
      block: null,
      manager: null,
      worker,
      life: [connected, ended],
      work: [],
      queued: undefined,
      held: [],
      queue: keyOf(rundir, executor),
    });
  }
  for (
    const row of db.iterate<StateRow>(sql.module(queueStatesText, { is_asked }))
  ) {
    const { rundir, executor, worker, task, try: tryNumber } = row;
    const interval: Interval = [row.start, row.until ?? Infinity];
    if (row.work === "queued") {
      queued.getOrInsert(keyOf(rundir, executor), []).push(interval);
    } else if (worker !== null) {
      workers.get(keyOf(rundir, executor, worker))?.work
        .push({ interval, task, try: tryNumber });
    }
  }
  const queues = unions(queued);
  return workers.values().map(({ queue, ...worker }) => ({
    ...worker,
    queued: queues.get(queue),
  })).toArray();
}
