import { facet, inside, mayBeInside, places, state } from "../facts.ts";
import type { Rule } from "../../../sql/mod.ts";
import type { Format } from "../format.ts";
import { asJsonLog } from "../parsl/json_logs.ts";
import { interchangeLog, interchangeSignatures } from "./interchange_log.ts";
import { managerLog, managerSignatures } from "./manager_log.ts";
import { workerLog, workerSignatures } from "./worker_log.ts";

const logs = [interchangeLog, managerLog, workerLog];
const prefix = "parsl.executor.htex";
const key = "executor_task";
const task = ["rundir", "executor", key];
const manager = ["rundir", "executor", "block", "manager"];
const worker = [...manager, "worker"];
// The interchange may not know the block.
const sent = ["rundir", "executor", "manager", key];

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
  ].map((step) => `${prefix}.${step}`),
  files: [
    ...logs,
    asJsonLog(interchangeLog, interchangeSignatures),
    asJsonLog(managerLog, managerSignatures),
    asJsonLog(workerLog, workerSignatures),
  ],
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
      events: [{ event: "manager_lost", work: "lost" }],
    },
    {
      type: "parsl.executor.htex.manager",
      doc: "A manager, as the interchange and its own log know it.",
      identity: manager,
      role: "manager",
      preference: 1,
      // The interchange mentions a manager long after its end.
      ownLog: "manager.%",
      events: [
        { event: "registered", work: "up" },
        { event: "lost", work: "down" },
        { event: "exited", work: "down" },
      ],
    },
    {
      type: "parsl.executor.htex.manager.task",
      doc: "A task of the high throughput executor, in a manager.",
      identity: [...manager, key],
      role: "work",
      states: [state("manager_got_task", places.manager, "held")],
      events: [{
        event: "backlogged",
        doc: "MPIExecutor has too few free nodes for it.",
      }],
    },
    {
      type: "parsl.executor.htex.worker",
      doc: "A worker: one process of a manager.",
      identity: worker,
      role: "worker",
      ownLog: "worker.%",
      events: [
        { event: "started", work: "up" },
        { event: "died", work: "down", doc: "Its process ended unexpectedly." },
        {
          event: "restarted",
          work: "up",
          doc: "The manager started a new process in its place.",
        },
      ],
    },
    {
      type: "parsl.executor.htex.worker.task",
      doc: "A task of the high throughput executor, in a worker.",
      identity: [...worker, key],
      role: "work",
      states: [
        state("worker_received_task", places.worker, "busy"),
        state("worker_completed_task", places.returning, "idle"),
        state("worker_all_finished_task", places.returning, "idle"),
        state("worker_died", places.returning, "lost"),
      ],
    },
  ],
  rules: [
    ...["submit", "interchange", "manager", "worker"].map((component) =>
      inside("parsl.rundir.try", `${prefix}.${component}.task`, task)
    ),
    inside(
      "parsl.executor.block",
      `${prefix}.manager`,
      manager.slice(0, 3),
      "manager",
    ),
    inside(`${prefix}.manager`, `${prefix}.worker`, manager, "worker"),
    inside(`${prefix}.manager`, `${prefix}.manager.task`, manager, key),
    // The id of a manager is unique across blocks. If the manager was lost,
    // this relates it to the tries that it lost. A task may never be sent to one.
    mayBeInside(
      `${prefix}.manager`,
      `${prefix}.interchange.task`,
      ["rundir", "executor", "manager"],
      key,
    ),
    inside(`${prefix}.worker`, `${prefix}.worker.task`, worker, key),
    // Accounts of one task, if no parsl.log nests them in a try.
    ...([
      ["submit", "interchange", task],
      ["interchange", "manager", sent],
      ["interchange", "worker", sent],
      ["manager", "worker", [...manager, key]],
    ] as const).map(([one, other, on]): Rule => ({
      facet: [`${prefix}.${one}.task`, `${prefix}.${other}.task`],
      on,
      unless: "try",
    })),
    facet("parsl.monitoring.node", `${prefix}.manager`, ["run", "manager"]),
  ],
};
