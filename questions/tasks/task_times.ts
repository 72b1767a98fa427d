import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { sharedTexts } from "../shared_texts.ts";
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

/** A task: the columns that rows about tasks have in common. */
export interface TaskRow {
  /** Label of the run, such as "000"; if it has none, its id or directory. */
  run: string;
  /** The span of the task; null if only its tries are known. */
  task_id: number | null;
  /** Parsl's number of the task. */
  task: string;
  /** Its app. */
  app: string | null;
  /** Its final state, or its last known one. */
  state: string | null;
  /** When it was submitted, in Unix seconds. */
  submitted: number | null;
  /** When its last try reached a worker. */
  started: number | null;
  /** When the worker was done. */
  finished: number | null;
}

/** The times of a task, whichever component reports them. */
export interface TaskTimes extends TaskRow {
  joining: number | null;
  /** In the order of their numbers. */
  tries: TryTimes[];
  /** When its first try was launched. */
  launched: number | null;
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
  const share = sharedTexts(["run", "app", "executor", "try", "state"]);
  for (const row of rows) {
    share(row);
    const known = runs.getOrInsertComputed(row.run, () => new Map())
      .getOrInsertComputed(row.task, () => newTask(row));
    const { id: task_id, app, submitted, returned: ended, joining } = row;
    fill(known, row.is_task ? { task_id, app, submitted, ended } : { joining });
    if (!row.is_task && row.try !== null) addTry(known.tries, row as TryTimes);
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
  launched: null,
  started: null,
  finished: null,
  state: null,
  ended: null,
});

function addTry(tries: TryTimes[], one: TryTimes): void {
  const { executor, launched, started, finished, state, ended } = one;
  const known = tries.find((other) => other.try === one.try);
  if (!known) {
    // Not the whole row: there may be a million.
    tries.push({
      try: one.try,
      executor,
      launched,
      started,
      finished,
      state,
      ended,
    });
    return;
  }
  fill(known, { executor, launched, started, finished });
  if (known.ended === null) Object.assign(known, { state, ended });
}

/** Fills in what is unknown so far. */
function fill<T extends object>(known: T, more: Partial<T>): void {
  for (const name in more) known[name] ??= more[name]!;
}

function conclude(task: TaskTimes): void {
  task.tries.sort((a, b) => Number(a.try) - Number(b.try));
  const last = task.tries.at(-1);
  if (!last) return;
  const { launched, started, finished, state, ended } = last;
  Object.assign(task, { launched: task.tries[0]!.launched, started, finished });
  if (state !== null) task.state = state;
  else if (task.joining !== null) task.state = "joining";
  else if (started !== null) task.state = "running";
  else task.state = launched !== null ? "launched" : "pending";
  // After fail_retryable there is another try, even if no log has it.
  if (state !== null && state !== "fail_retryable") task.ended = ended;
}

interface SpanRow
  extends
    Omit<TryTimes, "try">,
    Pick<TaskTimes, "run" | "task" | "app" | "submitted" | "joining"> {
  id: number;
  try: string | null;
  is_task: number;
  returned: number | null;
}
