import { spanSql as sql, type Sql } from "../../sql/mod.ts";
import { sharedTexts } from "../shared_texts.ts";
import executionsText from "./executions.sql" with { type: "text" };
import lostWorkText from "./lost_work.sql" with { type: "text" };
import { keyOf, type PlaceRow, runOf, type RunRow } from "./place_rows.ts";
import { Tries, type TryRow } from "./tries.ts";
import triesText from "./tries.sql" with { type: "text" };

/**
 * Reads the rows of a query with the columns run, rundir and executor, one by one:
 * there may be millions.
 */
export type ReadRows = <T extends RunRow>(query: Sql) => IteratorObject<T>;

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
  const tries = new Tries();
  for (const row of read<TryRow>(allTries)) tries.add(row);
  const executions: Execution[] = [];
  /** Tries that an account has executed, by their numbers. */
  const numbered = new Set<number>();
  /** Executors of which an account does not know Parsl's numbers. */
  const anonymous = new Set<string>();
  const monitored = new Set<string>();
  const isOther = (row: Pick<PlaceRow, "executor">) =>
    row.executor === internal && executor !== internal;
  type Row = Omit<Execution, "account"> & {
    role: "work" | "try";
    is_traced: 0 | 1;
  };
  const share = sharedTexts(sharedNames);
  for (const { role, is_traced, ...row } of read<Row>(inWorkers)) {
    if (isOther(row)) continue;
    share(row);
    const place = keyOf(runOf(row), row.executor);
    const number = tries.number(row);
    // The same work in a log that names its worker.
    if (is_traced && (numbered.has(number) || anonymous.has(place))) continue;
    if (role === "work") {
      if (row.task === null) anonymous.add(place);
      else numbered.add(number);
      executions.push(Object.assign(row, { account: "log" as const }));
    } else {
      if (numbered.has(number) || anonymous.has(place)) continue;
      monitored.add(place);
      numbered.add(number);
      const worker = tries.isInPool(row)
        ? threadName(tries.known(row)!.thread)
        : row.worker;
      executions.push({ ...row, worker, account: "monitoring" });
    }
  }
  const held = isComplete ? [] : read<Row>(withManagers);
  for (const { role: _, is_traced: __, ...row } of held) {
    share(row);
    const place = keyOf(runOf(row), row.executor);
    if (
      hasWorkers(row) || numbered.has(tries.number(row)) ||
      row.task === null && monitored.has(place)
    ) continue;
    executions.push({ ...row, account: "manager" });
  }
  const lost = new Set(
    read<PlaceRow & { executor_task: string }>(lostWork)
      .map((row) => keyOf(runOf(row), row.executor, row.executor_task)),
  );
  const pooled = tries.inPools().filter((row) =>
    row.launched !== null && row.idle !== null && row.thread !== null &&
    !isOther(row) && !numbered.has(tries.number(row))
  ).toArray();
  const all = [...executions, ...inThreads(pooled)];
  nameThreads(all.filter((one) => tries.isInPool(one)));
  for (const execution of lost.size > 0 ? all : []) {
    const { executor_task } = execution;
    const key = keyOf(runOf(execution), execution.executor, executor_task);
    if (lost.has(key)) execution.is_lost = 1;
  }
  return { executions: all, tries };
}

/** Names of places, which many executions share. */
const sharedNames = [
  "run",
  "rundir",
  "executor",
  "block",
  "manager",
  "worker",
  "host",
  "try",
  "category",
] as const;

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
