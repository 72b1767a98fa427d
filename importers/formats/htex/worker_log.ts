import { basename } from "node:path";
import type { LogFormat } from "../format.ts";
import { inManager } from "../parsl/layout.ts";
import { withMetrics } from "../../lines/metrics.ts";

// In the words of Parsl, and of its observability prototype.
const named: readonly { pattern: RegExp; event: string }[] = [
  {
    pattern:
      /^Received executor task (\d+)|^HTEX task (\d+): received executor task/,
    event: "worker_received_task",
  },
  {
    pattern: /^Completed executor task (\d+)|^HTEX task (\d+): Completed task/,
    event: "worker_completed_task",
  },
  {
    pattern:
      /^All processing finished for executor task (\d+)|^HTEX task (\d+): All processing finished/,
    event: "worker_all_finished_task",
  },
];

const started = /^Worker \d+ started/;
const ofTask = /\b[Tt]asks?:? \[?(\d+)\b/;
const ofWorker = /\b(?:[Ww]orker|[Mm]anager)\b/;

/** worker_N.log: what one worker of the high throughput executor tells. */
export const workerLog: LogFormat = {
  importer: "worker.log",
  fileName: /^worker_\w+\.log$/,
  place: (path) => ({
    ...inManager(path),
    worker: basename(path).replace(/^worker_|\.\w+$/g, ""),
  }),
  open(writer, place) {
    const { rundir, executor = "", block = "", manager = "", worker = "" } =
      place;
    const shared = { rundir, executor, block, manager, worker };
    const self = () =>
      writer.kind("parsl.executor.htex.worker", shared, []).id();
    const tasks = writer.kind(
      "parsl.executor.htex.worker.task",
      shared,
      ["executor_task"],
    );
    return {
      read: withMetrics(writer, shared, self, (record) => {
        const { message } = record;
        for (const { pattern, event } of named) {
          const found = pattern.exec(record.message);
          const number = found?.[1] ?? found?.[2];
          if (number === undefined) continue;
          writer.event(tasks.id(number), event, record);
          return "matched";
        }
        if (started.test(record.message)) {
          writer.event(self(), "started", record);
          return "matched";
        }
        const task = ofTask.exec(record.message)?.[1];
        if (task !== undefined) {
          writer.message(tasks.id(task), message, record);
          return "matched";
        }
        if (ofWorker.test(record.message)) {
          writer.message(self(), message, record);
          return "matched";
        }
        return "unmatched";
      }),
    };
  },
};
