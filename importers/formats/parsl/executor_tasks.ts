import type { LogRecord } from "../../lines/prefix.ts";
import { SharedTexts } from "../../lines/shared_texts.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import { launched } from "./tasks.ts";

/** What the lines of one kind of executor say of its tasks. */
export interface ExecutorTaskLines {
  /** The type of the spans. */
  type: string;
  /** The loggers of these lines, if there are others that say the same. */
  loggers?: RegExp;
  /** Finds the executor's number for the task in a message. */
  named: RegExp;
  /** The first that is said of a task. */
  first: RegExp;
  /** Messages that are named events. */
  events: readonly { pattern: RegExp; event: string }[];
  /** What else a message says of the task. */
  attributes?: (message: string) => Record<string, unknown>;
}

/** Tasks of Work Queue executors, as the submitting process tells of them. */
export const workQueueTasks: ExecutorTaskLines = {
  type: "parsl.executors.workqueue.executor_task",
  loggers: /^(?!parsl\.executors\.taskvine\b)/,
  // Some versions leave a word out of a line that is no less of the executor.
  named:
    /\b(?:[Ee]xecutor task(?: id)?:?|filenames at worker for task) (\d+)\b/,
  first: /^Creating executor task/,
  events: [
    {
      pattern: /^Placing executor task/,
      event: "executor_submitted",
    },
    {
      pattern: /^Updating Future for executor task/,
      event: "executor_completed",
    },
  ],
  attributes: (message) => ({
    workqueue_task: /\bWork Queue task (\d+)/.exec(message)?.[1],
  }),
};

/** Tasks of TaskVine executors, likewise, in nearly the same words. */
export const taskVineTasks: ExecutorTaskLines = {
  type: "parsl.executors.taskvine.executor_task",
  loggers: /^parsl\.executors\.taskvine\b/,
  named:
    /(?:\b[Ee]xecutor task(?: id:| info:)?|^Placing task|^Updating Future for Parsl Task:|^Task with executor id) (\d+)\b/,
  first: /^Creating executor task/,
  events: [
    { pattern: /^Placing task/, event: "executor_submitted" },
    {
      pattern: /^Updating Future for Parsl Task:/,
      event: "executor_completed",
    },
  ],
  attributes: (message) => ({
    taskvine_task: /\b(?:TaskVine task with id|vine id) (\d+)/.exec(message)
      ?.[1],
  }),
};

/** Tasks of high throughput executors, before the interchange has them. */
export const submittedTasks: ExecutorTaskLines = {
  type: "parsl.executor.htex.submit.task",
  named: /^(?:Allocated task id|Put HTEX task) (\d+)\b/,
  first: /^Allocated task id/,
  events: [
    { pattern: /^Allocated task id/, event: "allocated" },
    {
      pattern: /^Put HTEX task \d+ on outgoing_q/,
      event: "sent",
    },
  ],
};

/** Reads what parsl.log tells of an executor's tasks. */
export interface ExecutorTaskReader {
  /** Looks at every line for the executor that a task was launched on. */
  launched(record: LogRecord): void;
  read(record: LogRecord): boolean;
  /** Whether a task waits for its executor. */
  needsReread(): boolean;
  finish(): void;
}

/**
 * These lines name the executor's task and not the executor. Its label comes
 * with the line that says that a try was launched, right after: until then the
 * lines of a task wait. Two executors that count alike are told apart by that
 * order.
 */
export function readExecutorTasks(
  writer: SpanWriter,
  rundir: string,
  { type, loggers, named, first, events, attributes }: ExecutorTaskLines,
): ExecutorTaskReader {
  const kind = writer.kind(type, { rundir }, ["executor", "executor_task"]);
  const labels = new Map<string, string>();
  const texts = new SharedTexts();
  const waiting = new Map<string, LogRecord[]>();

  const tell = (executor: string, task: string, record: LogRecord) => {
    const { message } = record;
    const id = kind.id(executor, task);
    if (attributes) writer.add(id, attributes(message));
    const event = events.find(({ pattern }) => pattern.test(record.message))
      ?.event;
    if (event) writer.event(id, event, record);
    else writer.message(id, message, record);
  };
  const release = (executor: string, task: string) => {
    for (const record of waiting.get(task) ?? []) tell(executor, task, record);
    waiting.delete(task);
  };

  return {
    launched(record) {
      if (waiting.size === 0) return;
      const [, , , executor, task] = launched.exec(record.message) ?? [];
      if (task === undefined || !waiting.has(task)) return;
      labels.set(task, texts.of(executor!));
      release(executor!, task);
    },
    read(record) {
      const task = named.exec(record.message)?.[1];
      if (task === undefined) return false;
      if (loggers && !loggers.test(record.logger ?? "")) return false;
      if (first.test(record.message) && !waiting.has(task)) {
        labels.delete(task);
      }
      const executor = labels.get(task);
      if (executor !== undefined) tell(executor, task, record);
      else waiting.set(task, [...waiting.get(task) ?? [], record]);
      return true;
    },
    needsReread: () => waiting.size > 0,
    finish() {
      for (const task of [...waiting.keys()]) release("", task);
    },
  };
}
