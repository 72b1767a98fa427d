import type { DependencyRows } from "dnpc/plots";
import { fixtureRows } from "./fixtures.ts";

/** A task of monitoring.db, in the form of taskGraph(). */
export interface TaskRow {
  run: string;
  task: string;
  app: string;
  state: string;
  depends: string;
}

/** The tasks of a fixture, each with its last state, and their dependencies. */
export function fixtureGraph(set: string) {
  const nodes = fixtureRows<TaskRow>(
    set,
    `SELECT task.run_id AS run, task.task_id AS task, task_func_name AS app,
       (SELECT task_status_name FROM status
        WHERE status.run_id = task.run_id AND status.task_id = task.task_id
        ORDER BY timestamp DESC, rowid DESC LIMIT 1) AS state,
       task_depends AS depends
     FROM task ORDER BY 1, 2`,
  );
  const edges = nodes.flatMap(({ run, task, depends }) =>
    depends.split(",").filter(Boolean).map((from) => ({
      run,
      from,
      to: task,
    }))
  );
  return { nodes, edges };
}

/** A task, a thousand parallel chains of two tasks, and a task after all. */
export function fannedOut(): DependencyRows {
  const shards = Array.from({ length: 1000 }, (_, i) => ({
    align: `align ${i}`,
    call: `call ${i}`,
    failed: i % 7 === 0,
  }));
  return {
    nodes: [
      { task: "split", app: "split", state: "exec_done" },
      ...shards.flatMap(({ align, call, failed }) => [
        { task: align, app: "align", state: failed ? "failed" : "exec_done" },
        { task: call, app: "call", state: failed ? "dep_fail" : "exec_done" },
      ]),
      { task: "merge", app: "merge", state: "dep_fail" },
    ],
    edges: shards.flatMap(({ align, call }) => [
      { from: "split", to: align },
      { from: align, to: call },
      { from: call, to: "merge" },
    ]),
  };
}

/** Relations between span types, and the number of spans of each. */
export const typesOfSpans = {
  relations: [
    ["parsl.monitoring.workflow", "equals", "parsl.rundir.workflow", 1],
    ["parsl.monitoring.workflow", "holds", "parsl.monitoring.task", 104],
    ["parsl.monitoring.task", "equals", "parsl.rundir.task", 104],
    ["parsl.rundir.workflow", "holds", "parsl.rundir.task", 104],
    ["parsl.monitoring.task", "holds", "parsl.monitoring.try", 116],
    ["parsl.rundir.task", "holds", "parsl.rundir.try", 116],
    ["parsl.monitoring.try", "equals", "parsl.rundir.try", 116],
    ["parsl.rundir.try", "holds", "workqueue.task", 104],
    ["workqueue.worker", "holds", "workqueue.task", 104],
  ],
  types: [
    ["parsl.monitoring.workflow", 1],
    ["parsl.monitoring.task", 104],
    ["parsl.monitoring.try", 116],
    ["parsl.rundir.workflow", 1],
    ["parsl.rundir.task", 104],
    ["parsl.rundir.try", 116],
    ["workqueue.worker", 1],
    ["workqueue.task", 104],
    ["workqueue.manager", 1],
  ],
};
