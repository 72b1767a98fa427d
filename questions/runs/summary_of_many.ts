// Parts of a summary of many runs, as if they were one.

// @ts-types="npm:@types/d3-array@3.2.2"
import { median, sum } from "d3-array";
import type {
  LimitSummary,
  PlaceSummary,
  Summary,
  WorkersSummary,
} from "./summary_schema.ts";

/** Medians, over runs, of the times at places where most runs have tasks. */
export function medianPlaces({ typical_tasks }: Summary): PlaceSummary[] {
  const runs = new Set(typical_tasks.map(({ run }) => run)).size;
  const places = Map.groupBy(typical_tasks, ({ place }) => place);
  return [...places.values()].filter((own) => own.length >= runs / 2)
    .map((own) => ({
      ...own[0]!,
      median_seconds: median(own, (one) => one.median_seconds)!,
    }));
}

/** The workers of all runs together, if there are any. */
export function allWorkers({ workers }: Summary): WorkersSummary[] {
  if (workers.length === 0) return [];
  const paid_seconds = sum(workers, (own) => own.paid_seconds);
  const uses = Map.groupBy(
    workers.flatMap(({ uses }) => uses),
    ({ use }) => use,
  );
  return [{
    run: null,
    workers: sum(workers, (own) => own.workers),
    workers_without_task: sum(workers, (own) => own.workers_without_task),
    paid_seconds,
    uses: Array.from(uses.values(), (own) => {
      const seconds = sum(own, (use) => use.seconds);
      return { ...own[0]!, seconds, share: seconds / paid_seconds };
    }),
  }];
}

/** The mean shares of the stages, the largest first. */
export function meanLimits({ limits }: Summary): LimitSummary[] {
  const runs = new Set(limits.map(({ run }) => run)).size;
  const stages = Map.groupBy(limits, ({ stage }) => stage);
  return Array.from(stages.values(), (own) => ({
    ...own[0]!,
    share: sum(own, ({ share }) => share) / runs,
  })).filter(({ share }) => share >= 0.005).sort((a, b) => b.share - a.share);
}
