import type { LogRecord } from "../../lines/prefix.ts";
import { SharedTexts } from "../../lines/shared_texts.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import { launched } from "./tasks.ts";

/** An executor's lines about its tasks in parsl.log. */
interface ExecutorTaskLines {
  /** Type of the spans. */
  type: string;
  /** Loggers of these lines, if others log the same messages. */
  loggers?: RegExp;
  /** Captures the executor's number of the task. */
  number: RegExp;
  /** Matches the first line about a task. */
  first: RegExp;
  /** Lines that are named events. */
  events: Readonly<Record<string, RegExp>>;
  /** By attribute of the task, the pattern that captures it. */
  says?: Readonly<Record<string, RegExp>>;
}

/** Work Queue and TaskVine executors use nearly the same words. */
export const executorTaskLines: readonly ExecutorTaskLines[] = [
  {
    type: "parsl.executors.taskvine.executor_task",
    loggers: /^parsl\.executors\.taskvine\b/,
    number:
      /(?:\b[Ee]xecutor task(?: id:| info:)?|^Placing task|^Updating Future for Parsl Task:|^Task with executor id) (\d+)\b/,
    first: /^Creating executor task/,
    events: {
      executor_submitted: /^Placing task/,
      executor_completed: /^Updating Future for Parsl Task:/,
    },
    says: { taskvine_task: /\b(?:TaskVine task with id|vine id) (\d+)/ },
  },
  {
    type: "parsl.executors.workqueue.executor_task",
    loggers: /^(?!parsl\.executors\.taskvine\b)/,
    // Some versions omit a word.
    number:
      /\b(?:[Ee]xecutor task(?: id)?:?|filenames at worker for task) (\d+)\b/,
    first: /^Creating executor task/,
    events: {
      executor_submitted: /^Placing executor task/,
      executor_completed: /^Updating Future for executor task/,
    },
    says: { workqueue_task: /\bWork Queue task (\d+)/ },
  },
  // High throughput executors, before the interchange gets the task.
  {
    type: "parsl.executor.htex.submit.task",
    number: /^(?:Allocated task id|Put HTEX task) (\d+)\b/,
    first: /^Allocated task id/,
    events: {
      allocated: /^Allocated task id/,
      sent: /^Put HTEX task \d+ on outgoing_q/,
    },
  },
];

/**
 * Reads an executor's lines about its tasks, which do not name the executor. The
 * line that says a try was launched follows with its label, and the lines of a
 * task wait for that. Two executors with equal numbers are told apart by this
 * order.
 */
export function readExecutorTasks(
  writer: SpanWriter,
  rundir: string,
  { type, loggers, number, first, events, says = {} }: ExecutorTaskLines,
) {
  const kind = writer.kind(type, { rundir }, ["executor", "executor_task"]);
  const labels = new Map<string, string>();
  const texts = new SharedTexts();
  const waiting = new Map<string, LogRecord[]>();

  const entries = Object.entries(events);
  const write = (executor: string, task: string, record: LogRecord) => {
    const { message } = record;
    const id = kind.id(executor, task);
    for (const name in says) {
      writer.add(id, { [name]: says[name]!.exec(message)?.[1] });
    }
    const [named] = entries.find(([, pattern]) => pattern.test(message)) ??
      [];
    if (named) writer.event(id, named, record);
    else writer.message(id, message, record);
  };
  const release = (executor: string, task: string) => {
    for (const record of waiting.get(task) ?? []) write(executor, task, record);
    waiting.delete(task);
  };
  return {
    /** Looks at every line for the executor of a launched task. */
    launched(record: LogRecord) {
      if (waiting.size === 0) return;
      const [, , , executor, task] = launched.exec(record.message) ?? [];
      if (task === undefined || !waiting.has(task)) return;
      labels.set(task, texts.of(executor!));
      release(executor!, task);
    },
    read(record: LogRecord): boolean {
      const task = number.exec(record.message)?.[1];
      if (task === undefined) return false;
      if (loggers && !loggers.test(record.logger ?? "")) return false;
      if (first.test(record.message) && !waiting.has(task)) {
        labels.delete(task);
      }
      const executor = labels.get(task);
      if (executor !== undefined) write(executor, task, record);
      else waiting.set(task, [...waiting.get(task) ?? [], record]);
      return true;
    },
    needsReread: () => waiting.size > 0,
    finish() {
      for (const task of [...waiting.keys()]) release("", task);
    },
  };
}
