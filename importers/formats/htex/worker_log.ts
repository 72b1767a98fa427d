import { basename } from "node:path";
import type { LogFormat, Reading } from "../format.ts";
import { eventFinder } from "../../lines/match.ts";
import { withMetrics } from "../../lines/metrics.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import { inManager } from "../parsl/layout.ts";

/** worker_N.log: one worker of the high throughput executor. */
export const workerLog: LogFormat = {
  importer: "worker.log",
  fileName: /^worker_\w+\.log$/,
  place: (path) => ({
    ...inManager(path),
    worker: basename(path).replace(/^worker_|\.\w+$/g, ""),
  }),
  open(writer, place) {
    const { rundir, executor = "", block = "", manager = "" } = place;
    const { worker = "" } = place;
    const shared = { rundir, executor, block, manager, worker };
    const { id: self } = writer.kind("parsl.executor.htex.worker", shared, []);
    const type = "parsl.executor.htex.worker.task";
    const tasks = writer.kind(type, shared, ["executor_task"]);
    const read = (record: LogRecord): Reading => {
      const { message } = record;
      const named = taskEvent(record.message);
      const task = ofTask.exec(record.message)?.[1];
      if (named) {
        const [, number, inPrototype] = named.found;
        writer.event(tasks.id(number ?? inPrototype!), named.event, record);
      } else if (started.test(record.message)) {
        writer.event(self(), "started", record);
      } else if (task !== undefined) {
        writer.message(tasks.id(task), message, record);
      } else if (ofWorker.test(record.message)) {
        writer.message(self(), message, record);
      } else return "unmatched";
      return "matched";
    };
    return { read: withMetrics(writer, shared, () => self(), read) };
  },
};

// In the words of Parsl, and of its observability prototype.
const taskEvent = eventFinder({
  worker_received_task:
    /^Received executor task (\d+)|^HTEX task (\d+): received executor task/,
  worker_completed_task:
    /^Completed executor task (\d+)|^HTEX task (\d+): Completed task/,
  worker_all_finished_task:
    /^All processing finished for executor task (\d+)|^HTEX task (\d+): All processing finished/,
});
const started = /^Worker \d+ started/;
const ofTask = /\b[Tt]asks?:? \[?(\d+)\b/;
const ofWorker = /\b(?:[Ww]orker|[Mm]anager)\b/;
