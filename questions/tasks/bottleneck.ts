// @ts-types="npm:@types/d3-array@3.2.2"
import { greatest, sum } from "d3-array";
import { checkQuestion } from "../../display/text/mistakes.ts";
import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { checkWidth } from "../events/statistics.ts";
import { checkExecutor } from "../runs/check_executor.ts";
import { runLabels } from "../runs/find_run.ts";
import { readModel } from "../workers/read_workers.ts";
import { type Bottleneck, bottleneckText } from "./bottleneck_text.ts";
import { type LimitingStage, limitingStages } from "./limiting_stage.ts";
import { flowsOf } from "./flows.ts";
import { type StageBin, stageBins } from "./stage_bins.ts";
import { binEdges } from "./time_bins.ts";
import type { QueueLengthsOptions } from "./queue_lengths.ts";
import { readTryStages, type TryStages } from "./try_stages.ts";

export type { LimitingStage };

/** Options of {@linkcode bottleneck}. */
export interface BottleneckOptions extends QueueLengthsOptions {
  /**
   * Width of bins of time in seconds. By default 1, 2 or 5 times a power of ten,
   * for at most 200 bins in a run.
   */
  per?: number;
}

/**
 * Finds the bottleneck: the stage that limited the throughput of each executor
 * at each time. {@linkcode bottleneckText} sums it up in words.
 *
 * Returns a row for each bin of time, in the order of run, executor and time; see
 * {@linkcode Bottleneck} for the columns. Bins begin at whole multiples of their
 * width since 1970; the first one begins with the first task of the run. The last
 * one ends when the last task ended or, if one did not end, with the last event
 * of the run. A task that is retried counts again.
 *
 * At each moment the question is whether the executor has enough tasks to keep
 * its workers busy:
 *
 * - "workers": it has, and they are busy, or none lives;
 * - "dispatch": it has, but workers are idle;
 * - "submission": it has too few. The program submits no more, or Parsl is slow
 *   to launch what it submitted, as launching_tasks shows;
 * - "dependencies": it has too few, and others wait for their dependencies;
 * - "return": it has too few, while results wait to return. Also if more results
 *   wait to return than tasks wait for a worker, and than there are workers.
 *
 * If the executor has enough, the busy workers count for "workers" and the idle
 * ones for "dispatch"; if it has too few, tasks that wait to be launched count as
 * much as they could fill of its idle workers, and then returning tasks as
 * much as running ones. `bound` is the stage with the largest share of the bin. A
 * task that goes on within 0.1 s is on its way and does not wait.
 *
 * The numbers of tasks follow from the events of all logs, as in
 * {@linkcode whereIsEveryTask}; {@linkcode queueLengths} has the queues as each
 * component counts them. If no log shows the queue of an executor, its tasks are
 * queued from their launch on. A task waits for its dependencies until the last
 * one has ended, as {@linkcode taskDependencies} lists them. Tasks that were not
 * launched on any executor, and join apps, which Parsl runs itself, count as
 * pending or launching for each executor that has others. Workers are the slots
 * of {@linkcode utilisation}. A task that was lost with its worker counts as
 * returning until Parsl knows.
 *
 * Takes O(n log n) time for n tasks.
 *
 * @throws {RangeError} if per is not a number of seconds above zero, or makes more
 * than a million bins; for a name that fits no run, or several; for an
 * unknown executor
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { bottleneck } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/flow/submission.tar.gz");
 *
 * const bins = bottleneck(db, { per: 5 });
 * const { bound, workers, running_tasks, queued_tasks } = bins.at(-2)!;
 * assert.equal(bound, "submission");
 * // Two workers could have done more.
 * assert.equal(workers, 2);
 * assert.ok(running_tasks < 0.2 && queued_tasks < 0.1);
 * ```
 */
export function bottleneck(
  db: Database,
  options: BottleneckOptions = {},
): Bottleneck[] {
  checkQuestion("bottleneck", db, options, {
    run: true,
    executor: true,
    per: true,
  });
  const { run, executor, per } = options;
  checkWidth(per);
  const labels = runLabels(db);
  const model = readModel(db, { run });
  const workers = Map.groupBy(model.workers, ({ run }) => run);
  const stages = readTryStages(db, run);
  const rowsOf = Map.groupBy(
    Array(stages.length).keys(),
    (row) => stages.text(row, "run")!,
  );
  const labelOf = (run: string) =>
    model.runs.get(run)?.label ?? labels.get(run) ?? run;
  const inOrder = [...rowsOf.keys()]
    .sort((a, b) => compare(labelOf(a), labelOf(b)));
  const rows = inOrder.flatMap(
    (run) => {
      const own = rowsOf.get(run)!;
      const [start, end] = timesOfRun(db, run, stages, own);
      if (start === end) return [];
      const edges = binEdges(start, end, per);
      const label = labelOf(run);
      return flowsOf(stages, own, workers.get(label) ?? [])
        .filter((flow) => executor === undefined || flow.executor === executor)
        .flatMap((flow) =>
          stageBins(flow, edges).map((bin) => ({
            run: label,
            executor: flow.executor,
            ...rowOf(bin),
          }))
        );
    },
  );
  if (rows.length === 0) checkExecutor(db, executor);
  return answer(rows, secondary, { kinds, heading: bottleneckText(rows) });
}

const { compare } = new Intl.Collator("en", { numeric: true });

/** From the first time of tries to the last; if one did not end, to that of all. */
function timesOfRun(
  db: Database,
  run: string,
  stages: TryStages,
  rows: readonly number[],
): [start: number, end: number] {
  let [start, end] = [Infinity, -Infinity];
  let areReturned = true;
  for (const row of rows) {
    const { ready: _, ...times } = stages.times(row);
    for (const time of Object.values(times)) {
      start = Math.min(start, time ?? Infinity);
      end = Math.max(end, time ?? -Infinity);
    }
    areReturned &&= times.returned !== null;
  }
  if (start > end) [start, end] = [0, 0];
  if (areReturned) return [start, end];
  // Workers can outlive the run.
  const [last] = db.query<{ time: number }>(sql`
    SELECT max(time) AS time
    FROM span_kind JOIN span USING (type) JOIN event_row ON span_id = span.id
    WHERE role IN ('run', 'task', 'try', 'executor', 'work')
      AND ${run} IN (span.attributes ->> 'run', span.attributes ->> 'rundir')`);
  return [start, Math.max(end, last?.time ?? end)];
}

type Name = "run" | "executor";

function rowOf({ start, end, ...sums }: StageBin): Omit<Bottleneck, Name> {
  const seconds = end - start;
  const { pending, launching, queued, held, running, returning } = sums.spent;
  const { limited, passed } = sums;
  const stage = greatest(limitingStages, (stage) => limited[stage])!;
  const unknown = seconds - sum(limitingStages, (stage) => limited[stage]);
  return {
    start,
    end,
    bound: limited[stage] > unknown ? stage : null,
    pending_tasks: pending / seconds,
    launching_tasks: launching / seconds,
    queued_tasks: queued / seconds,
    held_tasks: held / seconds,
    running_tasks: running / seconds,
    returning_tasks: returning / seconds,
    workers: sums.lived === undefined ? null : sums.lived / seconds,
    submission_rate: passed.submitted / seconds,
    dispatch_rate: passed.dispatched / seconds,
    start_rate: passed.started / seconds,
    completion_rate: passed.finished / seconds,
    return_rate: passed.returned / seconds,
    bound_by_submission: limited.submission,
    bound_by_dependencies: limited.dependencies,
    bound_by_dispatch: limited.dispatch,
    bound_by_workers: limited.workers,
    bound_by_return: limited.return,
  };
}

const secondary = ("completion_rate workers returning_tasks submission_rate " +
  "dispatch_rate return_rate start_rate end " +
  "bound_by_return bound_by_dependencies bound_by_submission " +
  "bound_by_dispatch bound_by_workers").split(" ");

const kinds = Object.fromEntries(
  ("pending_tasks launching_tasks queued_tasks held_tasks running_tasks " +
    "returning_tasks workers submission_rate dispatch_rate start_rate " +
    "completion_rate return_rate").split(" ").map((name) =>
      [name, "count"] as const
    ),
);
