import { type Database, type Sql, sql } from "../../sql/mod.ts";

/** When what happened to a try, in Unix seconds; null where nobody tells. */
export interface TryTimes {
  try: string;
  executor: string | null;
  launched: number | null;
  /** When it came to a worker. */
  started: number | null;
  /** When it was done there. */
  finished: number | null;
  /** The state that it ended in. */
  state: string | null;
  /** When it ended in that state. */
  ended: number | null;
}

/** When what happened to a task, whoever tells. */
export interface TaskTimes {
  /** The id of the run; where nobody tells it, the run directory. */
  run: string;
  task: string;
  task_id: number | null;
  app: string | null;
  submitted: number | null;
  joining: number | null;
  /** In the order of their numbers. */
  tries: TryTimes[];
  /** The state that it is in for good, or that it was in at last. */
  state: string | null;
  /** When it ended; null if it did not. */
  ended: number | null;
}

/** The tasks of each run, by their numbers. */
export function taskTimes(
  db: Database,
  run: string | undefined,
): Map<string, Map<string, TaskTimes>> {
  const runs = new Map<string, Map<string, TaskTimes>>();
  for (const row of db.iterate<SpanRow>(spanRows(run))) {
    const tasks = runs.get(row.run) ?? new Map<string, TaskTimes>();
    runs.set(row.run, tasks);
    const task = tasks.get(row.task) ?? newTask(row);
    tasks.set(row.task, task);
    if (row.is_task) {
      task.task_id ??= row.id;
      task.app ??= row.app;
      task.submitted ??= row.submitted;
      task.ended ??= row.returned;
      continue;
    }
    task.joining ??= row.joining;
    if (row.try === null) continue;
    let found = task.tries.find((one) => one.try === row.try);
    if (!found) {
      found = newTry(row.try);
      task.tries.push(found);
    }
    found.executor ??= row.executor;
    found.launched ??= row.launched;
    found.started ??= row.started;
    found.finished ??= row.finished;
    if (found.ended === null) {
      found.ended = row.ended;
      found.state = row.state;
    }
  }
  for (const tasks of runs.values()) tasks.forEach(conclude);
  return runs;
}

const newTask = ({ run, task }: SpanRow): TaskTimes => ({
  ...{ run, task, task_id: null, app: null, submitted: null, joining: null },
  ...{ tries: [], state: null, ended: null },
});

const newTry = (number: string): TryTimes => ({
  ...{ try: number, executor: null, launched: null, started: null },
  ...{ finished: null, state: null, ended: null },
});

function conclude(task: TaskTimes): void {
  task.tries.sort((a, b) => Number(a.try) - Number(b.try));
  const last = task.tries.at(-1);
  if (!last) return;
  task.state = last.state ??
    (task.joining !== null
      ? "joining"
      : last.started !== null
      ? "running"
      : last.launched !== null
      ? "launched"
      : "pending");
  // After fail_retryable there is another try, if only in what was not logged.
  if (last.state !== null && last.state !== "fail_retryable") {
    task.ended = last.ended;
  }
}

interface SpanRow {
  id: number;
  run: string;
  task: string;
  try: string | null;
  is_task: number;
  app: string | null;
  executor: string | null;
  submitted: number | null;
  returned: number | null;
  joining: number | null;
  launched: number | null;
  started: number | null;
  finished: number | null;
  state: string | null;
  ended: number | null;
}

// Who is asked first comes first: the process that Parsl ran in, and of a task
// with a worker the worker.
const types = [
  "parsl.rundir.task",
  "parsl.rundir.try",
  "parsl.executor.htex.worker.task",
  "workqueue.task",
  "taskvine.task",
  "parsl.monitoring.task",
  "parsl.monitoring.try",
];

const spanRows = (run: string | undefined): Sql =>
  sql`WITH told AS MATERIALIZED (
    SELECT span.id,
      ${first("submitted", "invoked")} AS submitted,
      ${last("returned")} AS returned,
      ${first("joining")} AS joining,
      ${first("launched")} AS launched,
      coalesce(${first("worker_received_task")}, ${last("RUNNING")},
        ${first("running")}) AS started,
      coalesce(${last("worker_completed_task", "worker_all_finished_task")},
        ${last("WAITING_RETRIEVAL")}, ${last("running_ended")}) AS finished,
      max(iif(event.type IN (${sql.join(finals)}),
        printf('%020.6f ', event.time) || event.type, NULL)) AS final,
      ${last(...finals)} AS ended
    FROM span LEFT JOIN event ON event.span_id = span.id AND event.named = 1
    WHERE span.type IN (${sql.join(types)})
    GROUP BY span.id
  )
  SELECT span.id,
    ifnull(attributes ->> '$.run', attributes ->> '$.rundir') AS run,
    attributes ->> '$.task' AS task, attributes ->> '$.try' AS try,
    span.type IN ('parsl.rundir.task', 'parsl.monitoring.task') AS is_task,
    attributes ->> '$.app' AS app, attributes ->> '$.executor' AS executor,
    submitted, returned, joining, launched, started, finished,
    substr(final, 22) AS state, ended
  FROM told JOIN span ON span.id = told.id
  WHERE run IS NOT NULL AND task IS NOT NULL ${
    run === undefined ? sql`` : sql`AND ${run} IN (
      attributes ->> '$.run', attributes ->> '$.rundir')`
  }
  ORDER BY CASE span.type ${
    sql.join(types.map((type, i) => sql`WHEN ${type} THEN ${i}`), " ")
  } END, span.id`;

const finals = [
  "exec_done",
  "memo_done",
  "dep_fail",
  "failed",
  "fail_retryable",
];

const first = (...names: string[]): Sql =>
  sql`min(iif(event.type IN (${sql.join(names)}), event.time, NULL))`;

const last = (...names: string[]): Sql =>
  sql`max(iif(event.type IN (${sql.join(names)}), event.time, NULL))`;
