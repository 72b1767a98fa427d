import { facet, inside } from "../facts.ts";
import type { Format } from "../format.ts";
import { functionLog } from "./function_log.ts";
import { tracingPickle } from "./tracing_pickle.ts";

/** What Parsl's DESC branches trace. */
export const tracing: Format = {
  name: "tracing",
  files: [functionLog, tracingPickle],
  spanTypes: [
    {
      type: "parsl.executors.workqueue.executor_task.remote",
      doc:
        "A task of Parsl's Work Queue executor, in the process that runs the " +
        "function. Only Parsl's DESC branches log it.",
      identity: ["rundir", "executor", "executor_task"],
      role: "work",
    },
    {
      type: "parsl.tracing.TASK",
      doc: "A task, as Parsl's DESC branches trace it.",
      identity: ["rundir", "task"],
      role: "task",
      preference: 3,
    },
    {
      type: "parsl.tracing.TRY",
      doc: "A try, traced.",
      identity: ["rundir", "task", "try"],
      role: "try",
      preference: 3,
    },
    {
      type: "parsl.tracing.EXECUTOR_TASK",
      doc: "A task of the Work Queue executor, traced.",
      identity: ["rundir", "executor_task"],
      role: "work",
    },
    {
      type: "parsl.tracing.WQ_TASK",
      doc: "A task of Work Queue, traced.",
      identity: ["rundir", "workqueue_task"],
      role: "work",
    },
    {
      type: "parsl.tracing.PACKAPPLY",
      doc: "The packing of one call, traced.",
      identity: ["rundir", "id"],
    },
  ],
  rules: [
    facet("parsl.tracing.TASK", "parsl.rundir.task", ["rundir", "task"]),
    facet("parsl.tracing.TRY", "parsl.rundir.try", ["rundir", "task", "try"]),
    // The tracing does not name the executor: if two executors use the same
    // number, it is bound to neither.
    facet(
      "parsl.tracing.EXECUTOR_TASK",
      "parsl.executors.workqueue.executor_task",
      ["rundir", "executor_task"],
    ),
    facet(
      "parsl.tracing.WQ_TASK",
      "workqueue.task",
      ["rundir", "workqueue_task"],
    ),
    inside(
      "parsl.executors.workqueue.executor_task",
      "parsl.executors.workqueue.executor_task.remote",
      ["rundir", "executor", "executor_task"],
    ),
  ],
};
