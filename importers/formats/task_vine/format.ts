import { inside } from "../facts.ts";
import type { Format, LogPlace } from "../format.ts";
import { above, nameAbove } from "../parsl/layout.ts";
import { queueRules, queueTypes } from "../work_queue/queue.ts";
import {
  transactionLog,
  type TransactionNames,
} from "../work_queue/transactions.ts";

const names: TransactionNames = {
  component: "taskvine",
  task: "taskvine_task",
  worker: "worker",
};

/**
 * TaskVine: vine-logs/transactions, read as its own header and TaskVine's manual
 * describe it; no log of a real run was at hand.
 */
export const taskVine: Format = {
  name: "task_vine",
  files: [
    {
      importer: "transactions",
      fileName: /^transactions$/,
      place: placeOf,
      ...transactionLog(names),
    },
  ],
  spanTypes: [
    ...queueTypes(names, {
      label: "TaskVine",
      queue: ["in TaskVine", 32],
      // WAITING was renamed READY in 2023-09.
      waiting: ["READY", "WAITING"],
    }),
    {
      type: "taskvine.library",
      doc: "A library: a process on a worker that serves calls.",
      identity: ["rundir", "executor", "library"],
      events: [{ event: "SENT" }, { event: "STARTED" }],
    },
  ],
  rules: [
    ...queueRules(names),
    inside(
      "taskvine.worker",
      "taskvine.library",
      ["rundir", "executor", "worker"],
      "library",
    ),
  ],
};

// EXECUTOR/TIME/vine-logs/transactions. TaskVine keeps files from one run to the
// next, so Parsl puts EXECUTOR beside its run directories: then each manager has
// a directory of its own, and the path does not name the run.
function placeOf(path: string): LogPlace {
  const logs = nameAbove(path, 1) === "vine-logs" ? 2 : 1;
  const isTime = /^\d{4}-\d\d-\d\dT/.test(nameAbove(path, logs));
  const levels = isTime ? logs + 1 : logs;
  const isInRun = /^\d{3,}$/.test(nameAbove(path, levels + 1));
  return {
    path,
    rundir: above(path, isInRun ? levels + 1 : logs),
    executor: nameAbove(path, levels),
  };
}
