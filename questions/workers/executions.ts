import executionsText from "./executions.sql" with { type: "text" };
import triesText from "./tries.sql" with { type: "text" };

/** Names of a place; null for a part that its account does not name. */
export interface PlaceRow {
  run: string | null;
  rundir: string | null;
  executor: string | null;
  block: string | null;
  manager: string | null;
  worker: string | null;
  host: string | null;
}

/** Reads the rows of a query, which takes the argument is_wanted. */
export type ReadRows = <T extends object>(text: string) => Iterable<T>;

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
export interface TryRow extends Pick<PlaceRow, "run" | "rundir" | "executor"> {
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

/** The executor of Parsl itself, whose work nobody pays for. */
const internal = "_parsl_internal";

/** One text for the parts of a name. */
export const keyOf = (...parts: (string | null)[]): string => parts.join("\0");

/** The name of the run in keys: its id, or else its directory. */
export const runOf = (
  { run, rundir }: Pick<PlaceRow, "run" | "rundir">,
): string => run ?? rundir ?? "";

/**
 * Reads the executions of all accounts, each execution once: from the log of its
 * worker or queue, else from monitoring, else from a manager or, in a pool of
 * threads, from the thread that logged its end.
 *
 * @param hasWorkers whether a manager's workers have logs
 */
export function readExecutions(
  read: ReadRows,
  executor: string | undefined,
  hasWorkers: (place: PlaceRow) => boolean,
) {
  const tries = new Map<string, TryRow>();
  for (const row of read<TryRow>(triesText)) {
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
  /** Work that a manager lost. */
  const lost = new Set<string>();
  const isOther = (row: Pick<PlaceRow, "executor">) =>
    row.executor === internal && executor !== internal;
  const tryOf = (
    row: { run: string | null; rundir: string | null } & {
      task: string | null;
      try: string | null;
    },
  ) => keyOf(runOf(row), row.task, row.try);
  const rows = read<
    Omit<Execution, "account"> & { role: "work" | "try"; is_held: 0 | 1 }
  >(executionsText);
  for (const { role, is_held, ...row } of rows) {
    if (isOther(row)) continue;
    const place = keyOf(runOf(row), row.executor);
    const key = tryOf(row);
    if (is_held) {
      if (row.is_lost) lost.add(keyOf(place, row.executor_task));
      if (
        hasWorkers(row) || numbered.has(key) ||
        row.task === null && monitored.has(place)
      ) continue;
      executions.push({ ...row, account: "manager" });
    } else if (role === "work") {
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
  const pooled = [...tries.values()].filter((row) =>
    row.is_pool && row.launched !== null && row.idle !== null &&
    row.thread !== null && !isOther(row) && !numbered.has(tryOf(row))
  );
  const all = [...executions, ...inThreads(pooled)];
  for (const execution of all) {
    const { executor_task } = execution;
    if (executor_task === null) continue;
    const place = keyOf(runOf(execution), execution.executor);
    if (lost.has(keyOf(place, executor_task))) execution.is_lost = 1;
  }
  return { executions: all, tries };
}

/** "ThreadPoolExecutor-threads_3-140165270562496" without the number. */
const threadName = (thread: string | null | undefined): string | null =>
  thread?.replace(/-\d+$/, "") ?? null;

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
