import type { Rule } from "../sql/mod.ts";

const htexTask = ["rundir", "executor", "executor_task"];

/**
 * What relates the accounts of a Parsl workflow's components: rules for `bind`,
 * which every import of a runinfo applies. Data, to read and to extend:
 * `bind(db, [...parslRules, myRule])`.
 *
 * No component knows the others. Those below one run directory share `rundir`,
 * a name for that directory; an executor's own number for a task, which its
 * components share, is bound to Parsl's by the line that says a try was
 * launched.
 *
 * @example
 * ```ts
 * import { parslRules } from "dnpc/importers";
 * import { ruleText } from "dnpc/sql";
 * import assert from "node:assert/strict";
 *
 * assert.ok(
 *   parslRules.map(ruleText).includes(
 *     "facet: parsl.monitoring.task = parsl.rundir.task on run, task",
 *   ),
 * );
 * ```
 */
export const parslRules: readonly Rule[] = [
  // Who is meant
  { implies: ["rundir"], gives: ["run"] },
  {
    implies: ["rundir", "executor", "workqueue_task"],
    gives: ["executor_task"],
  },
  { implies: htexTask, gives: ["task", "try"] },

  // Two accounts of the same thing
  facet("parsl.monitoring.workflow", "parsl.rundir.workflow", ["run"]),
  facet("parsl.monitoring.task", "parsl.rundir.task", ["run", "task"]),
  facet("parsl.monitoring.try", "parsl.rundir.try", ["run", "task", "try"]),
  facet("parsl.monitoring.block", "parsl.executor.block", [
    "run",
    "executor",
    "block",
  ]),
  facet("parsl.monitoring.node", "parsl.executor.htex.manager", [
    "run",
    "manager",
  ]),
  // What METRIC lines tell of, each under a name of its own
  facet("parsl.rundir.task", "GATHERED_DEPS", ["rundir", "task"]),
  facet("parsl.rundir.task", "COUNTED_DEPS", ["rundir", "task"]),
  facet("parsl.executor", "STRATEGY", ["rundir", "executor"]),

  // What goes on inside of a try
  inside("parsl.rundir.try", "parsl.executor.htex.submit.task", htexTask),
  inside("parsl.rundir.try", "parsl.executor.htex.interchange.task", htexTask),
  inside("parsl.rundir.try", "parsl.executor.htex.manager.task", htexTask),
  inside("parsl.rundir.try", "parsl.executor.htex.worker.task", htexTask),
  inside(
    "parsl.rundir.try",
    "parsl.executors.workqueue.executor_task",
    htexTask,
  ),
  inside("parsl.executors.workqueue.executor_task", "workqueue.task", [
    "rundir",
    "executor",
    "workqueue_task",
  ]),

  // Where it goes on
  inside("parsl.rundir.workflow", "parsl.executor", ["rundir"], "executor"),
  inside("parsl.executor", "parsl.executor.block", [
    "rundir",
    "executor",
  ], "block"),
  inside("parsl.executor.block", "parsl.executor.htex.manager", [
    "rundir",
    "executor",
    "block",
  ], "manager"),
  inside("parsl.executor.htex.manager", "parsl.executor.htex.worker", [
    "rundir",
    "executor",
    "block",
    "manager",
  ], "worker"),
  inside("parsl.executor.htex.manager", "parsl.executor.htex.manager.task", [
    "rundir",
    "executor",
    "block",
    "manager",
  ], "executor_task"),
  // A manager has an id of its own, whatever its block. If it was lost, this
  // leads from a try that it lost to it.
  inside(
    "parsl.executor.htex.manager",
    "parsl.executor.htex.interchange.task",
    ["rundir", "executor", "manager"],
    "executor_task",
  ),
  inside("parsl.executor.htex.worker", "parsl.executor.htex.worker.task", [
    "rundir",
    "executor",
    "block",
    "manager",
    "worker",
  ], "executor_task"),
  inside("workqueue.manager", "workqueue.worker", [
    "rundir",
    "executor",
    "manager_pid",
  ], "worker"),
  inside("workqueue.worker", "workqueue.task", [
    "rundir",
    "executor",
    "worker",
  ], "workqueue_task"),
];

function facet(left: string, right: string, on: string[]): Rule {
  return { facet: [left, right], on };
}

function inside(
  outer: string,
  inner: string,
  on: string[],
  key = on.at(-1)!,
): Rule {
  return { subspan: [outer, inner], on, key };
}
