import type { Format } from "../format.ts";
import { inExecutor } from "../parsl/layout.ts";
import { debugLog } from "./debug_log.ts";
import { queueRules, queueTypes } from "./queue.ts";
import { transactionLog, type TransactionNames } from "./transactions.ts";

const names: TransactionNames = {
  component: "workqueue",
  task: "workqueue_task",
  worker: "address",
};

/**
 * Work Queue: transaction_log, as its own header describes it, and debug_log. A
 * transaction_log names a worker by its id when it connects, later by its
 * address.
 */
export const workQueue: Format = {
  name: "work_queue",
  executorClass: "WorkQueueExecutor",
  steps: [
    "parsl.executors.workqueue.executor_task/executor_submitted",
    "workqueue.task/WAITING",
    "workqueue.task/RUNNING",
    "workqueue.task/WAITING_RETRIEVAL",
    "workqueue.task/RETRIEVED",
    "workqueue.task/DONE",
    "parsl.executors.workqueue.executor_task/executor_completed",
  ],
  files: [
    {
      importer: "transaction_log",
      fileName: /^transaction_log$/,
      place: inExecutor,
      ...transactionLog(names),
    },
    debugLog,
  ],
  spanTypes: queueTypes(names, {
    label: "Work Queue",
    queue: ["in Work Queue", 31],
    waiting: ["WAITING"],
  }),
  rules: queueRules(names),
};
