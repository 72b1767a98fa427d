import type { LogFormat, LogPlace, RecordReader } from "../format.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import type { Template } from "../../lines/template.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import {
  addresses,
  debugBeginning,
  debugTemplate,
  type Exchange,
  exchangeOf,
  exchangeTemplate,
  firstCapture,
} from "./debug_lines.ts";
import { isLost, sentTasks } from "./sent_tasks.ts";

/**
 * Work Queue's debug_log. Its lines are not named events: they are messages of
 * tasks, workers and the manager. Parsl's submitting process does not log Work
 * Queue's numbers of tasks, so only this log relates them to the executor's.
 */
export const workQueueDebugLog: LogFormat = {
  importer: "debug_log",
  fileName: /^debug_log$/,
  signature: (start) => ofWorkQueue.test(start),
  beginning: debugBeginning,
  process: "workqueue.manager",
  open: readDebugLog,
};

// Other programs of cctools write such logs, too.
const ofWorkQueue =
  /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d+)? \S+\[\d+\] ?wq: /m;

/** A message, and the address of the worker that it is about. */
interface Message {
  address: string | undefined;
  record: LogRecord;
  template: Template;
}

function readDebugLog(writer: SpanWriter, place: LogPlace): RecordReader {
  const { rundir, executor = "" } = place;
  const kind = (type: string, name: string) =>
    writer.kind(type, { rundir, executor }, [name]);
  const tasks = kind("workqueue.task", "workqueue_task");
  const executorTasks = kind(
    "parsl.executors.workqueue.executor_task",
    "executor_task",
  );
  const workers = kind("workqueue.worker", "worker");
  const managers = writer.kind(
    "workqueue.manager",
    { rundir, executor },
    [],
  );
  /** By address, as the log names workers in most lines. */
  const workerAt = new Map<string, string>();
  /** Messages of workers that have not sent their ids yet. */
  let waiting: Message[] = [];
  /** Functions are named by the executor's tasks. */
  const pairs = sentTasks();
  /** By task, the worker that it was sent to, until it waits for another. */
  const onWorker = new Map<string, string>();
  /** By address, the task that is being sent. */
  const sending = new Map<string, string>();
  /** The next line is a task's command, which can have any form. */
  let command: { task: string; line: number } | undefined;

  const managerOf = ({ thread }: LogRecord) => {
    const id = managers.id();
    writer.add(id, { manager_pid: thread });
    return id;
  };
  const writeToManager = ({ record, template }: Message) =>
    writer.template(managerOf(record), template, record);
  // Messages without an address are the manager's.
  const writeToWorker = (message: Message) => {
    const { address, record, template } = message;
    const worker = workerAt.get(address ?? "");
    if (worker !== undefined) {
      writer.template(workers.id(worker), template, record);
    } else if (address !== undefined && waiting.length < maxWaiting) {
      waiting.push(message);
    } else writeToManager(message);
  };
  const writeToTask = (task: string, record: LogRecord, template: Template) => {
    const worker = onWorker.get(task);
    const attributes = worker === undefined ? undefined : { worker };
    writer.template(tasks.id(task), template, record, attributes);
  };
  const nameWorker = (address: string, worker: string, record: LogRecord) => {
    workerAt.set(address, worker);
    const manager_pid = record.thread;
    writer.add(workers.id(worker), { address, manager_pid });
    const before = waiting;
    waiting = [];
    before.forEach(writeToWorker);
  };
  const readSent = (exchange: Exchange, record: LogRecord) => {
    const { address, verb } = exchange;
    const named = taskIn(exchange);
    if (verb === "task" && named !== undefined) {
      sending.set(address, named);
      pairs.sent(address, named);
      const worker = workerAt.get(address);
      if (worker === undefined) onWorker.delete(named);
      else {
        onWorker.set(named, worker);
        writer.nest(workers.id(worker), tasks.id(named), named);
      }
    } else if (!partsOfTask.test(verb)) sending.delete(address);
    const task = named ?? sending.get(address);
    if (verb === "cmd" && task !== undefined) {
      command = { task, line: record.line + 1 };
    }
    if (verb === "end") sending.delete(address);
    return task;
  };
  const readExchange = (exchange: Exchange, record: LogRecord) => {
    const { direction, address, verb, rest } = exchange;
    const isSent = direction === "tx to";
    const [, worker] = /^info worker-id (\S+)$/.exec(`${verb} ${rest}`) ?? [];
    if (!isSent && worker !== undefined) nameWorker(address, worker, record);
    const task = isSent ? readSent(exchange, record) : taskIn(exchange);
    const template = exchangeTemplate(exchange);
    if (task === undefined) writeToWorker({ address, record, template });
    else writeToTask(task, record, template);
  };
  const readOther = (record: LogRecord) => {
    const { message } = record;
    const address = firstCapture(addresses, message);
    const path = firstCapture(localFiles, message) ?? "";
    const [, executorTask, file] = functionData.exec(path) ?? [];
    if (file === "function" && address && / needs file /.test(message)) {
      pairs.needs(address, executorTask!);
    }
    const template = debugTemplate(message);
    const [, task] = /^[^'"/]*?\b[Tt]ask(?: with id)? (\d+)\b/.exec(message) ??
      [];
    if (executorTask !== undefined) {
      writer.template(executorTasks.id(executorTask), template, record);
    } else if (task !== undefined) {
      if (/ to WAITING \(/.test(message)) onWorker.delete(task);
      writeToTask(task, record, template);
    } else writeToWorker({ address, record, template });
    if (address === undefined) return;
    if (isLost(message)) {
      pairs.forget(address);
      sending.delete(address);
    }
    // Another worker may get the address.
    if (/ removed$/.test(message)) workerAt.delete(address);
  };

  return {
    read(record) {
      // Sockets and name servers belong to no span.
      if (record.origin?.logger !== "wq") return "unmatched";
      const exchange = exchangeOf(record.message);
      if (record.line === command?.line) {
        const { task } = command;
        writer.add(tasks.id(task), { command: record.message });
        writeToTask(task, record, { text: "%s", values: [record.message] });
      } else if (exchange) readExchange(exchange, record);
      else readOther(record);
      return "matched";
    },
    process: (record) => record.thread === "" ? undefined : managerOf(record),
    // Later lines may contradict a pair.
    needsReread: () => true,
    finish() {
      waiting.forEach(writeToManager);
      for (const [task, found] of pairs.functions) {
        for (const executorTask of found) {
          const id = executorTasks.id(executorTask);
          // If a task was sent with several, each of them claims it, and bind
          // reports the contradiction.
          if (found.size > 1) writer.add(id, { workqueue_task: task });
          else writer.add(tasks.id(task), { executor_task: executorTask });
        }
      }
    },
  };
}

/** Verbs of the lines that send a task, up to its end. */
const partsOfTask =
  /^(?:task|cmd|coprocess|category|cores|gpus|memory|disk|end_time|wall_time|env|dir|infile|outfile|end)$/;

/** The task in "task 40", "kill 40" or "result 0 0 0 615570 40". */
const taskIn = ({ verb, rest }: Exchange): string | undefined =>
  /^(?:task|kill|result(?: \S+){4}) (\d+)$/.exec(`${verb} ${rest}`)?.[1];

// More waiting messages than this go to the manager.
const maxWaiting = 10_000;

/**
 * The executor's task whose file a message is about, and the file: those of
 * task 39 are in function_data/0039.
 */
const functionData = /(?:^|\/)function_data\/0*([1-9]\d*|0)\/(\w+)$/;

const localFiles = [
  /^\S+ \([^()\s]+:\d+\) needs file (.+?)(?: \(offset \d+ length \d+\))? as '/,
  /^\S+ \([^()\s]+:\d+\) sending back \S+ to (.+)/,
  /^\S+ \([^()\s]+:\d+\) failed to return output \S+ to (.+)/,
  /^Receiving file (.+) \(size: /,
];
