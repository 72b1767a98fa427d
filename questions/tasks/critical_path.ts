import { type ReportOptions, showReport } from "../../display/text/rows.ts";
import { type Database, sql } from "../../sql/mod.ts";
import { dependenciesOf, edgesOfRuns } from "./task_dependencies.ts";
import { taskTimes } from "./task_times.ts";
import {
  type CriticalSeconds,
  type CriticalTask,
  rowOf,
} from "./critical_task.ts";
import { type Graph, walkBack } from "./walk_back.ts";

export type { CriticalSeconds, CriticalTask };

/** Which runs a question about tasks is about. */
export interface RunOptions {
  /** The id of a run, or its run directory. By default each run on its own. */
  run?: string;
}

/** What {@linkcode criticalPath} is about. */
export interface CriticalPathOptions extends RunOptions {
  /** Parsl's number of the task to whose end it leads: the last, by default. */
  task?: string;
}

/**
 * The chain of tasks that determined when a run ended, or when one task did, in
 * order: the last task to end, the one before for whose end it waited longest,
 * and so on, back to one that waited for nothing. See {@linkcode CriticalTask} for
 * the columns.
 *
 * Each link begins where the one before ends, and the first with the first that
 * is told of the run: what they contributed adds up to the time from there to
 * the end of the last task. To make the run faster, make these faster: by more
 * than `slack`, and the chain is another.
 *
 * A task waits for the last to end of what it depends on, as
 * {@linkcode taskDependencies} tells. A join app is there twice where it
 * submitted the inner tasks of the chain itself: as "start" before them, and as
 * "join" after. Where a task was submitted only after all that it depends on had
 * ended, the program was the cause: this is time in `submitting`. That a program
 * waits for a result before it submits more is nowhere told, so such a chain
 * begins late, with much time in `submitting`.
 *
 * What is known from where: states from parsl.log, else from monitoring.db; when
 * a task came to a worker and was done there from the worker's log, Work Queue's
 * or TaskVine's transactions, or else monitoring.db. A task that did not end
 * leads to none, and what it delayed is not known; where dependencies go in a
 * circle, the chain ends. A log may put the end of a task after what it led to:
 * then it counts as ended when that did. It takes time in proportion to the tasks and
 * dependencies.
 *
 * @returns rows in the order of the runs and of time; none for a run of which no
 * task ended
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { criticalPath } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo", {
 *   timeZone: "America/New_York",
 * });
 *
 * const path = criticalPath(db);
 * path.slice(1).forEach(({ start }, i) => assert.equal(start, path[i]!.end));
 * const total = path.reduce((sum, { contributed }) => sum + contributed, 0);
 * assert.ok(Math.abs(total - (path.at(-1)!.end - path[0]!.start)) < 1e-6);
 * ```
 */
export function criticalPath(
  db: Database,
  { run, task }: CriticalPathOptions = {},
): CriticalTask[] {
  const edges = edgesOfRuns(db, run);
  const starts = startsOfRuns(db);
  const rows = taskTimes(db, run).entries().flatMap(([run, tasks]) => {
    const dependencies = dependenciesOf(edges.get(run) ?? []);
    return criticalTasks({ tasks, dependencies }, starts.get(run), task);
  });
  return showReport(rows.toArray(), shown);
}

const shown: ReportOptions = {
  kinds: {
    ...{ tries: "count", start: "unix", submitted: "unix", launched: "unix" },
    ...{ started: "unix", finished: "unix", end: "unix" },
    ...{ contributed: "seconds", submitting: "seconds", launching: "seconds" },
    ...{ retrying: "seconds", queued: "seconds", running: "seconds" },
    ...{ returning: "seconds", joining: "seconds", slack: "seconds" },
  },
  secondary: [
    ...["run", "state", "part", "task_id", "start", "end", "submitted"],
    ...["launched", "started", "finished"],
  ],
};

function criticalTasks(
  graph: Graph,
  start: number | undefined,
  of?: string,
): CriticalTask[] {
  const byEnd = [...graph.tasks.values()].filter(({ ended }) => ended !== null)
    .sort((a, b) => b.ended! - a.ended!);
  const last = byEnd.find(({ task }) => of === undefined || task === of);
  if (!last) return [];
  const chain = walkBack(last, graph);
  if (of === undefined) {
    const onPath = new Set(chain.map(({ task }) => task));
    const other = byEnd.find((task) => !onPath.has(task));
    chain.at(-1)!.otherwise = other?.ended ?? null;
  }
  let since = Math.min(
    start ?? Infinity,
    chain[0]!.task.submitted ?? Infinity,
    chain[0]!.end,
  );
  return chain.map((link) => {
    const row = rowOf(link, since);
    since = row.end;
    return row;
  });
}

/** When the first thing is told of each run. */
function startsOfRuns(db: Database): Map<string, number> {
  const rows = db.query<{ run: string; start: number }>(sql`
    SELECT ifnull(span.attributes ->> '$.run',
        span.attributes ->> '$.rundir') AS run,
      min(time) AS start
    FROM span JOIN event ON event.span_id = span.id
    WHERE span.type IN ('parsl.rundir.workflow', 'parsl.monitoring.workflow')
      AND time IS NOT NULL
    GROUP BY 1 HAVING run IS NOT NULL`);
  return new Map(rows.map(({ run, start }) => [run, start]));
}
