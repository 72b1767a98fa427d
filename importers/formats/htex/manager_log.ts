import type { LogFormat } from "../format.ts";
import { eventRules, messageRule, ruleReader } from "../../lines/match.ts";
import {
  type NumberLines,
  numberReader,
  withMetrics,
} from "../../lines/metrics.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import { ifNamed, inManager } from "../parsl/layout.ts";
import { signaturesOf } from "../parsl/signatures.ts";

export const managerSignatures = signaturesOf({
  text: String
    .raw`(?!HTEX-Worker-)\S+ \S+ parsl\.executors\.high_throughput\.process_worker_pool:`,
  older: String.raw`parsl:\d+ \d+ \S+ \[`,
  json: String
    .raw`"processName": ?"(?!HTEX-Worker-)[^\n]{0,200}?"name": ?"parsl\.executors\.high_throughput\.process_worker_pool"`,
});

/**
 * manager.log: one manager (a process worker pool). Lines that count tasks,
 * workers or heartbeats without naming a task belong to the manager itself.
 */
export const managerLog: LogFormat = {
  importer: "manager.log",
  purpose: {
    log: "manager.log",
    facts: "how long managers lived, and how long tasks waited in them",
  },
  fileName: /^manager\.log$/,
  signature: managerSignatures.text,
  nameDecides: true,
  process: "parsl.executor.htex.manager",
  place: ifNamed(/^manager\.(?:json)?log$/, inManager),
  open(writer, place) {
    const { rundir, executor = "", block = "", manager = "" } = place;
    const shared = { rundir, executor, block, manager };
    const { id: self } = writer.kind("parsl.executor.htex.manager", shared, []);
    const type = "parsl.executor.htex.manager.task";
    const key = "executor_task";
    const tasks = writer.kind(type, shared, [key]);
    const workers = writer.kind("parsl.executor.htex.worker", shared, [
      "worker",
    ]);
    const workerTasks = writer.kind("parsl.executor.htex.worker.task", shared, [
      "worker",
      key,
    ]);
    /** The worker whose end is logged at the moment. */
    let died: string | undefined;
    const readNumbers = numberReader(writer, numbers);
    const readMessage = ruleReader([
      ...eventRules(writer, tasks.id, {
        manager_got_task: /^Got (?:executor )?tasks: \[([\d, ]*)\]/,
      }),
      [
        /^Not enough resources, placing task (\d+) into backlog/,
        ([, task], record) => {
          const id = tasks.known(task!);
          if (id !== undefined) writer.event(id, "backlogged", record);
          return id !== undefined;
        },
      ],
      ...eventRules(writer, (worker) => workers.id(died = worker), {
        died: /^Worker (\d+) has died/,
        restarted: /^Worker (\d+) has been restarted/,
      }),
      messageRule(
        writer,
        (worker) => workers.id(worker),
        /^Worker (\d+) was (?:not )?busy when it died/,
      ),
      [
        /^Putting exception for (?:executor )?task (\d+) in the pending result/,
        ([, task], record) => {
          if (died === undefined) return false;
          writer.event(workerTasks.id(died, task!), "worker_died", record);
          return false;
        },
      ],
      messageRule(
        writer,
        (task) => tasks.id(task),
        /^(?:Putting )?HTEX task (\d+)\b/,
      ),
      messageRule(
        writer,
        (task) => tasks.known(task),
        /\b(?:[Ee]xecutor|HTEX) task (\d+)\b|^Putting exception for task (\d+)\b/,
      ),
      ...eventRules(writer, () => self(), {
        exited: /^[Pp]rocess[ _]worker[ _]pool (?:main event loop )?exiting\b/,
      }),
      messageRule(
        writer,
        () => self(),
        /\b(?:tasks?:? \[?\d|[Mm]anager|[Hh]eartbeat)/,
      ),
    ]);
    const read = (record: LogRecord): boolean => {
      const hasNumbers = readNumbers(self, record);
      if (readMessage(record)) return true;
      if (hasNumbers) writer.message(self(), record.message, record);
      return hasNumbers;
    };
    return {
      read: withMetrics(writer, shared, read),
      process: () => self(),
      subject({ fields = {} }, isRead) {
        const { executor_task, worker } = fields;
        if (executor_task !== undefined) return tasks.id(executor_task);
        if (worker !== undefined) return workers.id(worker);
        return fields.manager === undefined || isRead ? undefined : self();
      },
    };
  },
};

const numbers: NumberLines = {
  manager: [
    /^ready workers: ?(?<ready_workers>\d+), pending tasks: ?(?<pending_tasks>\d+)/,
    /^Got (?:executor )?tasks: \[.*\](?:, cumulative count of tasks:| of) (?<cumulative_tasks>\d+)/,
    /^Result send: Pushing (?<pushed_results>\d+) items/,
    /^Result send: check condition not met - deferring (?<deferred_results>\d+) result items/,
  ],
  heartbeat: [
    /^Sent heartbeat(?<sent_heartbeat_gap>)/,
    /^Got heartbeat (?:response )?from interchange(?<interchange_heartbeat_gap>)/,
    /^Sending heartbeat via results connection(?<sent_results_heartbeat_gap>)/,
  ],
};
