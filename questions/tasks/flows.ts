import { PairNumbers } from "../../sql/mod.ts";
import type { Attempt, Worker } from "../workers/worker.ts";
import type { TryStages } from "./try_stages.ts";

/** The tries and workers of an executor; tries are rows of `stages`. */
export interface Flow {
  executor: string | null;
  stages: TryStages;
  /** Its tries, and its work without a try. */
  tries: readonly number[];
  /** The tries of that work; they count until their launch. */
  launched: readonly number[];
  /** Tries that were launched on no executor. */
  others: readonly number[];
  /** The lives of its workers; undefined if no log has them. */
  lives: readonly (readonly [start: number, end: number])[] | undefined;
}

/**
 * The executors of a run, each with its tries and workers. Adds to the stages
 * what only workers know.
 *
 * @param rows those of the run
 */
export function flowsOf(
  stages: TryStages,
  rows: readonly number[],
  workers: readonly Worker[],
): Flow[] {
  const executorOf = (row: number) => stages.text(row, "executor");
  const { others = [], own = [], work = [] } = Object.groupBy(rows, (row) => {
    if (row >= stages.tries) return "work";
    const executor = executorOf(row);
    return executor === null || executor === internalExecutor
      ? "others"
      : "own";
  });
  const triesOf = Map.groupBy(own, executorOf);
  const workOf = Map.groupBy(work, executorOf);
  const workersOf = Map.groupBy(workers, ({ executor }) => executor);
  const executors = new Set(
    [triesOf, workOf, workersOf].flatMap((map) => [...map.keys()]),
  );
  // Workers that may belong to any of several executors.
  if (!triesOf.has(null) && !workOf.has(null)) executors.delete(null);
  if (executors.size === 0) executors.add(null);
  return [...executors].sort((a, b) => compare(a ?? "", b ?? ""))
    .map((executor): Flow => {
      const workers = workersOf.get(executor);
      const alone = workOf.get(executor) ?? [];
      const own = triesOf.get(executor) ?? [];
      addAttempts(stages, own, workers ?? []);
      // Each of the work is one of the tries whose way in the executor is unknown.
      const { launched = [], known = [] } = Object.groupBy(
        own,
        (row) =>
          alone.length > 0 && stages.number(row, "queued") === null
            ? "launched"
            : "known",
      );
      return {
        executor,
        stages,
        tries: known.concat(alone),
        launched,
        others: triesOf.has(executor) || executors.size === 1 ? others : [],
        lives: livesOf(workers ?? []),
      };
    });
}

/** The lives of slots; undefined if no log says where any task took place. */
function livesOf(workers: readonly Worker[]): Flow["lives"] {
  const known = workers.filter(({ block, manager, worker, host }) =>
    (block ?? manager ?? worker ?? host) !== null
  );
  return known.length === 0
    ? undefined
    : known.flatMap(({ lanes }) => lanes.map(({ life }) => life));
}

/**
 * Adds what only workers know: when a thread ran a try, and when a worker was
 * lost with one.
 */
function addAttempts(
  stages: TryStages,
  tries: readonly number[],
  workers: readonly Worker[],
): void {
  const names = new PairNumbers();
  const attempts: Attempt[] = [];
  for (const worker of workers) {
    for (const one of worker.attempts) {
      const task = stages.numberOf(one.task);
      attempts[names.number(task, stages.numberOf(one.try))] = one;
    }
  }
  for (const row of tries) {
    const attempt = attempts[
      names.known(stages.textNumber(row, "task"), stages.textNumber(row, "try"))
    ];
    if (!attempt) continue;
    const { start, end, outcome } = attempt;
    const finished = stages.number(row, "finished");
    if (stages.number(row, "started") === null) {
      stages.setNumber(row, "started", start);
      stages.setNumber(row, "finished", outcome === "running" ? null : end);
    } else if (outcome === "lost" && end < (finished ?? Infinity)) {
      stages.setNumber(row, "finished", end);
    }
  }
}

const { compare } = new Intl.Collator("en", { numeric: true });

/** Parsl's own pool of threads, which runs the functions of join apps. */
const internalExecutor = "_parsl_internal";
