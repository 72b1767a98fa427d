import { basename } from "node:path";
import { inside, mayBeInside } from "../facts.ts";
import type { EventType, Format, LogPlace } from "../format.ts";
import { above, nameAbove } from "../parsl/layout.ts";
import {
  placeByName,
  queueRules,
  queueTypes,
  transfers,
} from "../work_queue/queue.ts";
import { taskVineDebugLog } from "./debug_log.ts";
import { statisticsLog } from "../work_queue/statistics_log.ts";
import {
  transactionLog,
  type TransactionNames,
} from "../work_queue/transactions.ts";
import { graphRules, graphTypes, taskGraphLog } from "./task_graph.ts";

const names: TransactionNames = {
  component: "taskvine",
  task: "taskvine_task",
};

const executorTask = ["function_data", "executor_task"];

/** Events of a task that a later line reports, with their own times. */
const moments: readonly EventType[] = [
  { event: "commit_start", doc: "The manager begins to send the task." },
  { event: "commit_end", doc: "The manager has sent the task." },
  {
    event: "worker_start",
    doc: "The worker begins to execute the task, by its own clock.",
  },
  {
    event: "worker_end",
    doc: "The worker has executed the task, by its own clock.",
  },
];

/**
 * TaskVine: transactions, performance, taskgraph and debug in a manager's
 * vine-logs, of all versions since 7.5.0 of 2023-02. From transactions of earlier
 * pre-releases, all known lines are read.
 */
export const taskVine: Format = {
  name: "task_vine",
  program: "TaskVine",
  files: [
    {
      importer: "transactions",
      purpose: {
        log: "transactions",
        facts: "which worker ran a task, and when exactly",
      },
      fileName: /^transactions$/,
      place: placeOf,
      hasHeader: true,
      ...transactionLog(names),
    },
    {
      importer: "performance_log",
      fileName: /^performance$/,
      place: placeOf,
      hasHeader: true,
      ...statisticsLog(names),
    },
    { ...taskGraphLog, place: placeOf, hasHeader: true },
    { ...taskVineDebugLog, place: placeOf },
  ],
  spanTypes: [
    ...queueTypes(names, {
      label: "TaskVine",
      queue: ["in TaskVine", 32],
      // WAITING was renamed READY in 2023-09.
      waiting: ["READY", "WAITING"],
      taskEvents: moments,
      workerEvents: [
        ...transfers,
        {
          event: "CACHE_UPDATE",
          work: "transfer",
          doc: "A file of `bytes` is in the worker's cache, after `seconds`.",
        },
      ],
    }),
    {
      type: "taskvine.library",
      doc:
        "A library: a process on a worker that serves calls. It is not work, " +
        "even where TaskVine logs it as a task. A task is in it if it began when " +
        "the worker had no other library; since 2023-08 only if it took no " +
        "resources, as calls do: the log does not name the library of a call.",
      role: "library",
      identity: ["rundir", "executor", "library"],
      events: [
        { event: "SENT" },
        { event: "STARTED" },
        { event: "FAILURE", work: "down" },
        { event: "WAITING_RETRIEVAL", work: "down" },
        { event: "RETRIEVED", work: "down" },
        { event: "DONE", work: "down" },
        ...moments,
      ],
    },
    ...graphTypes,
  ],
  rules: [
    // TaskVine's logs may lie in a run directory or beside it. Both they and
    // parsl.log name the directory with the functions of an executor's tasks.
    ...queueRules(names, mayBeInside),
    { implies: ["function_data"], gives: ["run"] },
    { implies: ["rundir", "executor"], gives: ["function_data"] },
    { implies: executorTask, gives: ["task", "try"] },
    { implies: executorTask, gives: [names.task] },
    inside(
      "parsl.executors.taskvine.executor_task",
      "taskvine.task",
      [...executorTask, names.task],
    ),
    inside(
      "taskvine.worker",
      "taskvine.library",
      ["rundir", "executor", "worker"],
      "library",
    ),
    mayBeInside(
      "taskvine.library",
      "taskvine.task",
      ["rundir", "executor", "library"],
      names.task,
    ),
    ...graphRules,
  ],
};

// EXECUTOR/TIME/vine-logs/transactions. TaskVine keeps files from one run to the
// next, so Parsl puts EXECUTOR beside its run directories: then each manager has
// a directory of its own, and the path does not name the run.
function placeOf(path: string): LogPlace {
  const isInLogs = nameAbove(path, 1) === "vine-logs";
  const isUsual = /^(?:transactions|performance|taskgraph|debug)(?:\.gz)?$/
    .test(basename(path));
  if (!isInLogs && !isUsual) return placeByName(path);
  const logs = isInLogs ? 2 : 1;
  const isTime = /^\d{4}-\d\d-\d\dT/.test(nameAbove(path, logs));
  const levels = isTime ? logs + 1 : logs;
  const isInRun = /^\d{3,}$/.test(nameAbove(path, levels + 1));
  return {
    path,
    rundir: above(path, isInRun ? levels + 1 : logs),
    executor: nameAbove(path, levels),
  };
}
