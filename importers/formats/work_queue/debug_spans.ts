import type { LogPlace } from "../format.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import type { Template } from "../../lines/template.ts";

/** Writes messages of a debug log as events of what they are about. */
export interface DebugSpans {
  tellManager(record: LogRecord, template: Template): void;
  tellTask(task: string, record: LogRecord, template: Template): void;
  tellExecutorTask(task: string, record: LogRecord, template: Template): void;
  /** What is said of a worker waits until the worker says who it is. */
  tellWorker(address: string, record: LogRecord, template: Template): void;
  /** The worker at an address says who it is. */
  nameWorker(address: string, worker: string, record: LogRecord): void;
  /** The address may be another worker's later. */
  forgetWorker(address: string): void;
  /** Says more of a task. */
  addToTask(task: string, attributes: Record<string, unknown>): void;
  /** Says more of an executor's task. */
  addToExecutorTask(task: string, attributes: Record<string, unknown>): void;
  finish(): void;
}

// So many messages wait for workers to say who they are; more are the manager's.
const mostWaiting = 10_000;

export function debugSpans(
  writer: SpanWriter,
  { rundir, executor = "" }: LogPlace,
): DebugSpans {
  const kind = (type: string, name: string) =>
    writer.kind(type, { rundir, executor }, [name]);
  const managers = kind("workqueue.manager", "manager_pid");
  const workers = kind("workqueue.worker", "worker");
  const tasks = kind("workqueue.task", "workqueue_task");
  const executorTasks = kind(
    "parsl.executors.workqueue.executor_task",
    "executor_task",
  );
  const workerAt = new Map<string, string>();
  let waiting: { address: string; record: LogRecord; template: Template }[] =
    [];

  const spans: DebugSpans = {
    tellManager: (record, template) =>
      writer.template(managers.id(record.thread), template, record),
    tellTask: (task, record, template) =>
      writer.template(tasks.id(task), template, record),
    tellExecutorTask: (task, record, template) =>
      writer.template(executorTasks.id(task), template, record),
    tellWorker(address, record, template) {
      const worker = workerAt.get(address);
      if (worker !== undefined) {
        writer.template(workers.id(worker), template, record);
      } else if (waiting.length < mostWaiting) {
        waiting.push({ address, record, template });
      } else spans.tellManager(record, template);
    },
    nameWorker(address, worker, record) {
      workerAt.set(address, worker);
      const said = { address, manager_pid: record.thread };
      writer.add(workers.id(worker), said);
      const before = waiting;
      waiting = [];
      for (const { address, record, template } of before) {
        spans.tellWorker(address, record, template);
      }
    },
    forgetWorker: (address) => workerAt.delete(address),
    addToTask: (task, attributes) => writer.add(tasks.id(task), attributes),
    addToExecutorTask: (task, attributes) =>
      writer.add(executorTasks.id(task), attributes),
    finish() {
      for (const { record, template } of waiting) {
        spans.tellManager(record, template);
      }
    },
  };
  return spans;
}
