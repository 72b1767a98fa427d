import { type Database, sql } from "../../sql/mod.ts";
import { type Interval, union } from "./intervals.ts";
import loggedWaitsText from "./logged_waits.sql" with { type: "text" };
import loggedWorkersText from "./logged_workers.sql" with { type: "text" };
import {
  isAsked,
  keyOf,
  take,
  type Work,
  type Worker,
  type WorkerName,
  type WorkerOptions,
} from "./workers.ts";

interface WorkerRow extends WorkerName {
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
 * Reads workers that write logs of their own. They live until their last line or
 * that of their manager's log.
 */
export function loggedWorkers(db: Database, options: WorkerOptions): Worker[] {
  const { queued, held } = waits(db, options);
  const workers = Map.groupBy(
    db.query<WorkerRow>(
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
function workOf(rows: readonly WorkerRow[], end: number): Work[] {
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
      take(queues, keyOf(rundir, executor), () => [])
        .push([queued, held ?? until]);
    }
    if (held !== null && manager !== null) {
      take(managers, keyOf(rundir, executor, manager), () => [])
        .push([held, until]);
    }
  }
  return { queued: unions(queues), held: unions(managers) };
}

const unions = (intervals: Map<string, Interval[]>) =>
  new Map(intervals.entries().map(([key, list]) => [key, union(list)]));
