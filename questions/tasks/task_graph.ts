import { checkQuestion } from "../../display/text/mistakes.ts";
import type { Database } from "../../sql/mod.ts";
import { secondsBetween } from "../events/statistics.ts";
import { nameOfRun, runLabels } from "../runs/find_run.ts";
import { edgesOfRuns } from "./task_dependencies.ts";
import type { RunOptions } from "./critical_path.ts";
import { type TaskRow, type TaskTimes, taskTimes } from "./task_times.ts";

/** A task, a row of the nodes of {@linkcode taskGraph}. */
export interface TaskNode extends TaskRow {
  /** Number of its tries. */
  tries: number;
  /** The label of the executor of its last try. */
  executor: string | null;
  /** When its first try was launched. */
  launched: number | null;
  /** When the task ended. */
  ended: number | null;
  /** Seconds from its submission to its end. */
  duration: number | null;
  /** Seconds that its last try spent on a worker. */
  running: number | null;
  /**
   * Length of the longest path of edges to it, usable as a layer in a drawing.
   * 0 for a task without dependencies; null in a circle and behind it.
   */
  depth: number | null;
}

/** A dependency: a row of the edges of {@linkcode taskGraph}. */
export interface TaskEdge {
  /** Label of the run, such as "000"; if it has none, its id or directory. */
  run: string;
  /** Parsl's number of the task that must end first. */
  from: string;
  /** Parsl's number of the task that waits for it. */
  to: string;
  /** The span of the first; null if it is unknown. */
  from_id: number | null;
  /** The span of the second. */
  to_id: number | null;
  /** "joins" for an inner task of a join app, else "depends". */
  kind: "depends" | "joins";
  /** The seconds from the end of the first to the launch of the second, or to
   * the end of the join app. */
  delay: number | null;
}

/** The tasks of runs and their dependencies. */
export interface TaskGraph {
  /** In the order of the runs and of the tasks' numbers. */
  nodes: TaskNode[];
  /** In the order of the runs, with the edges of each task together. */
  edges: TaskEdge[];
}

/**
 * Reads the tasks of a run and their dependencies, as rows for a drawing or a
 * graph library: see {@linkcode TaskNode} and {@linkcode TaskEdge} for the
 * columns. A task that only others mention, because its own lines are missing,
 * is no node: such an edge begins at a number that is not among the nodes.
 *
 * Times come from the same logs as for {@linkcode criticalPath}, whose rows have
 * the same `task_id` and `task`. Takes time in proportion to the tasks and
 * dependencies.
 *
 * @throws {RangeError} for a name that fits no run, or several
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { taskGraph } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/wq/runinfo");
 *
 * const { nodes, edges } = taskGraph(db);
 * assert.equal(nodes.length, 104);
 * const { from, to, kind } = edges[0]!;
 * assert.deepEqual([from, to, kind], ["0", "1", "depends"]);
 * ```
 */
export function taskGraph(
  db: Database,
  options: RunOptions = {},
): TaskGraph {
  checkQuestion("taskGraph", db, options, { run: true });
  const run = nameOfRun(db, options.run);
  const runs = taskTimes(db, run);
  const labels = runLabels(db);
  const labelOf = (run: string) => labels.get(run) ?? run;
  const graph: TaskGraph = { nodes: [], edges: [] };
  for (const [name, edges] of edgesOfRuns(db, run)) {
    const tasks = runs.get(name);
    for (const { task, depends_on, kind } of edges) {
      const [from, to] = [tasks?.get(depends_on), tasks?.get(task)];
      const until = kind === "joins" ? to?.ended : to?.launched;
      graph.edges.push({
        run: labelOf(name),
        from: depends_on,
        to: task,
        from_id: from?.task_id ?? null,
        to_id: to?.task_id ?? null,
        kind,
        delay: secondsBetween(from?.ended, until),
      });
    }
  }
  const edgesByRun = Map.groupBy(graph.edges, ({ run }) => run);
  for (const [run, tasks] of runs) {
    const depths = depthsOf(tasks.keys(), edgesByRun.get(labelOf(run)) ?? []);
    const inOrder = [...tasks.values()]
      .sort((a, b) => Number(a.task) - Number(b.task));
    for (const task of inOrder) {
      graph.nodes.push({
        ...nodeOf(task, depths.get(task.task) ?? null),
        run: labelOf(run),
      });
    }
  }
  return graph;
}

function nodeOf(task: TaskTimes, depth: number | null): TaskNode {
  const { run, task_id, app, state, submitted, tries } = task;
  const { launched, started, finished, ended } = task;
  return {
    run,
    task_id,
    task: task.task,
    app,
    state,
    tries: tries.length,
    executor: tries.at(-1)?.executor ?? null,
    submitted,
    launched,
    started,
    finished,
    ended,
    duration: secondsBetween(submitted, ended),
    running: secondsBetween(started, finished),
    depth,
  };
}

/** Removes tasks layer by layer, each after everything it waits for. */
function depthsOf(
  tasks: Iterable<string>,
  edges: readonly TaskEdge[],
): Map<string, number> {
  const waiting = new Map<string, number>();
  for (const task of tasks) waiting.set(task, 0);
  const known = edges.filter(({ from, to }) =>
    waiting.has(from) && waiting.has(to)
  );
  for (const { to } of known) waiting.set(to, waiting.get(to)! + 1);
  const after = Map.groupBy(known, ({ from }) => from);
  const depths = new Map<string, number>();
  let layer = [...waiting.keys()].filter((task) => waiting.get(task) === 0);
  for (let depth = 0; layer.length > 0; depth++) {
    const next: string[] = [];
    for (const task of layer) {
      depths.set(task, depth);
      for (const { to } of after.get(task) ?? []) {
        waiting.set(to, waiting.get(to)! - 1);
        if (waiting.get(to) === 0) next.push(to);
      }
    }
    layer = next;
  }
  return depths;
}
