import type { Execution } from "./executions.ts";
import { keyOf, type PlaceRow, runOf } from "./place_rows.ts";
import { hullOf, type Interval } from "./intervals.ts";
import { type ExecutorLife, type Life, workerKey } from "./lives.ts";
import type { RunTimes } from "./run_times.ts";

/** A life of a worker and what it executed in it. */
export interface Work {
  life: Life;
  executions: Execution[];
}

/**
 * Assigns executions to the lives of workers. Workers that only their work shows
 * get a life from it.
 */
export function assignWork(
  lives: readonly Life[],
  executions: readonly Execution[],
  runs: ReadonlyMap<string, RunTimes>,
  executors: ReadonlyMap<string, ExecutorLife>,
): Work[] {
  /** By worker, its lives in the order of their start: usually one. */
  const found = new Map<string, Work[]>();
  const poolKey = (row: PlaceRow, executor = row.executor) =>
    keyOf("pool", runOf(row), executor, row.block, row.host);
  for (const life of lives) {
    const work = { life, executions: [] };
    found.getOrInsertComputed(workerKey(life), () => []).push(work);
    if (life.worker === null) found.set(poolKey(life), [work]);
  }
  const others = new Map<string, Execution[]>();
  for (const execution of executions) {
    const isInPool = execution.account === "monitoring" &&
      execution.worker === null;
    const known = found.get(workerKey(execution)) ?? (isInPool
      // Nothing may tell the managers of several executors apart.
      ? found.get(poolKey(execution)) ?? found.get(poolKey(execution, null))
      : undefined);
    if (known) {
      const own = known.findLast(({ life }) =>
        life.interval[0] <= execution.start
      ) ?? known[0]!;
      own.executions.push(execution);
    } else {
      // Where no worker is known, each host has its own.
      const host = execution.worker === null ? execution.host : null;
      others.getOrInsertComputed(keyOf(workerKey(execution), host), () => [])
        .push(execution);
    }
  }
  const ofOthers = others.values().map((executions) => ({
    life: lifeByWork(executions, runs, executors),
    executions,
  }));
  return [...new Set([...found.values()].flat()), ...ofOthers];
}

function lifeByWork(
  executions: readonly Execution[],
  runs: ReadonlyMap<string, RunTimes>,
  executors: ReadonlyMap<string, ExecutorLife>,
): Life {
  const [first] = executions as [Execution];
  const { last } = runs.get(runOf(first))!;
  const work = hullOf(
    executions.map(({ start, end }) => [start, end ?? last]),
  );
  const isThread = first.account === "thread" ||
    first.account === "monitoring" && first.worker !== null;
  const pool = executors.get(keyOf(runOf(first), first.executor));
  // The threads of a pool exist as long as it does.
  const interval: Interval = isThread
    ? hullOf([work, [pool?.added ?? work[0], pool?.ended ?? last]])
    : work;
  return {
    ...first,
    cores: null,
    memory_mb: null,
    disk_mb: null,
    gpus: null,
    slots: [{ life: interval, paid: interval }],
    interval,
    ended_by: "last known time",
    changes: [],
    attributes: [],
  };
}
