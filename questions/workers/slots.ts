import type { Execution } from "./executions.ts";
import { keyOf, runOf } from "./place_rows.ts";
import { fillLanes, type Lane } from "./lanes.ts";
import type { Life, Slot } from "./lives.ts";
import type { Attempt } from "./worker.ts";

/**
 * Returns a function that distributes the attempts of a worker among its slots.
 * Call it for workers with attempts first: an executor's idle workers have as many
 * slots as those.
 */
export function lanesByWorker(
  executions: readonly Execution[],
): (life: Life, attempts: Attempt[]) => Lane<Attempt>[] {
  const cores = usualCores(executions);
  const most = new Map<string, number>();
  return (life, attempts) => {
    const place = keyOf(runOf(life), life.executor);
    const least = attempts.length === 0 ? most.get(place) : undefined;
    const lanes = fillLanes(slotsOf(life, cores.get(place), least), attempts, {
      // The log of a queue may not say how many it has.
      hasMore: life.manager === null && life.worker !== null,
      isQueued: ({ account }) => account === "manager",
    });
    most.set(place, Math.max(lanes.length, most.get(place) ?? 1));
    // Those that waited for a slot began later.
    for (const one of attempts) one.seconds = one.end - one.start;
    return lanes;
  };
}

/** By run and executor, how many cores most of its tasks are given. */
function usualCores(executions: readonly Execution[]): Map<string, number> {
  const counts = new Map<string, Map<number, number>>();
  for (const execution of executions) {
    if (!execution.cores) continue;
    const place = keyOf(runOf(execution), execution.executor);
    const own = counts.getOrInsertComputed(place, () => new Map());
    own.set(execution.cores, (own.get(execution.cores) ?? 0) + 1);
  }
  return new Map(
    counts.entries().map(([place, own]) => [
      place,
      [...own].reduce((a, b) => b[1] > a[1] ? b : a)[0],
    ]),
  );
}

/**
 * The slots of a worker: as many as its cores allow, or as other workers of its
 * executor have.
 */
function slotsOf(
  { slots, cores, manager, worker }: Life,
  usual: number | undefined,
  least = 1,
): readonly Slot[] {
  if (manager !== null || worker === null) return slots;
  const number = cores && usual ? Math.floor(cores / usual) : least;
  return Array.from({ length: Math.max(1, number) }, () => slots[0]!);
}
