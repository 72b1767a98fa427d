import type { LogFormat } from "../logs/format.ts";

const named: readonly [start: string, event: string][] = [
  ["Received executor task ", "worker_received_task"],
  ["Completed executor task ", "worker_completed_task"],
  ["All processing finished for executor task ", "worker_all_finished_task"],
];

/** worker_N.log: what one worker of the high throughput executor tells. */
export const workerLog: LogFormat = {
  importer: "worker.log",
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
      read(record) {
        const { message } = record;
        for (const [start, event] of named) {
          if (!message.startsWith(start)) continue;
          const [, task] = /^(\d+)/.exec(message.slice(start.length)) ?? [];
          if (task === undefined) break;
          writer.event(tasks.id(task), event, record);
          return "understood";
        }
        if (/^Worker \d+ started/.test(message)) {
          writer.event(self(), "started", record);
          return "understood";
        }
        const [, task] = /\b[Tt]asks?:? \[?(\d+)\b/.exec(message) ?? [];
        if (task !== undefined) {
          writer.message(tasks.id(task), message, record);
          return "understood";
        }
        if (/\b(?:[Ww]orker|[Mm]anager)\b/.test(message)) {
          writer.message(self(), message, record);
          return "understood";
        }
        return "unknown";
      },
    };
  },
};
