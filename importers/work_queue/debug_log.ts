import type { LogFormat, LogPlace, RecordReader } from "../logs/format.ts";
import type { LogRecord } from "../logs/prefix.ts";
import type { SpanWriter } from "../logs/span_writer.ts";
import type { Template } from "../logs/template.ts";
import {
  addressIn,
  debugBeginning,
  debugTemplate,
  type Exchange,
  exchangeOf,
  exchangeTemplate,
} from "./debug_lines.ts";
import { functionDataOf, sentTasks } from "./sent_tasks.ts";

/**
 * Work Queue's debug_log. No line of it has a name of its own: what it says of
 * a task, a worker or the manager are messages of theirs. Since Parsl's
 * submitting process keeps no log, this one alone ties Work Queue's numbers of
 * tasks to the executor's.
 */
export const debugLog: LogFormat = {
  importer: "debug_log",
  beginning: debugBeginning,
  open: readDebugLog,
};

// So many lines wait for a worker to say who it is.
const mostWaiting = 10_000;

function readDebugLog(
  writer: SpanWriter,
  { rundir, executor = "" }: LogPlace,
): RecordReader {
  const place = { rundir, executor };
  const managers = writer.kind("workqueue.manager", place, ["manager_pid"]);
  const workers = writer.kind("workqueue.worker", place, ["worker"]);
  const tasks = writer.kind("workqueue.task", place, ["workqueue_task"]);
  const executorTasks = writer.kind(
    "parsl.executors.workqueue.executor_task",
    place,
    ["executor_task"],
  );
  const binding = sentTasks();
  const workerAt = new Map<string, string>();
  const waiting: { address: string; record: LogRecord; template: Template }[] =
    [];
  /** The task that is being sent to a worker. */
  const sending = new Map<string, string>();
  /** The task whose command is the next line. */
  let commanded: string | undefined;

  const tellManager = (record: LogRecord, template: Template) =>
    writer.template(managers.id(record.thread), template, record);
  const tellTask = (task: string, record: LogRecord, template: Template) =>
    writer.template(tasks.id(task), template, record);
  const tellWorker = (
    address: string,
    record: LogRecord,
    template: Template,
  ) => {
    const worker = workerAt.get(address);
    if (worker !== undefined) {
      writer.template(workers.id(worker), template, record);
    } else if (waiting.length < mostWaiting) {
      waiting.push({ address, record, template });
    } else tellManager(record, template);
  };

  const nameWorker = (address: string, worker: string, record: LogRecord) => {
    workerAt.set(address, worker);
    const id = workers.id(worker);
    writer.add(id, { address, manager_pid: record.thread });
    for (const early of waiting.splice(0)) {
      tellWorker(early.address, early.record, early.template);
    }
  };

  const readExchange = (exchange: Exchange, record: LogRecord) => {
    const { direction, address, verb, rest } = exchange;
    const isSent = direction === "tx to";
    if (isSent && verb === "task") {
      sending.set(address, rest);
      binding.sent(address, rest);
    } else if (isSent && !ofTask.test(verb)) sending.delete(address);
    const [, worker] = /^info worker-id (\S+)$/.exec(`${verb} ${rest}`) ?? [];
    if (!isSent && worker !== undefined) nameWorker(address, worker, record);

    const task = taskIn(exchange) ??
      (isSent ? sending.get(address) : undefined);
    const template = exchangeTemplate(exchange);
    if (task === undefined) tellWorker(address, record, template);
    else tellTask(task, record, template);
    if (isSent && verb === "cmd") commanded = task;
    if (isSent && verb === "end") sending.delete(address);
  };

  const readOther = (record: LogRecord) => {
    const { message } = record;
    const template = debugTemplate(message);
    const address = addressIn(message);
    const data = functionDataOf(message);
    const [, task] = /\b[Tt]ask(?: with id)? (\d+)\b/.exec(message) ?? [];
    if (data) {
      const { executorTask, file } = data;
      const isNeeded = file === "function" && / needs file /.test(message);
      if (isNeeded && address) binding.needed(address, executorTask);
      writer.template(executorTasks.id(executorTask), template, record);
    } else if (task !== undefined) tellTask(task, record, template);
    else if (address !== undefined) tellWorker(address, record, template);
    else tellManager(record, template);
    if (address !== undefined && /[Ff]ailed to send | removed$/.test(message)) {
      binding.failed(address);
      sending.delete(address);
    }
    if (address !== undefined && / removed$/.test(message)) {
      workerAt.delete(address);
    }
  };

  return {
    read(record) {
      // What sockets and name servers do is no one's here.
      if (record.logger !== "wq") return "unknown";
      const task = commanded;
      commanded = undefined;
      if (task !== undefined) {
        writer.add(tasks.id(task), { command: record.message });
        tellTask(task, record, { text: "%s", values: [record.message] });
        return "understood";
      }
      const exchange = exchangeOf(record.message);
      if (exchange) readExchange(exchange, record);
      else readOther(record);
      return "understood";
    },
    finish() {
      for (const { record, template } of waiting) tellManager(record, template);
      for (const [task, found] of binding.pairs) {
        for (const executorTask of found) {
          const id = executorTasks.id(executorTask);
          // Of several none is right for certain: the rules tell that they
          // contradict each other.
          if (found.size > 1) writer.add(id, { workqueue_task: task });
          else writer.add(tasks.id(task), { executor_task: executorTask });
        }
      }
    },
  };
}

/** What is sent of a task, up to its end. */
const ofTask =
  /^(?:task|cmd|coprocess|category|cores|gpus|memory|disk|end_time|wall_time|env|dir|infile|outfile|end)$/;

/** The task that is named: "task 40", "kill 40", "result 0 0 0 615570 40". */
function taskIn({ verb, rest }: Exchange): string | undefined {
  const [, task] = /^(?:task|kill|result(?: \S+){4}) (\d+)$/
    .exec(`${verb} ${rest}`) ?? [];
  return task;
}
