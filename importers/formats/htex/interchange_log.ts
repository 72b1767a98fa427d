import type { LogFormat } from "../format.ts";
import {
  eventRules,
  messageRule,
  numbersOf,
  ruleReader,
} from "../../lines/match.ts";
import {
  type NumberLines,
  numberReader,
  withMetrics,
} from "../../lines/metrics.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import { WaitingRecords } from "../../lines/waiting.ts";
import { ifNamed, inExecutor } from "../parsl/layout.ts";
import { signaturesOf } from "../parsl/signatures.ts";

export const interchangeSignatures = signaturesOf({
  text: String.raw`\S+ \S+ parsl\.executors\.high_throughput\.interchange:`,
  older: String.raw`interchange:\d+ `,
  json: String.raw`"name": ?"parsl\.executors\.high_throughput\.interchange"`,
});

/** interchange.log: tasks and managers of one executor, and the executor. */
export const interchangeLog: LogFormat = {
  importer: "interchange.log",
  purpose: {
    log: "interchange.log",
    facts: "how long tasks were queued, and which manager got them",
  },
  fileName: /^interchange\.log$/,
  signature: interchangeSignatures.text,
  nameDecides: true,
  namesEvents: true,
  process: "parsl.executor",
  place: ifNamed(/^interchange\.(?:json)?log$/, inExecutor),
  open(writer, place) {
    const { rundir, executor = "" } = place;
    const shared = { rundir, executor };
    const kind = (type: string, names: readonly string[]) =>
      writer.kind(`parsl.executor${type}`, shared, names);
    const { id: self } = kind("", []);
    const tasks = kind(".htex.interchange.task", ["executor_task"]);
    const managers = kind(".htex.manager", ["block", "manager"]);
    const readNumbers = numberReader(writer, numbers);
    const readManagersNumbers = numberReader(writer, numbersOfManagers);
    const readNumbersBelow = numberReader(writer, numbersOfManagerAbove);
    // Only a manager's registration names its block: earlier lines about it wait
    // for that.
    const blocks = new Map<string, string>();
    const ids = new Map<string, number>();
    const waiting = new WaitingRecords((manager) => release(manager));
    let previous = { manager: "", line: NaN };
    let lost = { manager: "", line: NaN };

    const writeManagerLine = (id: number, record: LogRecord) => {
      const named = managerEvents
        .find(([, pattern]) => pattern.test(record.message));
      if (named) writer.event(id, named[0], record);
      else writer.message(id, record.message, record);
      readManagersNumbers(() => id, record);
    };
    const release = (manager: string) => {
      const records = waiting.take(manager);
      const block = blocks.get(manager);
      // It may have ended before it registered; its block is in its own log.
      const id = block === undefined && records.every(isUnregistered)
        ? self()
        : managers.id(block ?? "", manager);
      ids.set(manager, id);
      for (const record of records) writeManagerLine(id, record);
    };
    const readManager = (manager: string, record: LogRecord) => {
      previous = { manager, line: record.line };
      if (/\bToo many heartbeats missed/.test(record.message)) lost = previous;
      const about = registration.test(record.message)
        ? registered(record.message)
        : {};
      if (about.block_id !== undefined) {
        blocks.set(manager, about.block_id.replace(/^block-/, ""));
        release(manager);
      }
      const id = ids.get(manager);
      if (id !== undefined) writer.add(id, machineOf(about));
      if (id !== undefined) writeManagerLine(id, record);
      else waiting.add(manager, record);
    };
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
        writer.add(id, { manager, block: blocks.get(manager) });
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
          const loser = managerName.exec(record.message)?.[1] ??
            (isNear ? lost.manager : undefined);
          writeTasks(list!, "manager_lost", loser, record);
        },
      ],
    ]);
    const readMentions = ruleReader([
      messageRule(
        writer,
        (task) => tasks.id(task),
        /^(?:Putting|HTEX) task (\d+)\b/,
      ),
      messageRule(
        writer,
        (task) => tasks.id(task),
        /^Current tasks on manager b'[^']*': (\[[\d, ]*\])/,
      ),
      messageRule(
        writer,
        (task) => tasks.known(task),
        /\b[Tt]asks?:? (?:on manager b'[^']*': )?(\d+\b|\[\d[\d, ]*\])/,
      ),
    ]);
    const read = (record: LogRecord): boolean => {
      if (readTasks(record)) return true;
      const isListed = readMentions(record);
      const manager = managerName.exec(record.message)?.[1] ??
        (isListed ? undefined : managerOf(record));
      if (manager !== undefined) readManager(manager, record);
      const above = record.line === previous.line + 1
        ? ids.get(previous.manager)
        : undefined;
      // Lines with nothing but numbers are metrics, not events.
      return manager !== undefined || isListed || readNumbers(self, record) ||
        readNumbersBelow(() => above ?? self(), record);
    };
    return {
      read: withMetrics(writer, shared, read),
      process: () => self(),
      subject({ fields = {} }, isRead) {
        const { executor_task, manager = "" } = fields;
        if (executor_task !== undefined) return tasks.id(executor_task);
        return isRead ? undefined : ids.get(manager);
      },
      needsReread: () => waiting.size > 0,
      finish: () => waiting.giveUpAll(),
    };
  },
};

/** The manager that a record names, if it names nothing inside it. */
const managerOf = ({ fields, numbers }: LogRecord): string | undefined =>
  fields?.executor_task === undefined && !numbers ? fields?.manager : undefined;

const maxLinesBetween = 5;

const numbers: NumberLines = {
  managers_count: [
    /^Managers count \(interesting\/total\): (?<interesting>\d+)\/(?<ready>\d+)/,
    // Until 2020-05.
    /^Managers count \(total\/interesting\): (?<ready>\d+)\/(?<interesting>\d+)/,
    /^leaving _ready_manager\w+ section, with (?<still_interesting>\d+) managers/,
  ],
  pending_task_queue_length: [
    /^(?:zmq\.Again with |TMP\d+: there are )?(?<queued_tasks>\d+) tasks in (?:internal|the pending task) queue/,
  ],
  interchange: [
    /^Fetched (?:task:)?(?<fetched_tasks>\d+)(?: tasks so far)?$/,
  ],
};

/** Numbers of the manager that the line above names, since 2025-05. */
const numbersOfManagerAbove: NumberLines = {
  interchange: [/^Number of results in batch: (?<results_in_batch>\d+)/],
};

/** Whether the interchange need not know the manager that the line names. */
const isUnregistered = ({ message }: LogRecord): boolean =>
  /^Processing message type 'connection_probe'|\bunknown manager\b/
    .test(message);

const managerName = /\bmanager:? b'([^']*)'/i;
const registration = /^(?:Manager b'[^']*': )?registration info/i;

/** The texts and numbers in a manager's registration, a Python dict. */
const registered = (message: string): Record<string, string | undefined> =>
  Object.fromEntries(
    message.matchAll(/(['"])(\w+)\1: (?:(['"])(.*?)\3|(\d+)(?=[,}]))/g)
      .map(([, , name, , text, number]) => [name!, text ?? number]),
  );

const machineOf = (
  { hostname, cpu_count, worker_count }: Record<string, string | undefined>,
) => ({
  hostname,
  cpu_count: cpu_count && Number(cpu_count),
  worker_count: worker_count && Number(worker_count),
});

const managerEvents = Object.entries({
  registered:
    /^Registered manager b'|^Manager b'[^']*': Registered |^Adding manager: b'.*to ready queue/,
  lost: /^(?:Manager b'[^']*': )?Too many heartbeats missed/,
});

const numbersOfManagers: NumberLines = {
  manager_free_capacity: [
    /^Manager b'[^']*':? has free capacity (?<free_capacity>\d+)/,
    // Written in place of the line above.
    /^Manager b'[^']*':? is now saturated(?<free_capacity>)/,
  ],
  interchange: [
    /^Got (?<results_in_batch>\d+) result items in batch/,
  ],
  heartbeat: [
    // The messages that keep a manager alive, and the end of the last gap.
    /^(?:Manager b'[^']*':? )?(?:sent heartbeat via tasks|Processing message type 'heartbeat'|Too many heartbeats missed)(?<heartbeat_gap>)/,
    /^Manager b'[^']*' sent heartbeat via results(?<results_heartbeat_gap>)/,
  ],
};
