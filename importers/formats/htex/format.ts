import { facet, inside, places, state } from "../facts.ts";
import type { Format } from "../format.ts";
import { asJsonLog } from "../parsl/json_logs.ts";
import { interchangeLog } from "./interchange_log.ts";
import { managerLog } from "./manager_log.ts";
import { workerLog } from "./worker_log.ts";

const logs = [interchangeLog, managerLog, workerLog];
const task = ["rundir", "executor", "executor_task"];
const manager = ["rundir", "executor", "block", "manager"];
const worker = [...manager, "worker"];

/** Parsl's high throughput executor: interchange, managers and workers. */
export const htex: Format = {
  name: "htex",
  executorClass: "HighThroughputExecutor",
  steps: [
    "interchange.task/interchange_queued",
    "interchange.task/interchange_to_manager",
    "manager.task/manager_got_task",
    "worker.task/worker_received_task",
    "worker.task/worker_completed_task",
    "worker.task/worker_all_finished_task",
    "interchange.task/interchange_removing_task",
  ].map((step) => `parsl.executor.htex.${step}`),
  files: [...logs, ...logs.map(asJsonLog)],
  spanTypes: [
    {
      type: "parsl.executor.htex.submit.task",
      doc:
        "A task of the high throughput executor, in the submitting process. " +
        "Only Parsl's observability prototype logs it.",
      identity: task,
      role: "work",
      states: [
        state("allocated", places.parsl, "queued"),
        state("sent", places.parsl, "queued"),
      ],
    },
    {
      type: "parsl.executor.htex.interchange.task",
      doc: "A task of the high throughput executor, in the interchange.",
      identity: task,
      role: "work",
      preference: 1,
      states: [
        state("interchange_queued", ["in the interchange", 30], "queued"),
        // The manager may have left no log.
        state("interchange_to_manager", places.manager, "held"),
        state("interchange_removing_task", places.returning, "idle"),
      ],
      events: [{ event: "manager_lost", work: "idle" }],
    },
    {
      type: "parsl.executor.htex.manager",
      doc: "A manager, as the interchange and its own log know it.",
      identity: manager,
      role: "manager",
      preference: 1,
      // The interchange mentions a manager long after its end.
      ownLog: "manager.%",
      events: [{ event: "registered" }, { event: "lost", work: "down" }],
    },
    {
      type: "parsl.executor.htex.manager.task",
      doc: "A task, in a manager.",
      identity: [...manager, "executor_task"],
      role: "work",
      states: [state("manager_got_task", places.manager, "held")],
    },
    {
      type: "parsl.executor.htex.worker",
      doc: "A worker: one process of a manager.",
      identity: worker,
      role: "worker",
      events: [{ event: "started", work: "up" }],
    },
    {
      type: "parsl.executor.htex.worker.task",
      doc: "A task, in a worker.",
      identity: [...worker, "executor_task"],
      role: "work",
      states: [
        state("worker_received_task", places.worker, "busy"),
        state("worker_completed_task", places.returning, "idle"),
        state("worker_all_finished_task", places.returning, "idle"),
      ],
    },
  ],
  rules: [
    ...["submit", "interchange", "manager", "worker"].map((component) =>
      inside("parsl.rundir.try", `parsl.executor.htex.${component}.task`, task)
    ),
    inside("parsl.executor.block", "parsl.executor.htex.manager", [
      "rundir",
      "executor",
      "block",
    ], "manager"),
    inside(
      "parsl.executor.htex.manager",
      "parsl.executor.htex.worker",
      manager,
      "worker",
    ),
    inside(
      "parsl.executor.htex.manager",
      "parsl.executor.htex.manager.task",
      manager,
      "executor_task",
    ),
    // The id of a manager is unique across blocks. If the manager was lost,
    // this leads to it from the tries that it lost.
    inside(
      "parsl.executor.htex.manager",
      "parsl.executor.htex.interchange.task",
      ["rundir", "executor", "manager"],
      "executor_task",
    ),
    inside(
      "parsl.executor.htex.worker",
      "parsl.executor.htex.worker.task",
      worker,
      "executor_task",
    ),
    facet(
      "parsl.monitoring.node",
      "parsl.executor.htex.manager",
      ["run", "manager"],
    ),
  ],
};
