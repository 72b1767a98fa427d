import { type LogFormat, numbersOf } from "../format.ts";
import { messagePattern } from "../../lines/message_pattern.ts";
import { withMetrics } from "../../lines/metrics.ts";
import { numberReader } from "../../lines/numbers.ts";
import { managerNumbers } from "./numbers.ts";

const gotTasks = messagePattern(/^Got executor tasks: \[([\d, ]*)\]/);
const ofTask = messagePattern(/\b(?:[Ee]xecutor|HTEX) task (\d+)\b/);
const ofManager = messagePattern(
  /\b(?:tasks?:? \[?\d|[Mm]anager|[Hh]eartbeat)/,
);

/**
 * manager.log: what one manager (a process worker pool) tells. Lines that name
 * no task of the executor and count tasks, workers or heartbeats are of the
 * manager itself.
 */
export const managerLog: LogFormat = {
  importer: "manager.log",
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
        const got = gotTasks.exec(record)?.[1];
        if (got !== undefined) {
          for (const task of numbersOf(got)) {
            writer.event(tasks.id(task), "manager_got_task", record);
          }
          return "understood";
        }
        const task = ofTask.exec(record)?.[1];
        if (task !== undefined) {
          writer.message(tasks.id(task), message, record);
          return "understood";
        }
        if (hasNumbers || ofManager.test(record)) {
          writer.message(self.id(), message, record);
          return "understood";
        }
        return "unknown";
      }),
    };
  },
};
