import type { LogRecord } from "../../lines/prefix.ts";
import { SharedTexts } from "../../lines/shared_texts.ts";
import { WaitingRecords } from "../../lines/waiting.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import { launched } from "./tasks.ts";

/** An executor's lines about its tasks in parsl.log. */
interface ExecutorTaskLines {
  /** Type of the spans. */
  type: string;
  /** Loggers of these lines, if others log the same messages. */
  loggers?: RegExp;
  /** Whether the fields of JSON records give the number, too. */
  hasFields?: true;
  /**
   * Captures the executor's number of the task, before any text of the user:
   * arguments, paths.
   */
  number: RegExp;
  /** Matches the first line about a task. */
  first: RegExp;
  /** Lines that are named events. */
  events: Readonly<Record<string, RegExp>>;
  /** By attribute of the task, the pattern that captures it. */
  details?: Readonly<Record<string, RegExp>>;
  /**
   * Matches the line with what a task requests, which precedes the first line
   * about it in the same thread.
   */
  request?: RegExp;
}

const request = /^Got resource[_ ]specification: \{/;

/** Work Queue and TaskVine executors use nearly the same words. */
export const executorTaskLines: readonly ExecutorTaskLines[] = [
  {
    type: "parsl.executors.taskvine.executor_task",
    loggers: /^parsl\.executors\.taskvine\b/,
    number:
      /^(?:[^'"/<]*?\b[Ee]xecutor task(?: id:| info:)?|Placing task|Updating Future for Parsl Task:|Task with executor id) (\d+)\b/,
    first: /^Creating executor task/,
    events: {
      executor_submitted: /^Placing task/,
      executor_completed: /^Updating Future for Parsl Task:/,
    },
    details: { taskvine_task: /\b(?:TaskVine task with id|vine id) (\d+)/ },
    request,
  },
  {
    type: "parsl.executors.workqueue.executor_task",
    loggers: /^$|^parsl\.executors\.(?!taskvine\b)/,
    // Some versions omit a word.
    number:
      /^[^'"/<]*?\b(?:[Ee]xecutor task(?: id)?:?|filenames at worker for task) (\d+)\b/,
    first: /^Creating executor task/,
    events: {
      executor_submitted: /^Placing executor task/,
      executor_completed: /^Updating Future for executor task/,
    },
    details: { workqueue_task: /\bWork Queue task (\d+)/ },
    request,
  },
  // High throughput executors, before the interchange gets the task.
  {
    type: "parsl.executor.htex.submit.task",
    hasFields: true,
    number: /^(?:Allocated task id|Put HTEX task) (\d+)\b/,
    first: /^Allocated task id/,
    events: {
      allocated: /^Allocated task id/,
      sent: /^Put HTEX task \d+ on outgoing_q/,
    },
  },
];

/** The executor's task, if a record names no task of Parsl. */
const fieldsTask = ({ fields }: LogRecord): string | undefined =>
  fields?.task === undefined ? fields?.executor_task : undefined;

/**
 * Reads an executor's lines about its tasks, which do not name the executor. The
 * line about the launch follows with its label, and the lines of a task wait
 * for it. Only this order distinguishes two executors with equal task numbers.
 */
export function readExecutorTasks(
  writer: SpanWriter,
  rundir: string,
  { type, loggers, hasFields, number, first, events, details = {}, request }:
    ExecutorTaskLines,
) {
  const kind = writer.kind(type, { rundir }, ["executor", "executor_task"]);
  const labels = new Map<string, string>();
  const texts = new SharedTexts();
  const waiting = new WaitingRecords((task) => release("", task));
  /** Requests by thread, until the first line about their task. */
  const requests = new WaitingRecords((thread) => giveUp(thread));

  const entries = Object.entries(events);
  const write = (executor: string, task: string, record: LogRecord) => {
    const { message } = record;
    const id = kind.id(executor, task);
    for (const name in details) {
      writer.add(id, { [name]: details[name]!.exec(message)?.[1] });
    }
    if (request?.test(message)) writer.add(id, amountsRequested(message));
    const [named] = entries.find(([, pattern]) => pattern.test(message)) ??
      [];
    if (named) writer.event(id, named, record);
    else writer.message(id, message, record);
  };
  const release = (executor: string, task: string) => {
    for (const record of waiting.take(task)) write(executor, task, record);
  };
  // No task follows if the executor refuses the request.
  const giveUp = (thread: string) => {
    const id = writer.kind("parsl.rundir.workflow", { rundir }, []).id();
    for (const record of requests.take(thread)) {
      writer.message(id, record.message, record);
    }
  };
  const readLine = (task: string, record: LogRecord) => {
    const executor = (hasFields && record.fields?.executor) ||
      labels.get(task);
    if (executor !== undefined) write(executor, task, record);
    else waiting.add(task, record);
  };
  return {
    /** Looks at every line for the executor of a launched task. */
    launched(record: LogRecord) {
      if (waiting.size === 0) return;
      const { fields } = record;
      const [, , , executor = fields?.executor, task = fields?.executor_id] =
        launched.exec(record.message) ?? [];
      if (executor === undefined || task === undefined) return;
      if (!waiting.has(task)) return;
      labels.set(task, texts.of(executor));
      release(executor, task);
    },
    read(record: LogRecord): boolean {
      const { message, thread } = record;
      const isRequest = request?.test(message) ?? false;
      const task = isRequest ? undefined : number.exec(message)?.[1] ??
        (hasFields && fieldsTask(record));
      if (!isRequest && task === undefined) return false;
      if (loggers && !loggers.test(record.origin?.logger ?? "")) return false;
      if (task === undefined) {
        giveUp(thread);
        requests.add(thread, record);
        return true;
      }
      if (first.test(message)) {
        if (!waiting.has(task)) labels.delete(task);
        for (const request of requests.take(thread)) readLine(task, request);
      }
      readLine(task, record);
      return true;
    },
    needsReread: () => waiting.size + requests.size > 0,
    finish() {
      waiting.giveUpAll();
      requests.giveUpAll();
    },
  };
}

/** The amounts in "{'cores': 1, 'memory': 2000}", which are in megabytes. */
const amountsRequested = (message: string): Record<string, number> =>
  Object.fromEntries(
    message.matchAll(/'(cores|gpus|memory|disk)': (\d{1,12}(?:\.\d+)?)/g)
      .map(([, name, amount]) => [
        `${name}_requested${/^[md]/.test(name!) ? "_mb" : ""}`,
        Number(amount),
      ]),
  );
