import {
  checkQuestion,
  listedFor,
  quoted,
} from "../../display/text/mistakes.ts";
import { count, counted, secondsText } from "../../display/text/format.ts";
import type { Database } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { secondsBetween } from "../events/statistics.ts";
import { nameOfRun, runLabels } from "../runs/find_run.ts";
import { keyOf } from "../workers/place_rows.ts";
import { readModel } from "../workers/read_workers.ts";
import type { Attempt } from "../workers/worker.ts";
import type { RunOptions } from "./critical_path.ts";
import { type RunTasks, type TaskTimes, taskTimes } from "./task_times.ts";

/** A task: a row of {@linkcode tasks}. Times are Unix seconds. */
export interface Task {
  /** Label of the run, such as "000"; if it has none, its id or directory. */
  run: string;
  /** Parsl's number of the task. */
  task: string;
  /** Its app. */
  app: string | null;
  /** Its final state, or its last known one. */
  state: string | null;
  /** Number of its tries. */
  tries: number;
  /** The label of the executor of its last try. */
  executor: string | null;
  /** Seconds from its submission to its end; null if it did not end. */
  seconds: number | null;
  /** Seconds from the launch of its last try until a worker had it. */
  waiting: number | null;
  /** Seconds that its last try spent on a worker. */
  running: number | null;
  /** When it was submitted. */
  submitted: number | null;
  /** When its last try was launched. */
  launched: number | null;
  /** When its last try reached a worker. */
  started: number | null;
  /** When the worker was done. */
  finished: number | null;
  /** When the task ended; null if it did not. */
  ended: number | null;
}

/** Options of {@linkcode tasks}. By default all tasks. */
export interface TasksOptions {
  /**
   * Only tasks of this run: its label ("000"), its id, its directory, or a
   * unique part of these.
   */
  run?: string;
  /** Only tasks of this app. */
  app?: string;
  /** Only tasks in this state, such as "failed". */
  state?: string;
  /** Only tasks that were tried more than once. */
  retried?: boolean;
  /** Only this many tasks, those that took longest from submission to end. */
  slowest?: number;
}

/**
 * Lists the tasks: when each was submitted, launched, on a worker and at its end,
 * and how it ended.
 *
 * The rows are in the order of the runs and of the tasks' numbers, or the slowest
 * first; see {@linkcode Task} for the columns. A task that never ended has no
 * length and is no slow task.
 *
 * @throws {RangeError} for a name that fits no run, or several; for an app or a
 * state that no task has, with a list; if `slowest` is not a positive integer
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { tasks } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 *
 * const retried = tasks(db, { run: "000", retried: true });
 * assert.equal(retried.length, 6);
 * assert.deepEqual(new Set(retried.map(({ app }) => app)),
 *   new Set(["always_fails", "badshell", "flaky"]));
 * ```
 */
export function tasks(db: Database, options: TasksOptions = {}): Task[] {
  checkQuestion("tasks", db, options, {
    run: true,
    app: true,
    state: true,
    slowest: true,
    retried: true,
  });
  const { slowest } = options;
  if (slowest !== undefined && !(Number.isInteger(slowest) && slowest > 0)) {
    throw new RangeError(`slowest is a number of tasks, not ${slowest}`);
  }
  const all = Map.groupBy(readTasks(db, options.run), ({ run }) => run).values()
    .flatMap((rows) => rows.sort((a, b) => Number(a.task) - Number(b.task)))
    .toArray();
  const chosen = withValue(withValue(all, "app", options), "state", options)
    .filter(({ tries }) => !options.retried || tries > 1);
  const rows = slowest === undefined
    ? chosen
    : chosen.filter(({ seconds }) => seconds !== null)
      .sort((a, b) => b.seconds! - a.seconds!).slice(0, slowest);
  return answer(rows, secondary, {
    kinds: { running: "seconds", waiting: "seconds", ended: "unix" },
    heading: headingOf(chosen, all.length),
    noun: "task",
  });
}

/**
 * Yields the rows of {@linkcode tasks} one by one, run after run: a million at
 * once take a quarter of a gigabyte.
 *
 * @throws {RangeError} for a name that fits no run, or several
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { eachTask } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/multi-htex.tar.gz");
 *
 * const failed = eachTask(db).filter(({ state }) => state === "failed");
 * assert.equal(failed.toArray().length, 8);
 * ```
 */
export function eachTask(
  db: Database,
  options: RunOptions = {},
): IteratorObject<Task> {
  checkQuestion("eachTask", db, options, { run: true });
  return readTasks(db, options.run);
}

function readTasks(
  db: Database,
  name: string | undefined,
): IteratorObject<Task> {
  const labels = runLabels(db);
  const runs = taskTimes(db, nameOfRun(db, name));
  const attempts = attemptsOf(db, name, [...runs.values()]);
  return runs.entries().flatMap(([run, tasks]) => {
    const label = labels.get(run) ?? run;
    return tasks.values().map((task) => rowOf(task, label, attempts));
  });
}

const secondary = "ended submitted executor launched started finished"
  .split(" ");

/**
 * Attempts by run, task and try, if tasks were on a worker of which their own
 * logs do not know, as in a pool of threads.
 */
function attemptsOf(
  db: Database,
  run: string | undefined,
  runs: readonly RunTasks[],
): Map<string, Attempt> {
  const isKnown = runs.every((tasks) =>
    tasks.values().every(({ tries, started }) =>
      started !== null || (tries.at(-1)?.launched ?? null) === null
    )
  );
  return new Map(
    isKnown ? [] : readModel(db, { run }).workers
      .flatMap(({ attempts }) => attempts)
      .map((one) => [keyOf(one.run, one.task, one.try), one]),
  );
}

function rowOf(
  task: TaskTimes,
  run: string,
  attempts: ReadonlyMap<string, Attempt>,
): Task {
  const { app, state, submitted, ended } = task;
  const last = task.tries.at(-1);
  const launched = last?.launched ?? null;
  const attempt = last && attempts.get(keyOf(run, task.task, last.try));
  const started = task.started ?? attempt?.start ?? null;
  const finished = task.finished ??
    (attempt?.outcome === "running" ? null : attempt?.end ?? null);
  return {
    run,
    task: task.task,
    app,
    state,
    tries: task.tries.length,
    executor: last?.executor ?? null,
    seconds: secondsBetween(submitted, ended),
    waiting: secondsBetween(launched, started),
    running: secondsBetween(started, finished),
    submitted,
    launched,
    started,
    finished,
    ended,
  };
}

/** The rows with the value that an option asks for. */
function withValue(
  rows: Task[],
  name: "app" | "state",
  options: TasksOptions,
): Task[] {
  const wanted = options[name];
  if (wanted === undefined) return rows;
  const found = rows.filter((row) => row[name] === wanted);
  if (found.length > 0) return found;
  const names = [...new Set(rows.flatMap((row) => row[name] ?? []))].sort();
  throw new RangeError(
    `no task has the ${name} ${quoted(wanted)}` +
      (names.length ? `: there is ${listedFor(wanted, names)}` : ""),
  );
}

/** How many there are, how they ended, and the slowest by its name. */
function headingOf(rows: readonly Task[], total: number): string {
  if (total === 0) {
    return "No log names a task of Parsl; attempts(db) lists what workers did.";
  }
  const of = rows.length < total ? `${count(rows.length)} of ` : "";
  const number = (test: (row: Task) => boolean) => rows.filter(test).length;
  const failed = number(({ state }) => state !== null && failing.has(state));
  const retried = number(({ tries }) => tries > 1);
  const open = number(({ ended }) => ended === null);
  let slowest: Task | undefined;
  for (const row of rows) {
    if ((row.seconds ?? -1) > (slowest?.seconds ?? -1)) slowest = row;
  }
  const isOneRun = rows.every(({ run }) => run === rows[0]!.run);
  return `${of}${counted(total, "task")}: ${failed || "none"} failed, ` +
    `${retried || "none"} tried again` +
    (open > 0 ? `, ${open} did not end.` : ".") +
    (slowest && rows.length > 1
      ? ` The slowest, task ${slowest.task}` +
        (isOneRun ? "" : ` of run ${slowest.run}`) +
        (slowest.app === null ? "" : ` (${slowest.app})`) +
        `, took ${secondsText(slowest.seconds!)}.`
      : "");
}

const failing: ReadonlySet<string> = new Set(["failed", "dep_fail"]);
