import type { LogFormat } from "../format.ts";
import {
  eventRules,
  messageRule,
  numbersOf,
  ruleReader,
} from "../../lines/match.ts";
import { textOf } from "../json/records.ts";
import {
  type NumberLines,
  numberReader,
  withMetrics,
} from "../../lines/metrics.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import { inExecutor } from "../parsl/layout.ts";
import { readManagers } from "./managers.ts";

/** interchange.log: tasks and managers of one executor, and the executor. */
export const interchangeLog: LogFormat = {
  importer: "interchange.log",
  fileName: /^interchange\.log$/,
  place: inExecutor,
  open(writer, place) {
    const { rundir, executor = "" } = place;
    const shared = { rundir, executor };
    const { id: self } = writer.kind("parsl.executor", shared, []);
    const type = "parsl.executor.htex.interchange.task";
    const tasks = writer.kind(type, shared, ["executor_task"]);
    const managers = readManagers(writer, shared);
    const readNumbers = numberReader(writer, numbers);
    const readManagersNumbers = numberReader(writer, numbersOfManagerAbove);
    let lost = { manager: "", line: NaN };

    const writeTasks = (
      list: string,
      event: string,
      manager: string | undefined,
      record: LogRecord,
    ) => {
      for (const task of numbersOf(list)) {
        const id = tasks.id(task);
        writer.event(id, event, record);
        if (manager === undefined) continue;
        writer.add(id, { manager, block: managers.block(manager) });
      }
    };
    const readTasks = ruleReader([
      [
        /^Sent tasks: \[([\d, ]*)\] to manager b'([^']*)'/,
        ([, list, manager], record) =>
          writeTasks(list!, "interchange_to_manager", manager, record),
      ],
      ...eventRules(writer, tasks.id, {
        interchange_queued:
          /^(?:Put task|HTEX task) (\d+)(?:: put)? onto pending_task_queue/,
        interchange_removing_task:
          /^(?:Removing task|HTEX task) (\d+)(?:: Manager b'[^']*': Removing task)? from manager/,
      }),
      // "Cancelling htex tasks [37, 54, 59] on removed manager" does not name
      // the manager. The line that does is above it, with messages to monitoring
      // between.
      [
        /^(?:Manager b'[^']*': )?Cancelling htex tasks \[([\d, ]*)\]/,
        ([, list], record) => {
          const isNear = record.line - lost.line < maxLinesBetween;
          const loser = managers.of(record) ??
            (isNear ? lost.manager : undefined);
          writeTasks(list!, "manager_lost", loser, record);
        },
      ],
    ]);
    const readMentions = ruleReader([messageRule(
      writer,
      tasks.id,
      /\b[Tt]asks?:? (?:on manager b'[^']*': )?(\d+\b|\[\d[\d, ]*\])/,
    )]);
    const read = (record: LogRecord): boolean => {
      if (readTasks(record)) return true;
      const isListed = readMentions(record);
      const manager = managers.of(record);
      if (manager !== undefined) {
        if (/\bToo many heartbeats missed/.test(record.message)) {
          lost = { manager, line: record.line };
        }
        managers.read(manager, record);
      }
      // Lines with nothing but numbers are metrics, not events.
      return manager !== undefined || isListed || readNumbers(self, record) ||
        readManagersNumbers(() => managers.idAbove(record) ?? self(), record);
    };
    const ofRecord = ({ manager_id }: Record<string, unknown>) => {
      const name = (textOf(manager_id) ?? "").replace(/^b'(.*)'$/, "$1");
      return managers.idOf(name) ?? self();
    };
    return {
      read: withMetrics(writer, shared, ofRecord, read),
      needsReread: managers.needsReread,
      finish: managers.finish,
    };
  },
};

const maxLinesBetween = 5;

// Until 2022-08 messages began with the thread that wrote them: "[MAIN] ".
const numbers: NumberLines = {
  managers_count: [
    /^(?:\[\w+\] )?Managers count \(interesting\/total\): (?<interesting>\d+)\/(?<ready>\d+)/,
    // Until 2020-05.
    /^(?:\[\w+\] )?Managers count \(total\/interesting\): (?<ready>\d+)\/(?<interesting>\d+)/,
    /^(?:\[\w+\] )?leaving _ready_manager\w+ section, with (?<still_interesting>\d+) managers/,
  ],
  pending_task_queue_length: [
    /^(?:\[\w+\] )?(?:zmq\.Again with |TMP\d+: there are )?(?<queued_tasks>\d+) tasks in (?:internal|the pending task) queue/,
  ],
  interchange: [
    /^(?:\[\w+\] )?Fetched (?:task:)?(?<fetched_tasks>\d+)(?: tasks so far)?$/,
  ],
};

/** Numbers of the manager that the line above names, since 2025-05. */
const numbersOfManagerAbove: NumberLines = {
  interchange: [/^Number of results in batch: (?<results_in_batch>\d+)/],
};
