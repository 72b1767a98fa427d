/** Where a task is, and the events that say that it comes there. */
export interface TaskPlace {
  /** What the place is called. */
  state: string;
  /** "span type/event type", whichever of them is there. */
  entered: readonly string[];
}

/**
 * Where a task of Parsl can be, in the order in which it goes there: what
 * {@linkcode whereIsEveryTask} goes by. Data, to print, to change and to extend.
 *
 * A task that a log says nothing more of stays where it is. So without the logs
 * of an executor it is in the DFK until it is done.
 *
 * @example
 * ```ts
 * import { taskPlaces } from "dnpc/questions";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(taskPlaces.map(({ state }) => state), [
 *   "waiting on dependencies",
 *   "in the DFK",
 *   "in the interchange",
 *   "in Work Queue",
 *   "in TaskVine",
 *   "in a manager",
 *   "in a worker",
 *   "returning",
 *   "joining",
 *   "done",
 *   "failed",
 *   "to be tried again",
 * ]);
 * ```
 */
export const taskPlaces: readonly TaskPlace[] = [
  place("waiting on dependencies", parsl("pending")),
  place("in the DFK", [
    ...parsl("launched"),
    "parsl.executor.htex.submit.task/allocated",
    "parsl.executor.htex.submit.task/sent",
    "parsl.executors.workqueue.executor_task/executor_submitted",
    "parsl.executors.taskvine.executor_task/executor_submitted",
  ]),
  place("in the interchange", [
    "parsl.executor.htex.interchange.task/interchange_queued",
  ]),
  place("in Work Queue", ["workqueue.task/WAITING"]),
  place("in TaskVine", ["taskvine.task/READY", "taskvine.task/WAITING"]),
  place("in a manager", [
    // It is on its way; the manager may have left no log.
    "parsl.executor.htex.interchange.task/interchange_to_manager",
    "parsl.executor.htex.manager.task/manager_got_task",
  ]),
  place("in a worker", [
    ...parsl("running"),
    "parsl.executor.htex.worker.task/worker_received_task",
    "workqueue.task/RUNNING",
    "taskvine.task/RUNNING",
  ]),
  place("returning", [
    ...parsl("running_ended"),
    "parsl.executor.htex.worker.task/worker_completed_task",
    "parsl.executor.htex.worker.task/worker_all_finished_task",
    "parsl.executor.htex.interchange.task/interchange_removing_task",
    "workqueue.task/WAITING_RETRIEVAL",
    "workqueue.task/RETRIEVED",
    "workqueue.task/DONE",
    "taskvine.task/WAITING_RETRIEVAL",
    "taskvine.task/RETRIEVED",
    "taskvine.task/DONE",
    "parsl.executors.workqueue.executor_task/executor_completed",
    "parsl.executors.taskvine.executor_task/executor_completed",
  ]),
  place("joining", parsl("joining")),
  place("done", [...parsl("exec_done"), ...parsl("memo_done")]),
  place("failed", [...parsl("failed"), ...parsl("dep_fail")]),
  place("to be tried again", parsl("fail_retryable")),
];

function place(state: string, entered: readonly string[]): TaskPlace {
  return { state, entered };
}

/** A state of Parsl's, which two components tell of. */
function parsl(state: string): string[] {
  return [`parsl.rundir.try/${state}`, `parsl.monitoring.try/${state}`];
}
