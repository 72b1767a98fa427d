import { type Database, sql } from "../../sql/mod.ts";
import taskTimesText from "./task_times.sql" with { type: "text" };

/** The times of a try, in Unix seconds; null if no log has them. */
interface TryTimes {
  try: string;
  executor: string | null;
  launched: number | null;
  /** When it reached a worker. */
  started: number | null;
  /** When the worker was done. */
  finished: number | null;
  /** Its final state. */
  state: string | null;
  /** When it entered this state. */
  ended: number | null;
}

/** The times of a task, whichever component reports them. */
export interface TaskTimes {
  /** The id of the run, or else the run directory. */
  run: string;
  task: string;
  task_id: number | null;
  app: string | null;
  submitted: number | null;
  joining: number | null;
  /** In the order of their numbers. */
  tries: TryTimes[];
  /** Its final state, or its last known one. */
  state: string | null;
  /** When it ended; null if it did not. */
  ended: number | null;
}

/** Reads the tasks of each run, by their numbers. */
export function taskTimes(
  db: Database,
  run: string | undefined,
): Map<string, Map<string, TaskTimes>> {
  const runs = new Map<string, Map<string, TaskTimes>>();
  const rows = db.iterate<SpanRow>(sql.module(taskTimesText, {
    is_run: run === undefined ? sql`1 = 1` : sql`${run} IN (run_id, rundir)`,
  }));
  for (const row of rows) {
    const task = runs.getOrInsertComputed(row.run, () => new Map())
      .getOrInsertComputed(row.task, () => newTask(row));
    if (row.is_task) {
      const { id: task_id, app, submitted, returned: ended } = row;
      fill(task, { task_id, app, submitted, ended });
      continue;
    }
    fill(task, { joining: row.joining });
    if (row.try === null) continue;
    const { executor, launched, started, finished, state, ended } = row;
    const times = { try: row.try, executor, launched, started, finished };
    const known = task.tries.find((one) => one.try === row.try);
    if (!known) task.tries.push({ ...times, state, ended });
    else {
      fill(known, times);
      if (known.ended === null) Object.assign(known, { state, ended });
    }
  }
  for (const tasks of runs.values()) tasks.forEach(conclude);
  return runs;
}

const newTask = ({ run, task }: SpanRow): TaskTimes => ({
  run,
  task,
  task_id: null,
  app: null,
  submitted: null,
  joining: null,
  tries: [],
  state: null,
  ended: null,
});

/** Fills in what is unknown so far. */
function fill<T extends object>(known: T, more: Partial<T>): void {
  for (const name in more) known[name] ??= more[name]!;
}

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
  // After fail_retryable there is another try, even if no log has it.
  if (last.state !== null && last.state !== "fail_retryable") {
    task.ended = last.ended;
  }
}

interface SpanRow extends Omit<TryTimes, "try"> {
  id: number;
  run: string;
  task: string;
  try: string | null;
  is_task: number;
  app: string | null;
  submitted: number | null;
  returned: number | null;
  joining: number | null;
}
