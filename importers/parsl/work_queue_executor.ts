import type { LogRecord } from "../logs/prefix.ts";
import type { SpanWriter } from "../logs/span_writer.ts";
import { launched } from "./tasks.ts";

/** Reads what parsl.log tells of the tasks of Work Queue executors. */
export interface WorkQueueExecutorReader {
  /** Looks at every line for the executor that a task was launched on. */
  launched(record: LogRecord): void;
  read(record: LogRecord): boolean;
  finish(): void;
}

/**
 * The lines of a Work Queue executor name its task and not its label. The label
 * comes with the line that says that a try was launched, right after: until
 * then the lines of a task wait. Two executors that count alike are told apart
 * by that order.
 */
export function readWorkQueueExecutor(
  writer: SpanWriter,
  rundir: string,
): WorkQueueExecutorReader {
  const kind = writer.kind(
    "parsl.executors.workqueue.executor_task",
    { rundir },
    ["executor", "executor_task"],
  );
  const labels = new Map<string, string>();
  const waiting = new Map<string, LogRecord[]>();

  const tell = (executor: string, task: string, record: LogRecord) => {
    const { message } = record;
    const id = kind.id(executor, task);
    const [, workQueueTask] = /\bWork Queue task (\d+)/.exec(message) ?? [];
    if (workQueueTask) writer.add(id, { workqueue_task: workQueueTask });
    if (message.startsWith("Placing executor task")) {
      writer.event(id, "executor_submitted", record);
    } else if (message.startsWith("Updating Future for executor task")) {
      writer.event(id, "executor_completed", record);
    } else writer.message(id, message, record);
  };
  const release = (executor: string, task: string) => {
    for (const record of waiting.get(task) ?? []) tell(executor, task, record);
    waiting.delete(task);
  };

  return {
    launched({ message }) {
      if (!message.startsWith("Parsl task ")) return;
      const [, , , executor, task] = launched.exec(message) ?? [];
      if (task === undefined || !waiting.has(task)) return;
      labels.set(task, executor!);
      release(executor!, task);
    },
    read(record) {
      const [, task] = named.exec(record.message) ?? [];
      if (task === undefined) return false;
      // "Creating" is the first that is said of a task.
      if (record.message.startsWith("Creating executor task")) {
        if (!waiting.has(task)) labels.delete(task);
      }
      const executor = labels.get(task);
      if (executor !== undefined) tell(executor, task, record);
      else waiting.set(task, [...waiting.get(task) ?? [], record]);
      return true;
    },
    finish() {
      for (const task of [...waiting.keys()]) release("", task);
    },
  };
}

// Some versions leave a word out of a line that is no less of the executor.
const named =
  /\b(?:[Ee]xecutor task(?: id)?:?|filenames at worker for task) (\d+)\b/;
