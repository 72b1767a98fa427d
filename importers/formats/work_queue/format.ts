import { basename } from "node:path";
import type { Format, LogPlace } from "../format.ts";
import { inExecutor } from "../parsl/layout.ts";
import { workQueueDebugLog } from "./debug_log.ts";
import { placeByName, queueRules, queueTypes, transfers } from "./queue.ts";
import { statisticsLog } from "./statistics_log.ts";
import { transactionLog, type TransactionNames } from "./transactions.ts";

const names: TransactionNames = {
  component: "workqueue",
  task: "workqueue_task",
};

/**
 * Work Queue: transaction_log, master_log and debug_log. A transaction_log names
 * a worker by its id when it connects, later by its address.
 */
export const workQueue: Format = {
  name: "work_queue",
  program: "Work Queue",
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
      purpose: {
        log: "transaction_log",
        facts: "which worker ran a task, and when exactly",
      },
      fileName: /^transaction_log$/,
      place: placeOf,
      hasHeader: true,
      ...transactionLog(names),
    },
    {
      importer: "master_log",
      fileName: /^master_log$/,
      place: placeOf,
      hasHeader: true,
      ...statisticsLog(names),
    },
    { ...workQueueDebugLog, place: placeOf },
  ],
  spanTypes: queueTypes(names, {
    label: "Work Queue",
    queue: ["in Work Queue", 31],
    waiting: ["WAITING"],
    taskEvents: transfers,
  }),
  rules: queueRules(names),
};

function placeOf(path: string): LogPlace {
  const isUsual = /^(?:transaction|master|debug)_log(?:\.gz)?$/
    .test(basename(path));
  return isUsual ? inExecutor(path) : placeByName(path);
}
