import { type Database, sql } from "../../sql/mod.ts";
import { type Interval, union } from "./intervals.ts";
import queueStatesText from "./queue_states.sql" with { type: "text" };
import queueWorkersText from "./queue_workers.sql" with { type: "text" };
import {
  isAsked,
  keyOf,
  take,
  type Worker,
  type WorkerOptions,
} from "./workers.ts";

interface WorkerRow {
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
export function queueWorkers(db: Database, options: WorkerOptions): Worker[] {
  const is_asked = isAsked(options);
  const workers = new Map<string, Worker & { queue: string }>();
  const queued = new Map<string, Interval[]>();
  for (
    const row of db.iterate<WorkerRow>(
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
      take(queued, keyOf(rundir, executor), () => []).push(interval);
    } else if (worker !== null) {
      workers.get(keyOf(rundir, executor, worker))?.work
        .push({ interval, task, try: tryNumber });
    }
  }
  const queues = new Map(
    queued.entries().map(([key, list]) => [key, union(list)]),
  );
  return workers.values().map(({ queue, ...worker }) => ({
    ...worker,
    queued: queues.get(queue),
  })).toArray();
}
