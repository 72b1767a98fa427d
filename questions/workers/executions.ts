import { spanSql as sql, type Sql } from "../../sql/mod.ts";
import executionsText from "./executions.sql" with { type: "text" };
import lostWorkText from "./lost_work.sql" with { type: "text" };
import triesText from "./tries.sql" with { type: "text" };

/** The names of a run. */
export interface RunRow {
  /** Its id; null if no log names it. */
  run: string | null;
  /** The directory of its logs; null if there are none. */
  rundir: string | null;
}

/** Names of a place; null for a part that its account does not name. */
export interface PlaceRow extends RunRow {
  executor: string | null;
  block: string | null;
  manager: string | null;
  worker: string | null;
  host: string | null;
}

/** Reads the rows of a query with the columns run, rundir and executor. */
export type ReadRows = <T extends RunRow>(query: Sql) => T[];

/** Sizes of resources; null if no log has them. */
export interface Resources {
  /** Number of cores. */
  cores: number | null;
  /** MB of 2^20 bytes. */
  memory_mb: number | null;
  /** MB of 2^20 bytes. */
  disk_mb: number | null;
  /** Number of GPUs. */
  gpus: number | null;
}

/** An execution of a task, as one account tells it. */
export interface Execution extends PlaceRow, Resources {
  span_id: number;
  executor_task: string | null;
  task: string | null;
  try: string | null;
  /** A queue's name for tasks of its kind. */
  category: string | null;
  /** Unix seconds. */
  start: number;
  /** Unix seconds; null if no log has it. */
  end: number | null;
  /** Whether a worker's or queue's log, monitoring, a manager, or a thread. */
  account: "log" | "monitoring" | "manager" | "thread";
  is_failed: 0 | 1;
  /** Whether it ended with its worker or manager. */
  is_lost: 0 | 1;
}

/** A try, as the preferred account tells it. */
export interface TryRow extends Pick<PlaceRow, keyof RunRow | "executor"> {
  span_id: number;
  task: string;
  try: string;
  app: string | null;
  launched: number | null;
  /** The final state, and when the try entered it. */
  state: string | null;
  ended: number | null;
  is_useful: 0 | 1 | null;
  is_pool: 0 | 1;
  /** When Parsl had its result. */
  idle: number | null;
  thread: string | null;
}

// Computing the rows takes longer than keeping them for the next question.
const allTries = sql.materialized(
  sql.module(triesText, {}),
  [
    "span_id",
    "run",
    "rundir",
    "task",
    "try",
    "executor",
    "app",
    "launched",
    "state",
    "ended",
    "is_useful",
    "is_pool",
    "idle",
    "thread",
  ],
);
const executionsIn = (place: number) =>
  sql.materialized(
    sql.module(executionsText, { place }),
    [
      "span_id",
      "role",
      "is_traced",
      "run",
      "rundir",
      "executor",
      "block",
      "manager",
      "worker",
      "host",
      "executor_task",
      "task",
      "try",
      "category",
      "cores",
      "memory_mb",
      "disk_mb",
      "gpus",
      "is_failed",
      "start",
      "end",
      "is_lost",
    ],
  );
const inWorkers = executionsIn(50);
const withManagers = executionsIn(40);
const lostWork = sql.module(lostWorkText, {});

/** The executor of Parsl itself, whose work nobody pays for. */
export const internal = "_parsl_internal";

/** One text for the parts of a name. */
export const keyOf = (...parts: (string | null)[]): string => parts.join("\0");

/** The name of the run in keys: its id, or else its directory. */
export const runOf = ({ run, rundir }: RunRow): string => run ?? rundir ?? "";

/**
 * Reads the executions of all accounts, each execution once: from the log of its
 * worker or queue, else from monitoring, else from a manager or, in a pool of
 * threads, from the thread that logged its end.
 *
 * @param hasWorkers whether a manager's workers have logs
 * @param isComplete whether the workers of all managers have
 */
export function readExecutions(
  read: ReadRows,
  executor: string | undefined,
  { hasWorkers, isComplete }: {
    hasWorkers: (place: PlaceRow) => boolean;
    isComplete: boolean;
  },
) {
  const tries = new Map<string, TryRow>();
  for (const row of read<TryRow>(allTries)) {
    const key = keyOf(runOf(row), row.task, row.try);
    const known = tries.get(key);
    if (!known) tries.set(key, row);
    else if (known.state === null) {
      // Parsl's own log may be cut off.
      const { state, ended, is_useful } = row;
      tries.set(key, { ...known, state, ended, is_useful });
    }
  }
  const executions: Execution[] = [];
  const numbered = new Set<string>();
  /** Executors of which an account does not know Parsl's numbers. */
  const anonymous = new Set<string>();
  const monitored = new Set<string>();
  const isOther = (row: Pick<PlaceRow, "executor">) =>
    row.executor === internal && executor !== internal;
  const tryOf = (row: Pick<Execution, "run" | "rundir" | "task" | "try">) =>
    keyOf(runOf(row), row.task, row.try);
  type Row = Omit<Execution, "account"> & {
    role: "work" | "try";
    is_traced: 0 | 1;
  };
  for (const { role, is_traced, ...row } of read<Row>(inWorkers)) {
    if (isOther(row)) continue;
    const place = keyOf(runOf(row), row.executor);
    const key = tryOf(row);
    // The same work in a log that names its worker.
    if (is_traced && (numbered.has(key) || anonymous.has(place))) continue;
    if (role === "work") {
      if (row.task === null) anonymous.add(place);
      else numbered.add(key);
      executions.push({ ...row, account: "log" });
    } else {
      if (numbered.has(key) || anonymous.has(place)) continue;
      monitored.add(place);
      numbered.add(key);
      const { is_pool, thread } = tries.get(key) ?? {};
      const worker = is_pool ? threadName(thread) : row.worker;
      executions.push({ ...row, worker, account: "monitoring" });
    }
  }
  const held = isComplete ? [] : read<Row>(withManagers);
  for (const { role: _, is_traced: __, ...row } of held) {
    const place = keyOf(runOf(row), row.executor);
    if (
      hasWorkers(row) || numbered.has(tryOf(row)) ||
      row.task === null && monitored.has(place)
    ) continue;
    executions.push({ ...row, account: "manager" });
  }
  const lost = new Set(
    Array.from(
      read<PlaceRow & { executor_task: string }>(lostWork),
      (row) => keyOf(runOf(row), row.executor, row.executor_task),
    ),
  );
  const pooled = [...tries.values()].filter((row) =>
    row.is_pool && row.launched !== null && row.idle !== null &&
    row.thread !== null && !isOther(row) && !numbered.has(tryOf(row))
  );
  const all = [...executions, ...inThreads(pooled)];
  nameThreads(all.filter((one) => tries.get(tryOf(one))?.is_pool));
  for (const execution of lost.size > 0 ? all : []) {
    const { executor_task } = execution;
    const key = keyOf(runOf(execution), execution.executor, executor_task);
    if (lost.has(key)) execution.is_lost = 1;
  }
  return { executions: all, tries };
}

/**
 * The name of a thread of a pool: "ThreadPoolExecutor-threads_3-140165270562496"
 * without the number. Null for a thread that launches tasks: it logs the end of a
 * task that has ended before Parsl waits for it.
 */
const threadName = (thread: string | null | undefined): string | null =>
  thread && !/^(?:MainThread|Task-Launch)/.test(thread)
    ? thread.replace(/-\d+$/, "")
    : null;

/**
 * The executions of a pool of threads. Its threads take the tasks in order, and
 * the one that executed a task logs its end: it began when it was launched, or
 * when the thread was done with the one before.
 */
function inThreads(tries: TryRow[]): Execution[] {
  const free = new Map<string, number>();
  return tries.sort((a, b) => a.idle! - b.idle!).map((row) => {
    const { run, rundir, executor, task } = row;
    const worker = threadName(row.thread);
    const key = keyOf(runOf(row), executor, worker);
    const start = Math.max(row.launched!, free.get(key) ?? -Infinity);
    free.set(key, row.idle!);
    return {
      span_id: row.span_id,
      account: "thread",
      run,
      rundir,
      executor,
      block: null,
      manager: null,
      worker,
      host: null,
      executor_task: null,
      task,
      try: row.try,
      category: null,
      cores: null,
      memory_mb: null,
      disk_mb: null,
      gpus: null,
      start: Math.min(start, row.idle!),
      end: row.idle,
      is_failed: 0,
      is_lost: 0,
    };
  });
}

/**
 * Names a thread for each execution without one: a thread of its pool that executed
 * nothing else at that time, if there is one. Such executions never overlap, because
 * one thread launches them.
 */
function nameThreads(executions: readonly Execution[]): void {
  const inOrder = executions.toSorted((a, b) => a.start - b.start);
  const place = (one: Execution) => keyOf(runOf(one), one.executor);
  for (const pool of Map.groupBy(inOrder, place).values()) {
    const threads = Map.groupBy(pool, ({ worker }) => worker);
    const nameless = threads.get(null) ?? [];
    threads.delete(null);
    const lanes = threads.values().map((work) => ({ work, at: 0 })).toArray();
    for (const execution of nameless) {
      const { start, end } = execution;
      const lane = lanes.find((lane) => {
        const { work } = lane;
        while ((work[lane.at]?.end ?? Infinity) <= start) lane.at++;
        return (work[lane.at]?.start ?? Infinity) >= (end ?? start);
      }) ?? lanes[0];
      if (lane) execution.worker = lane.work[0]!.worker;
    }
  }
}
