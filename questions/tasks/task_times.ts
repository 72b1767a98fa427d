import {
  Columns,
  type Database,
  PairNumbers,
  spanSql as sql,
  TextNumbers,
} from "../../sql/mod.ts";
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

/**
 * The tasks of a run, by their numbers. They are in columns: objects of a million
 * would take half a gigabyte.
 */
export class RunTasks {
  readonly #run: string;
  readonly #tasks: Columns<
    "task" | "app",
    "task_id" | "submitted" | "joining" | "ended" | "last"
  >;
  /** `before` is another try of the same task. */
  readonly #tries: Columns<
    "try" | "executor" | "state",
    "launched" | "started" | "finished" | "ended" | "before"
  >;
  /** Numbers the tasks; a row is one less. */
  readonly #numbers = new PairNumbers();

  constructor(run: string, texts: TextNumbers) {
    this.#run = run;
    this.#tasks = new Columns(
      ["task", "app"],
      ["task_id", "submitted", "joining", "ended", "last"],
      texts,
    );
    this.#tries = new Columns(
      ["try", "executor", "state"],
      ["launched", "started", "finished", "ended", "before"],
      texts,
    );
  }

  get size(): number {
    return this.#tasks.length;
  }

  get(task: string): TaskTimes | undefined {
    // An attribute may be a number.
    const { texts } = this.#tasks;
    const row = this.#numbers.known(0, texts.known(String(task))) - 1;
    return row < 0 ? undefined : this.#at(row);
  }

  *keys(): Generator<string> {
    for (let row = 0; row < this.size; row++) {
      yield this.#tasks.text(row, "task")!;
    }
  }

  *values(): Generator<TaskTimes> {
    for (let row = 0; row < this.size; row++) yield this.#at(row);
  }

  /** Adds what a span tells, the most trusted first. */
  add(span: SpanRow): void {
    const tasks = this.#tasks;
    const row = this.#numbers.number(0, tasks.numberOf(span.task)) - 1;
    const { id: task_id, app, submitted, joining, returned: ended } = span;
    if (row === tasks.length) tasks.add({ ...unknownTask, task: span.task });
    if (span.is_task) {
      if (tasks.textNumber(row, "app") === 0) tasks.setText(row, "app", app);
      tasks.fillNumbers(row, { task_id, submitted, ended });
    } else tasks.fillNumbers(row, { joining });
    if (!span.is_task && span.try !== null) this.#addTry(row, span);
  }

  #addTry(task: number, span: SpanRow): void {
    const tries = this.#tries;
    const { executor, launched, started, finished, state, ended } = span;
    const name = tries.numberOf(span.try);
    const known = this.#triesOf(task)
      .find((one) => tries.textNumber(one, "try") === name);
    if (known === undefined) {
      const before = this.#tasks.number(task, "last");
      this.#tasks.setNumber(task, "last", tries.add({ ...span, before }));
      return;
    }
    if (tries.textNumber(known, "executor") === 0) {
      tries.setText(known, "executor", executor);
    }
    tries.fillNumbers(known, { launched, started, finished });
    if (tries.number(known, "ended") === null) {
      tries.setText(known, "state", state);
      tries.setNumber(known, "ended", ended);
    }
  }

  *#triesOf(task: number): Generator<number> {
    let one = this.#tasks.number(task, "last");
    for (; one !== null; one = this.#tries.number(one, "before")) yield one;
  }

  #at(row: number): TaskTimes {
    const tasks = this.#tasks;
    const tries = this.#triesOf(row).map((one): TryTimes => ({
      try: this.#tries.text(one, "try")!,
      executor: this.#tries.text(one, "executor"),
      state: this.#tries.text(one, "state"),
      ...this.#tries.numbers(one, [
        "launched",
        "started",
        "finished",
        "ended",
      ]),
    })).toArray().reverse();
    const task: TaskTimes = {
      run: this.#run,
      task: tasks.text(row, "task")!,
      app: tasks.text(row, "app"),
      ...tasks.numbers(row, ["task_id", "submitted", "joining", "ended"]),
      launched: null,
      started: null,
      finished: null,
      state: null,
      tries,
    };
    conclude(task);
    return task;
  }
}

const unknownTask = {
  app: null,
  task_id: null,
  submitted: null,
  joining: null,
  ended: null,
  last: null,
};

/** Reads the tasks of each run. */
export function taskTimes(
  db: Database,
  run: string | undefined,
): Map<string, RunTasks> {
  const runs = new Map<string, RunTasks>();
  const texts = new TextNumbers();
  const rows = db.iterate<SpanRow>(sql.module(taskTimesText, {
    is_run: run === undefined ? sql`1 = 1` : sql`${run} IN (run_id, rundir)`,
  }));
  for (const row of rows) {
    runs.getOrInsertComputed(row.run, () => new RunTasks(row.run, texts))
      .add(row);
  }
  return runs;
}

/** Tells the times and the state of a task from its tries. */
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
