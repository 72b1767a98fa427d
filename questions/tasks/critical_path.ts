import { withShortStack } from "../../display/notebook/jupyter.ts";
import { checkQuestion, quoted } from "../../display/text/mistakes.ts";
import { counted } from "../../display/text/format.ts";
import { type Database, spanSql as sql } from "../../sql/mod.ts";
import { answer } from "../answer.ts";
import { nameOfRun, runLabels } from "../runs/find_run.ts";
import {
  criticalPathText,
  type CriticalSeconds,
  type CriticalTask,
} from "./critical_path_text.ts";
import { edgesOfRuns } from "./task_dependencies.ts";
import { type RunTasks, taskTimes } from "./task_times.ts";
import { type Graph, type Link, walkBack } from "./walk_back.ts";

/** Selects the run of a question about tasks. */
export interface RunOptions {
  /**
   * The run: its label ("000"), its id, its directory, or a unique part of
   * these. By default each run separately.
   */
  run?: string;
}

/** Selects the task at the end of {@linkcode criticalPath}. */
export interface CriticalPathOptions extends RunOptions {
  /** Parsl's number of the task. By default the last one to end. */
  task?: string | number;
}

/**
 * Finds the chain of tasks that determined when a run ended, or when one task
 * ended, in order: the last task to end, before it the dependency that it
 * waited for longest, and so on, back to a task without dependencies. See
 * {@linkcode CriticalTask} for the columns. Shown as a table, the rows begin with
 * these tasks and their times in words.
 *
 * Each link begins at the end of the one before, and the first at the first
 * event of the run, so their contributions add up to the time from there to the
 * end of the last task. To make the run faster, make these tasks faster; beyond
 * `slack`, another chain determines the end.
 *
 * A task waits for the last of its dependencies to end, as
 * {@linkcode taskDependencies} lists them. A join app appears twice if it
 * submitted the inner tasks of the chain itself: as "start" before them, and as
 * "join" after. If a task was submitted after all its dependencies had ended,
 * the program was the cause: this time is in `submitting`. No log shows that a
 * program waits for a result before it submits more, so such a chain begins
 * late, with much time in `submitting`.
 *
 * States come from parsl.log, or else from monitoring.db; arrival at a worker
 * and the end of work there from the worker's log, the log of a queue's
 * transactions, or else monitoring.db. A task that did not end is part of no
 * chain, and its delays are unknown; in a circle of dependencies the chain
 * ends. If a log has the end of a task after its effect, the task counts as
 * ended at the effect. Takes time in proportion to the tasks and dependencies.
 *
 * @returns rows in the order of the runs and of time; none for a run in which no
 * task ended
 * @throws {RangeError} for a name that fits no run, or several
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
  options: CriticalPathOptions = {},
): CriticalTask[] {
  checkQuestion("criticalPath", db, options, { run: true, task: true });
  const task = options.task === undefined ? undefined : String(options.task);
  const run = nameOfRun(db, options.run);
  const edges = edgesOfRuns(db, run);
  const starts = startsOfRuns(db);
  const labels = runLabels(db);
  const runs = taskTimes(db, run);
  checkTask(runs, task);
  const rows = runs.entries().flatMap(([run, tasks]) => {
    const dependencies = Map.groupBy(
      edges.get(run) ?? [],
      ({ kind, task }) => `${kind} ${task}`,
    );
    return criticalTasks({ tasks, dependencies }, starts.get(run), task)
      .map((row) => ({ ...row, run: labels.get(run) ?? run }));
  });
  const path = [...rows];
  return answer(path, ["tries", "part"], {
    heading: criticalPathText(path),
    columns: [
      ...["run", "task", "app", "part", "tries", "contributed", "submitting"],
      ...["launching", "retrying", "queued", "running", "returning", "joining"],
      "slack",
    ],
  });
}

/** @throws {RangeError} with the numbers of the tasks, if none has this one */
function checkTask(
  runs: ReadonlyMap<string, RunTasks>,
  task: string | undefined,
): void {
  const tasks = [...runs.values()].flatMap((tasks) => [...tasks.keys()]);
  if (task === undefined || tasks.length === 0 || tasks.includes(task)) return;
  tasks.sort((a, b) => Number(a) - Number(b));
  throw withShortStack(
    new RangeError(
      `there is no task ${quoted(task)}: there ` +
        `${tasks.length === 1 ? "is" : "are"} ${
          counted(tasks.length, "task")
        }` +
        `, from ${tasks[0]} to ${tasks.at(-1)}`,
    ),
  );
}

function criticalTasks(
  graph: Graph,
  start: number | undefined,
  of?: string,
): CriticalTask[] {
  const byEnd = graph.tasks.values().filter(({ ended }) => ended !== null)
    .toArray().sort((a, b) => b.ended! - a.ended!);
  const last = byEnd.find(({ task }) => of === undefined || task === of);
  if (!last) return [];
  const chain = walkBack(last, graph);
  if (of === undefined) {
    const onPath = new Set(chain.map(({ task }) => task.task));
    const other = byEnd.find(({ task }) => !onPath.has(task));
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

/** The time of the first event of each run. */
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

/** The row of a link that begins at a time. */
function rowOf(link: Link, start: number): CriticalTask {
  const { task, part, otherwise } = link;
  const { run, task_id, app, state, submitted, tries } = task;
  const end = Math.max(link.end, start);
  return {
    run,
    task_id,
    task: task.task,
    app,
    part,
    state,
    tries: tries.length,
    start,
    submitted,
    launched: tries.at(-1)?.launched ?? null,
    started: task.started,
    finished: task.finished,
    end,
    contributed: end - start,
    ...secondsOf(link, start, end),
    slack: otherwise === null ? null : Math.max(0, end - otherwise),
  };
}

function secondsOf(
  { task, part }: Link,
  start: number,
  end: number,
): CriticalSeconds {
  const { submitted, started, finished } = task;
  const launched = task.tries.at(-1)?.launched ?? null;
  const isJoin = part === "join";
  const untils: Record<keyof CriticalSeconds, number | null> = {
    submitting: submitted,
    launching: task.launched ?? launched ?? started ?? end,
    retrying: launched,
    queued: started,
    running: started === null ? end : finished ?? end,
    returning: end,
    joining: end,
  };
  let since = start;
  const seconds = { ...untils } as CriticalSeconds;
  for (const [name, until] of Object.entries(untils)) {
    const isSpent = until !== null && (!isJoin || name === "joining");
    // Never goes back, nor beyond the end of the link.
    const to = isSpent ? Math.min(Math.max(until, since), end) : since;
    seconds[name as keyof CriticalSeconds] = to - since;
    since = to;
  }
  if (started === null && seconds.running > 0) seconds.queued = null;
  return seconds;
}
