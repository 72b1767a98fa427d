import { type Database, type Sql, sql } from "../../sql/mod.ts";
import { type Interval, union } from "./intervals.ts";
import {
  attribute,
  isAsked,
  keyOf,
  take,
  type Work,
  type Worker,
  type WorkerName,
  type WorkerOptions,
} from "./workers.ts";

/**
 * The workers of high throughput executors, from their own logs. Their lives go
 * on until their last line or that of their manager's log.
 */
export function htexWorkers(db: Database, options: WorkerOptions): Worker[] {
  const ends = managerEnds(db, options);
  const { queued, held } = waiting(db, options);
  const rows = Map.groupBy(
    db.query<WorkerRow>(workerRows(options)),
    ({ rundir, executor, block, manager, worker }) =>
      keyOf(rundir, executor, block, manager, worker),
  );
  return rows.values().flatMap((rows) => {
    const name = rows[0]!;
    const ofManager = keyOf(name.rundir, name.executor, name.manager);
    const times = rows.flatMap(({ first, last }) => [first, last])
      .filter((time) => time !== null);
    // A worker that has no time has no life.
    if (times.length === 0) return [];
    const life: Interval = [
      times.reduce((a, b) => Math.min(a, b)),
      [...times, ends.get(ofManager) ?? -Infinity]
        .reduce((a, b) => Math.max(a, b)),
    ];
    return [{
      worker_id: rows.find(({ worker_id }) => worker_id !== null)?.worker_id ??
        null,
      run: rows.find(({ run }) => run !== null)?.run ?? name.rundir,
      executor: name.executor,
      block: name.block,
      manager: name.manager,
      worker: name.worker,
      life,
      work: workOf(rows, life[1]),
      queued: queued.get(keyOf(name.rundir, name.executor)),
      held: held.get(ofManager) ?? [],
    }];
  }).toArray();
}

interface WorkerRow extends WorkerName {
  rundir: string | null;
  task: string | null;
  try: string | null;
  is_task: number;
  first: number | null;
  last: number | null;
  finished: number | null;
}

// A row for each worker, and one for each task that a worker had.
const workerRows = (options: WorkerOptions): Sql =>
  sql`SELECT iif(type = ${workerType}, id, NULL) AS worker_id,
    ${attribute("rundir")} AS rundir, ${attribute("run")} AS run,
    ${attribute("executor")} AS executor, ${attribute("block")} AS block,
    ${attribute("manager")} AS manager, ${attribute("worker")} AS worker,
    ${attribute("task")} AS task, ${attribute("try")} AS try,
    type = ${taskType} AS is_task,
    (SELECT min(time) FROM event WHERE span_id = span.id) AS first,
    (SELECT max(time) FROM event WHERE span_id = span.id) AS last,
    (SELECT max(time) FROM event WHERE span_id = span.id AND event.type IN
      ('worker_completed_task', 'worker_all_finished_task')) AS finished
  FROM span
  WHERE type IN (${workerType}, ${taskType}) AND ${isAsked(options)}
  ORDER BY id`;

const workerType = "parsl.executor.htex.worker";
const taskType = "parsl.executor.htex.worker.task";

// A task that never finished kept its worker until it had the next, or for good.
function workOf(rows: readonly WorkerRow[], end: number): Work[] {
  const tasks = rows.filter(({ is_task, first }) => is_task && first !== null)
    .sort((a, b) => a.first! - b.first!);
  return tasks.map(({ first, finished, task, try: tryNumber }, i) => ({
    interval: [first!, finished ?? tasks[i + 1]?.first ?? end],
    task,
    try: tryNumber,
  }));
}

// What the interchange says of a manager may be long after its end.
const managerEnds = (db: Database, options: WorkerOptions) =>
  new Map(
    db.query<NameRow & { time: number }>(sql`
      SELECT ${attribute("rundir")} AS rundir,
        ${attribute("executor")} AS executor,
        ${attribute("manager")} AS manager, max(event.time) AS time
      FROM span
        JOIN event ON event.span_id = span.id
        JOIN source ON source.id = event.source_id
      WHERE span.type = 'parsl.executor.htex.manager'
        AND source.importer LIKE 'manager.%'
        AND event.time IS NOT NULL AND ${isAsked(options)}
      GROUP BY 1, 2, 3`)
      .map(({ rundir, executor, manager, time }) => [
        keyOf(rundir, executor, manager),
        time,
      ]),
  );

interface NameRow {
  rundir: string | null;
  executor: string | null;
  manager: string | null;
}

interface WaitingRow extends NameRow {
  waits: number | null;
  sent: number | null;
  got: number | null;
  received: number | null;
  ended: number | null;
}

/** When tasks waited: for each executor in a queue, for each manager with it. */
function waiting(db: Database, options: WorkerOptions) {
  const queues = new Map<string, Interval[]>();
  const managers = new Map<string, Interval[]>();
  for (const row of db.iterate<WaitingRow>(waitingRows(options))) {
    const { rundir, executor, manager } = row;
    const { waits, sent, got, received, ended } = row;
    const given = received ?? ended ?? Infinity;
    const sentOff = sent ?? got;
    if (waits !== null) {
      take(queues, keyOf(rundir, executor), () => [])
        .push([waits, sentOff ?? given]);
    }
    if (sentOff !== null && manager !== null) {
      take(managers, keyOf(rundir, executor, manager), () => [])
        .push([sentOff, given]);
    }
  }
  return { queued: unions(queues), held: unions(managers) };
}

// Who logs first is told first: Parsl logs a launch after it has submitted.
const waitingRows = (options: WorkerOptions): Sql =>
  sql`SELECT ${attribute("rundir")} AS rundir,
    ${attribute("executor")} AS executor,
    ${attribute("executor_task")} AS executor_task,
    max(${attribute("manager")}) AS manager,
    ${first("launched", "allocated", "sent", "interchange_queued")} AS waits,
    ${first("interchange_to_manager")} AS sent,
    ${first("manager_got_task")} AS got,
    ${first("worker_received_task")} AS received,
    ${
    first(
      ...["worker_completed_task", "worker_all_finished_task"],
      ...["interchange_removing_task", "manager_lost", "exec_done"],
      ...["fail_retryable", "failed", "joining"],
    )
  } AS ended
  FROM span JOIN event ON event.span_id = span.id
  WHERE span.type IN (${
    sql.join([
      "parsl.rundir.try",
      "parsl.executor.htex.submit.task",
      "parsl.executor.htex.interchange.task",
      "parsl.executor.htex.manager.task",
      taskType,
    ])
  }) AND event.named = 1 AND executor_task IS NOT NULL AND ${isAsked(options)}
  GROUP BY rundir, executor, executor_task`;

const first = (...types: string[]): Sql =>
  sql`min(iif(event.type IN (${sql.join(types)}), event.time, NULL))`;

const unions = (intervals: Map<string, Interval[]>) =>
  new Map(intervals.entries().map(([key, list]) => [key, union(list)]));
