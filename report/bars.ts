import { eachAttempt, eachTask } from "../questions/mod.ts";
import {
  Columns,
  type Database,
  PairNumbers,
  sql,
  type TextNumbers,
} from "../sql/mod.ts";
import type { StreamRun } from "./series.ts";
import type { Spans } from "./spans.ts";

const barTexts = [
  "run",
  "executor",
  "block",
  "manager",
  "worker",
  "host",
  "app",
  "task",
  "try",
  "executor_task",
  "outcome",
] as const;
export type BarText = typeof barTexts[number];

/**
 * Attempts, and tasks that no worker is known to have had: these have no span_id,
 * and the outcome "not ended" without an end. `since` is when it began to wait for
 * a worker; its start if no log has that.
 */
export type Bars = Columns<BarText, "start" | "end" | "since" | "span_id">;

/** Reads the attempts. */
export function readBars(
  db: Database,
  spans: Spans,
  options: { run?: string },
  texts: TextNumbers,
): Bars {
  const bars: Bars = new Columns(
    barTexts,
    ["start", "end", "since", "span_id"],
    texts,
  );
  for (const one of eachAttempt(db, options)) bars.add({ ...one, since: null });
  if (bars.length > 0) addWaiting(db, spans, bars);
  return bars;
}

/** Tasks: texts and times. */
export type Tasks = Columns<
  "run" | "task" | "app" | "state" | "executor",
  "submitted" | "launched" | "ended" | "tries"
>;

/** Reads the tasks, run after run. */
export function readTasks(
  db: Database,
  options: { run?: string },
  texts: TextNumbers,
): Tasks {
  const tasks: Tasks = new Columns(
    ["run", "task", "app", "state", "executor"],
    ["submitted", "launched", "ended", "tries"],
    texts,
  );
  for (const task of eachTask(db, options)) tasks.add(task);
  return tasks;
}

/** The tasks by the numbers of runs and tasks. */
export function inOrder(tasks: Tasks): Int32Array {
  // Runs come one after the other.
  const runs = new Float64Array(tasks.length);
  const numbers = runs.map((_, row) => Number(tasks.text(row, "task")));
  for (let row = 1; row < runs.length; row++) {
    const isSame = tasks.textNumber(row, "run") ===
      tasks.textNumber(row - 1, "run");
    runs[row] = runs[row - 1]! + Number(!isSame);
  }
  return Int32Array.from(runs.keys())
    .sort((a, b) => runs[a]! - runs[b]! || numbers[a]! - numbers[b]!);
}

/**
 * Adds to attempts when each began to wait for a worker: when its try was
 * launched, or, without Parsl, at the first event of its span or its attempt
 * before.
 */
function addWaiting(db: Database, spans: Spans, bars: Bars): void {
  const { run, task, try: tries } = spans.identity;
  const keys = new PairNumbers();
  const keyOf = (span: number) =>
    keys.number(keys.number(run[span]!, task[span]!), -tries[span]!);
  const launched = new Map<number, number>();
  const launches = db.iterate<{ span_id: number; time: number }>(sql`
    SELECT span_id, min(time) AS time
    FROM event JOIN span ON span.id = span_id JOIN span_kind
      ON span_kind.type = span.type AND role = 'try'
    WHERE event.type = 'launched' AND time IS NOT NULL
    GROUP BY span_id ORDER BY preference DESC`);
  for (const { span_id, time } of launches) {
    const span = spans.indexOf(span_id);
    if (span >= 0) launched.set(keyOf(span), time);
  }
  const first = new Map(
    launched.size > 0 ? [] : db.query<{ span_id: number; time: number }>(sql`
      SELECT span_id, min(time) AS time FROM event
      WHERE named = 1 GROUP BY span_id`)
      .map(({ span_id, time }) => [span_id, time]),
  );
  for (const row of bars.orderBy("start")) {
    const span_id = bars.number(row, "span_id")!;
    const start = bars.number(row, "start")!;
    const span = spans.indexOf(span_id);
    const known = span >= 0 && task[span] !== 0
      ? launched.get(keyOf(span))
      : first.get(span_id);
    first.set(span_id, bars.number(row, "end")!);
    bars.setNumber(row, "since", Math.min(known ?? start, start));
  }
}

/** Adds tasks without an attempt. */
export function addTasks(
  bars: Bars,
  tasks: Tasks,
  order: Int32Array,
  runs: readonly StreamRun[],
): void {
  const ran = new PairNumbers();
  for (let row = 0; row < bars.length; row++) {
    ran.number(bars.textNumber(row, "run"), bars.textNumber(row, "task"));
  }
  const ends = new Map(runs.map(({ run, ended }) => [run, ended]));
  const times = ["submitted", "launched", "ended"] as const;
  for (const row of order) {
    const task = tasks.textNumber(row, "task");
    if (ran.known(tasks.textNumber(row, "run"), task) !== 0) continue;
    const run = tasks.text(row, "run")!;
    const tries = tasks.number(row, "tries")!;
    const { submitted, launched, ended } = tasks.numbers(row, times);
    const end = ended ?? ends.get(run);
    if (end === undefined) continue;
    const isEnded = ended !== null;
    // Without a launch it never had a place to be in.
    const start = isEnded ? Math.min(launched ?? end, end) : end;
    bars.add({
      ...nowhere,
      run,
      executor: tasks.text(row, "executor"),
      app: tasks.text(row, "app"),
      task: tasks.textOf(task),
      try: tries > 0 ? String(tries - 1) : null,
      start,
      end,
      since: isEnded ? start : Math.min(launched ?? submitted ?? end, end),
      outcome: isEnded ? outcomeOf(tasks.text(row, "state")) : "not ended",
    });
  }
}

const outcomeOf = (state: string | null) =>
  state === "failed" || state === "dep_fail" ? "failed" : "done";

const nowhere = {
  block: null,
  manager: null,
  worker: null,
  host: null,
  executor_task: null,
  span_id: null,
} as const;
