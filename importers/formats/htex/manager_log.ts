import { type LogFormat, numbersOf } from "../format.ts";
import { withMetrics } from "../../lines/metrics.ts";
import { type NumberLine, numberReader } from "../../lines/metrics.ts";
import { inManager } from "../parsl/layout.ts";

const gotTasks = /^Got executor tasks: \[([\d, ]*)\]/;
const ofTask = /\b(?:[Ee]xecutor|HTEX) task (\d+)\b/;
const ofManager = /\b(?:tasks?:? \[?\d|[Mm]anager|[Hh]eartbeat)/;

/**
 * manager.log: what one manager (a process worker pool) tells. Lines that name
 * no task of the executor and count tasks, workers or heartbeats are of the
 * manager itself.
 */
export const managerLog: LogFormat = {
  importer: "manager.log",
  fileName: /^manager\.log$/,
  place: inManager,
  open(writer, place) {
    const { rundir, executor = "", block = "", manager = "" } = place;
    const shared = { rundir, executor, block, manager };
    const self = writer.kind("parsl.executor.htex.manager", shared, []);
    const tasks = writer.kind(
      "parsl.executor.htex.manager.task",
      shared,
      ["executor_task"],
    );
    const readNumbers = numberReader(writer, managerNumbers);
    return {
      read: withMetrics(writer, shared, () => self.id(), (record) => {
        const { message } = record;
        const hasNumbers = readNumbers(() => self.id(), record);
        const got = gotTasks.exec(record.message)?.[1];
        if (got !== undefined) {
          for (const task of numbersOf(got)) {
            writer.event(tasks.id(task), "manager_got_task", record);
          }
          return "matched";
        }
        const task = ofTask.exec(record.message)?.[1];
        if (task !== undefined) {
          writer.message(tasks.id(task), message, record);
          return "matched";
        }
        if (hasNumbers || ofManager.test(record.message)) {
          writer.message(self.id(), message, record);
          return "matched";
        }
        return "unmatched";
      }),
    };
  },
};

// Until 2022-08 messages began with the thread that wrote them: "[MAIN] ".
/** What a manager's own log counts. */
const managerNumbers: readonly NumberLine[] = [
  {
    pattern:
      /^(?:\[\w+\] )?ready workers: ?(?<ready_workers>\d+), pending tasks: ?(?<pending_tasks>\d+)/,
    metric: "manager",
  },
  {
    pattern:
      /^(?:\[\w+\] )?Got (?:executor )?tasks: \[.*\], cumulative count of tasks: (?<cumulative_tasks>\d+)/,
    metric: "manager",
  },
  {
    pattern: /^Result send: Pushing (?<pushed_results>\d+) items/,
    metric: "manager",
  },
  {
    pattern:
      /^Result send: check condition not met - deferring (?<deferred_results>\d+) result items/,
    metric: "manager",
  },
  {
    pattern: /^(?:\[\w+\] )?Sent heartbeat/,
    metric: "heartbeat",
    since: "sent_heartbeat_gap",
  },
  {
    pattern: /^(?:\[\w+\] )?Got heartbeat (?:response )?from interchange/,
    metric: "heartbeat",
    since: "interchange_heartbeat_gap",
  },
  {
    pattern: /^Sending heartbeat via results connection/,
    metric: "heartbeat",
    since: "sent_results_heartbeat_gap",
  },
];
