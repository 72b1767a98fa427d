import type { Attempt, Worker } from "../workers/worker.ts";
import type { StagesOfRuns, TryStages } from "./try_stages.ts";

/** The tries and workers of an executor. */
export interface Flow {
  executor: string | null;
  /** Its tries, and its work without a try. */
  tries: readonly TryStages[];
  /** The tries of that work; they count until their launch. */
  launched: readonly TryStages[];
  /** Tries that were launched on no executor. */
  others: readonly TryStages[];
  /** The lives of its workers; undefined if no log has them. */
  lives: readonly (readonly [start: number, end: number])[] | undefined;
}

/** The executors of a run, each with its tries and workers. */
export function flowsOf(
  { tries, work }: StagesOfRuns,
  workers: readonly Worker[],
): Flow[] {
  const { others = [], own = [] } = Object.groupBy(
    tries,
    ({ executor }) =>
      executor === null || executor === internalExecutor ? "others" : "own",
  );
  const byExecutor = <T extends { executor: string | null }>(
    all: readonly T[],
  ) => Map.groupBy(all, ({ executor }) => executor);
  const [triesOf, workOf, workersOf] = [
    byExecutor(own),
    byExecutor(work),
    byExecutor(workers),
  ];
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
      // Each of the work is one of the tries whose way in the executor is unknown.
      const { launched = [], known = [] } = Object.groupBy(
        withAttempts(triesOf.get(executor) ?? [], workers ?? []),
        ({ queued }) =>
          alone.length > 0 && queued === null ? "launched" : "known",
      );
      return {
        executor,
        tries: [...known, ...alone],
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
function withAttempts(
  tries: readonly TryStages[],
  workers: readonly Worker[],
): TryStages[] {
  const known = new Map<string, Attempt>();
  for (const { attempts } of workers) {
    for (const one of attempts) known.set(`${one.task} ${one.try}`, one);
  }
  return tries.map((one) => {
    const attempt = known.get(`${one.task} ${one.try}`);
    if (!attempt) return one;
    const { start, end, outcome } = attempt;
    if (one.started === null) {
      const finished = outcome === "running" ? null : end;
      return { ...one, started: start, finished };
    }
    const isLost = outcome === "lost" && end < (one.finished ?? Infinity);
    return isLost ? { ...one, finished: end } : one;
  });
}

const { compare } = new Intl.Collator("en", { numeric: true });

/** Parsl's own pool of threads, which runs the functions of join apps. */
const internalExecutor = "_parsl_internal";
