import type { LogFormat, Reading } from "../format.ts";
import { numbersOf } from "../../lines/match.ts";
import {
  type NumberLines,
  numberReader,
  withMetrics,
} from "../../lines/metrics.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import { inManager } from "../parsl/layout.ts";

/**
 * manager.log: one manager (a process worker pool). Lines that count tasks,
 * workers or heartbeats without naming a task belong to the manager itself.
 */
export const managerLog: LogFormat = {
  importer: "manager.log",
  fileName: /^manager\.log$/,
  place: inManager,
  open(writer, place) {
    const { rundir, executor = "", block = "", manager = "" } = place;
    const shared = { rundir, executor, block, manager };
    const { id: self } = writer.kind("parsl.executor.htex.manager", shared, []);
    const type = "parsl.executor.htex.manager.task";
    const tasks = writer.kind(type, shared, ["executor_task"]);
    const readNumbers = numberReader(writer, numbers);
    const read = (record: LogRecord): Reading => {
      const { message } = record;
      const hasNumbers = readNumbers(self, record);
      const got = gotTasks.exec(record.message)?.[1];
      const task = ofTask.exec(record.message)?.[1];
      if (got !== undefined) {
        for (const task of numbersOf(got)) {
          writer.event(tasks.id(task), "manager_got_task", record);
        }
      } else if (task !== undefined) {
        writer.message(tasks.id(task), message, record);
      } else if (hasNumbers || ofManager.test(record.message)) {
        writer.message(self(), message, record);
      } else return "unmatched";
      return "matched";
    };
    return { read: withMetrics(writer, shared, () => self(), read) };
  },
};

const gotTasks = /^Got executor tasks: \[([\d, ]*)\]/;
const ofTask = /\b(?:[Ee]xecutor|HTEX) task (\d+)\b/;
const ofManager = /\b(?:tasks?:? \[?\d|[Mm]anager|[Hh]eartbeat)/;

// Until 2022-08 messages began with the thread that wrote them: "[MAIN] ".
const numbers: NumberLines = {
  manager: [
    /^(?:\[\w+\] )?ready workers: ?(?<ready_workers>\d+), pending tasks: ?(?<pending_tasks>\d+)/,
    /^(?:\[\w+\] )?Got (?:executor )?tasks: \[.*\], cumulative count of tasks: (?<cumulative_tasks>\d+)/,
    /^Result send: Pushing (?<pushed_results>\d+) items/,
    /^Result send: check condition not met - deferring (?<deferred_results>\d+) result items/,
  ],
  heartbeat: [
    /^(?:\[\w+\] )?Sent heartbeat(?<sent_heartbeat_gap>)/,
    /^(?:\[\w+\] )?Got heartbeat (?:response )?from interchange(?<interchange_heartbeat_gap>)/,
    /^Sending heartbeat via results connection(?<sent_results_heartbeat_gap>)/,
  ],
};
