import type { Rule } from "../../sql/mod.ts";

const htexTask = ["rundir", "executor", "executor_task"];
const workQueueTask = ["rundir", "executor", "workqueue_task"];
const taskVineTask = ["rundir", "executor", "taskvine_task"];

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
  // Each leads to the other, whichever of the two logs says so.
  { implies: workQueueTask, gives: ["executor_task"] },
  { implies: htexTask, gives: ["workqueue_task"] },
  { implies: taskVineTask, gives: ["executor_task"] },
  { implies: htexTask, gives: ["taskvine_task"] },
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
  facet("parsl.tracing.TASK", "parsl.rundir.task", ["rundir", "task"]),
  facet("parsl.tracing.TRY", "parsl.rundir.try", ["rundir", "task", "try"]),
  // The tracing knows no label: of executors that count alike, neither is meant.
  facet(
    "parsl.tracing.EXECUTOR_TASK",
    "parsl.executors.workqueue.executor_task",
    [
      "rundir",
      "executor_task",
    ],
  ),
  facet("parsl.tracing.WQ_TASK", "workqueue.task", [
    "rundir",
    "workqueue_task",
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
  inside(
    "parsl.executors.workqueue.executor_task",
    "parsl.executors.workqueue.executor_task.remote",
    htexTask,
  ),
  inside(
    "parsl.rundir.try",
    "parsl.executors.taskvine.executor_task",
    htexTask,
  ),
  // Where two logs contradict each other, neither is taken for right.
  inside("parsl.executors.workqueue.executor_task", "workqueue.task", [
    ...htexTask,
    "workqueue_task",
  ]),
  inside("parsl.executors.taskvine.executor_task", "taskvine.task", [
    ...htexTask,
    "taskvine_task",
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
  ...transactionRules("workqueue", "workqueue_task"),
  ...transactionRules("taskvine", "taskvine_task"),
  inside("taskvine.worker", "taskvine.library", [
    "rundir",
    "executor",
    "worker",
  ], "library"),
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

// What Work Queue's and TaskVine's own logs tell of.
function transactionRules(component: string, task: string): Rule[] {
  const within = (outer: string, by: string, inner: string, key: string) =>
    inside(
      `${component}.${outer}`,
      `${component}.${inner}`,
      ["rundir", "executor", by],
      key,
    );
  return [
    within("manager", "manager_pid", "worker", "worker"),
    within("manager", "manager_pid", "category", "category"),
    within("category", "category", "task", task),
    within("worker", "worker", "task", task),
  ];
}
