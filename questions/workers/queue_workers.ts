import { type Database, type Sql, sql } from "../../sql/mod.ts";
import { type Interval, union } from "./intervals.ts";
import {
  attribute,
  isAsked,
  keyOf,
  take,
  type Worker,
  type WorkerOptions,
} from "./workers.ts";

/**
 * The workers of Work Queue or TaskVine, from the log of its transactions. They
 * live from when they connect until they disconnect or the manager ends.
 */
export function queueWorkers(
  db: Database,
  component: "workqueue" | "taskvine",
  options: WorkerOptions,
): Worker[] {
  const workers = new Map<string, Worker>();
  const queued = new Map<string, Interval[]>();
  for (const row of db.iterate<WorkerRow>(workerRows(component, options))) {
    const { rundir, executor, worker, connected, ended } = row;
    if (connected === null || ended === null) continue;
    workers.set(keyOf(rundir, executor, worker), {
      ...{ worker_id: row.worker_id, run: row.run ?? rundir, executor },
      ...{ block: null, manager: null, worker },
      life: [connected, ended],
      work: [],
      queued: undefined,
      held: [],
    });
  }
  for (const row of db.iterate<StateRow>(stateRows(component, options))) {
    const { rundir, executor, worker, state, time, until } = row;
    const interval: Interval = [time, until ?? Infinity];
    if (state === "WAITING") {
      const waits = Math.min(row.submitted ?? time, time);
      take(queued, keyOf(rundir, executor), () => []).push([
        row.is_first ? waits : time,
        interval[1],
      ]);
    } else if (worker !== null) {
      workers.get(keyOf(rundir, executor, worker))?.work
        .push({ interval, task: row.task, try: row.try });
    }
  }
  const queues = new Map(
    queued.entries().map(([key, list]) => [key, union(list)]),
  );
  return workers.entries().map(([key, worker]) => {
    const [rundir, executor] = JSON.parse(key);
    return { ...worker, queued: queues.get(keyOf(rundir, executor)) };
  }).toArray();
}

interface WorkerRow {
  worker_id: number;
  rundir: string | null;
  run: string | null;
  executor: string | null;
  worker: string;
  connected: number | null;
  ended: number | null;
}

const workerRows = (component: string, options: WorkerOptions): Sql =>
  sql`SELECT id AS worker_id, ${attribute("rundir")} AS rundir,
    ${attribute("run")} AS run, ${attribute("executor")} AS executor,
    ${attribute("worker")} AS worker,
    (SELECT min(time) FROM event
      WHERE span_id = span.id AND type = 'CONNECTION') AS connected,
    coalesce(
      (SELECT max(time) FROM event
        WHERE span_id = span.id AND type = 'DISCONNECTION'),
      (SELECT max(event.time)
        FROM subspan JOIN event ON event.span_id = superspan_id
        WHERE subspan_id = span.id AND event.type = 'END'),
      (SELECT max(time) FROM event WHERE span_id = span.id)) AS ended
  FROM span WHERE type = ${`${component}.worker`} AND ${isAsked(options)}`;

interface StateRow {
  rundir: string | null;
  executor: string | null;
  worker: string | null;
  task: string | null;
  try: string | null;
  state: string;
  is_first: number;
  time: number;
  until: number | null;
  submitted: number | null;
}

// Each time that a task waits or runs. What moves its files is no state of it.
const stateRows = (component: string, options: WorkerOptions): Sql =>
  sql`SELECT *,
    (SELECT min(submission.time)
      FROM subspan JOIN event AS submission
        ON submission.span_id = subspan.superspan_id
      WHERE subspan.subspan_id = told.id
        AND submission.type = 'executor_submitted') AS submitted
  FROM (
    SELECT span.id, ${attribute("rundir")} AS rundir,
      ${attribute("executor")} AS executor,
      ifnull(event.attributes ->> '$.worker', ${attribute("worker")}) AS worker,
      ${attribute("task")} AS task, ${attribute("try")} AS try,
      event.type AS state, event.time,
      lead(event.time) OVER states AS until,
      row_number() OVER states = 1 AS is_first
    FROM span JOIN event ON event.span_id = span.id
    WHERE span.type = ${`${component}.task`} AND event.named = 1
      AND event.type NOT LIKE 'TRANSFER%' AND event.time IS NOT NULL
      AND ${isAsked(options)}
    WINDOW states AS (PARTITION BY span.id ORDER BY event.time, event.id)
  ) AS told
  WHERE state IN ('WAITING', 'RUNNING')
  ORDER BY time`;
